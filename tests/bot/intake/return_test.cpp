// SPDX-License-Identifier: AGPL-3.0-or-later
// Who comes back with the digits alone, from another phone and over the other messenger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_fixture.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::World;
using testing_support::WorldOptions;

using ReturnTest = Returning;

constexpr const char* kReturnMenu = "¿Qué quiere hacer con su reporte?";

TEST_F(ReturnTest, TheDigitsLeadToTheMenuAndNothingIsStored) {
  opened();                                         // and is moved to the report store
  ASSERT_TRUE(world_.store().try_to_write().ok());  // and its receipt waits for nobody
  const auto before = world_.values_on_disk();
  EXPECT_THAT(come_back(), HasSubstr("¿Qué quiere hacer con su reporte?"));
  EXPECT_EQ(world_.values_on_disk(), before);
  EXPECT_FALSE(world_.remembers(std::string("sg:") + kOtherPhone));
  EXPECT_THAT(by_signal("7"), HasSubstr("Hasta luego"));
  EXPECT_EQ(world_.values_on_disk(), before);
}

TEST_F(ReturnTest, WhatIsAddedComesWithTheSameReport) {
  const auto segments = opened().segments;
  come_back();
  EXPECT_THAT(by_signal("2"), HasSubstr("LISTO"));
  EXPECT_FALSE(world_.remembers(std::string("sg:") + kOtherPhone)) << "nothing is told yet";
  by_signal("lo que faltaba CANARY");
  EXPECT_TRUE(world_.remembers(std::string("sg:") + kOtherPhone));
  by_signal("y algo más");
  EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
  EXPECT_FALSE(world_.remembers(std::string("sg:") + kOtherPhone));
  EXPECT_THAT(words(), ::testing::ElementsAre("lo que faltaba CANARY", "y algo más"));
  EXPECT_EQ(opened().segments, segments + 1);
  EXPECT_TRUE(opened().whole);
  EXPECT_THAT(world_.hunt({"CANARY"}), IsEmpty());
}

// A yes from further up in the chat is of what was asked there.
TEST_F(ReturnTest, AStaleButtonOnWhatsAppConfirmsNothingElse) {
  const auto tap = [&](const std::string& id) {
    EXPECT_EQ(world_.send_whatsapp(kBea, R"({"type":"interactive","interactive":{"type":)"
                                         R"("button_reply","button_reply":{"id":")" +
                                             id + R"(","title":"x"}}})"),
              200U);
    return last_text(world_, kBea);
  };
  EXPECT_THAT(come_back_by_whatsapp(), HasSubstr(kReturnMenu));
  EXPECT_THAT(by_whatsapp("4"), HasSubstr("Que no lo publiquen"));
  EXPECT_THAT(by_whatsapp("no"), HasSubstr(kReturnMenu));
  EXPECT_THAT(by_whatsapp("5"), HasSubstr("Que no haya uso legal"));
  const auto entries = world_.store().log_entries().value().size();
  EXPECT_THAT(tap("wd_confirm:stop_publish/yes"), HasSubstr("Que no haya uso legal"));
  EXPECT_THAT(tap("wd_confirm:yes"), HasSubstr("Que no haya uso legal"));
  EXPECT_EQ(world_.store().log_entries().value().size(), entries);
  EXPECT_THAT(tap("wd_confirm:stop_legal/yes"), HasSubstr("El cambio queda registrado"));
  EXPECT_EQ(world_.store().log_entries().value().size(), entries + 1);
}

// Signal has no buttons: what is typed answers what is asked, and names of rows leave for nobody.
TEST_F(ReturnTest, OnSignalAYesIsOfWhatIsAskedNow) {
  EXPECT_THAT(come_back(), HasSubstr(kReturnMenu));
  by_signal("4");
  by_signal("no");
  EXPECT_THAT(by_signal("5"), HasSubstr("Que no haya uso legal"));
  EXPECT_THAT(by_signal("wd_confirm:stop_publish/yes"), HasSubstr("Que no haya uso legal"));
  EXPECT_THAT(by_signal("sí"), HasSubstr("El cambio queda registrado"));
}

TEST_F(ReturnTest, AnAdditionGoesOnAfterARestart) {
  come_back();
  by_signal("2");
  by_signal("primero");
  world_.restart();
  EXPECT_THAT(by_signal("segundo"), HasSubstr("LISTO"));
  EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
  EXPECT_THAT(words(), ::testing::ElementsAre("primero", "segundo"));
}

TEST_F(ReturnTest, TheCodeIsGoodASecondTime) {
  for (const char* text : {"una", "otra"}) {
    come_back();
    by_signal("2");
    by_signal(text);
    EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
    world_.advance(minutes(40));
  }
  EXPECT_THAT(words(), ::testing::ElementsAre("una", "otra"));
}

TEST_F(ReturnTest, WhoLeftWhileAddingAddsAgainAndNothingIsLost) {
  come_back();
  by_signal("2");
  by_signal("una");
  by_signal("SALIR");
  come_back();
  by_signal("2");
  by_signal("otra");
  EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
  EXPECT_THAT(words(), ::testing::ElementsAre("una", "otra"));
}

TEST_F(ReturnTest, DeleteTakesTheAdditionAndLeavesTheReport) {
  const auto entries = opened().entries();
  come_back();
  by_signal("2");
  by_signal("lo que no quería decir");
  EXPECT_THAT(by_signal("BORRAR"), HasSubstr("Lo que contó antes sigue guardado"));
  EXPECT_EQ(opened().entries(), entries);
  EXPECT_THAT(come_back(), HasSubstr("¿Qué quiere hacer"));
}

TEST_F(ReturnTest, EverythingIsWithdrawnAndTheCodeOpensNothingThen) {
  come_back();
  EXPECT_THAT(by_signal("3"), HasSubstr("¿Borrar TODO su reporte?"));
  EXPECT_THAT(by_signal("no, volver"), HasSubstr("¿Qué quiere hacer"));
  EXPECT_THAT(world_.open(0), SizeIs(1)) << "not without a yes";
  by_signal("3");
  EXPECT_THAT(by_signal("sí"), HasSubstr("ya no está aquí"));
  EXPECT_THAT(world_.open(0), IsEmpty());
  const auto shown = world_.say_code(Channel::kSignal, kOtherPhone, receipt_);
  ASSERT_THAT(shown, SizeIs(1));
  by_signal("1");
  by_signal("1");
  EXPECT_THAT(by_signal("1"), Not(HasSubstr("¿Qué quiere hacer con su reporte?")));
}

TEST_F(ReturnTest, AReportThatSomebodyIsAddingToIsWithdrawnToo) {
  come_back();
  by_signal("2");
  by_signal("una");
  by_signal("SALIR");
  come_back();
  by_signal("3");
  EXPECT_THAT(by_signal("sí"), HasSubstr("ya no está aquí"));
  EXPECT_THAT(world_.open(0), IsEmpty());
}

TEST_F(ReturnTest, OnePurposeIsWithdrawnAndTheReportStays) {
  come_back();
  by_signal("4");
  EXPECT_THAT(by_signal("sí"), HasSubstr("El cambio queda registrado"));
  EXPECT_THAT(world_.open(0), SizeIs(1));
}

// The card's word leads back to what somebody was adding; who types the code instead loses nothing.
TEST(ReturnAwayTest, WhoLeftWhileAddingAndHasAWordAddsAgainWithTheCode) {
  WorldOptions options;
  options.settings.resume_words = {"limonero"};
  World world(options);
  const std::string receipt = tell_report(world, kAna);
  const auto words = [&] {
    std::vector<std::string> told;
    for (const auto& report : world.open(0))
      for (const auto& record : report.testimony)
        for (const auto& entry : record.entries())
          if (entry.answer().node() == "add_story") told.push_back(entry.answer().text());
    return told;
  };
  for (const char* told : {"una", "otra"}) {
    EXPECT_THAT(world.say_code(Channel::kWhatsApp, kBea, receipt), SizeIs(1));
    for (const char* text : {"es", "si", "solo yo", "agregar algo", told}) say(world, kBea, text);
    EXPECT_THAT(last_text(world, kBea), HasSubstr("LISTO")) << told;
    say(world, kBea, "SALIR");
    world.replies(kBea);
  }
  say(world, kBea, "limonero");
  say(world, kBea, "si");
  say(world, kBea, "y esto");
  say(world, kBea, "LISTO");
  EXPECT_THAT(last_text(world, kBea), HasSubstr("Se agregó"));
  EXPECT_THAT(words(), ::testing::ElementsAre("una", "otra", "y esto"));
}

// Who had left their own report with a word looks at another one, and comes home with the word.
TEST(ReturnAwayTest, TheReportThatWasLeftIsStillTheOneThatTheWordLeadsTo) {
  WorldOptions options;
  options.settings.resume_words = {"limonero"};
  World world(options);
  const std::string receipt = tell_report(world, kAna);
  testing_support::give_consent(world, kBea);
  const auto of_bea = world.store().open_reports().value();
  ASSERT_THAT(of_bea, SizeIs(1));
  say(world, kBea, "SALIR");
  world.replies(kBea);
  EXPECT_THAT(world.say_code(Channel::kWhatsApp, kBea, receipt), SizeIs(1));
  for (const char* text : {"es", "si", "solo yo", "nada más por ahora", "limonero", "si"})
    say(world, kBea, text);
  EXPECT_THAT(world.replies(kBea), Not(IsEmpty()));
  world.restart();
  const auto rows = world.store().open_contents(of_bea[0].report).value()->rows.size();
  say(world, kBea, "CANARY que no se pierda");
  EXPECT_GT(world.store().open_contents(of_bea[0].report).value()->rows.size(), rows);
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(1));
}

TEST_F(ReturnTest, SilenceEndsTheStay) {
  come_back();
  world_.advance(minutes(31));
  world_.upkeep();
  EXPECT_THAT(by_signal("3"), HasSubstr("Elija su idioma"));
  EXPECT_THAT(world_.open(0), SizeIs(1));
}

TEST_F(ReturnTest, ExitAndPanicAndDuressLookAlike) {
  std::vector<std::string> seen;
  for (const char* word : {"SALIR", "GRACIAS POR LA RECETA"}) {
    come_back();
    seen.push_back(by_signal(word));
    EXPECT_THAT(by_signal("3"), HasSubstr("Elija su idioma")) << "a stranger";
    world_.advance(minutes(31));
    world_.upkeep();
  }
  EXPECT_EQ(seen[0], seen[1]);
}

}  // namespace
}  // namespace resguardo::intake
