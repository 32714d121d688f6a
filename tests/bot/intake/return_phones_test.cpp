// SPDX-License-Identifier: AGPL-3.0-or-later
// One receipt on several phones: whoever comes last goes on, and nothing that was told is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_fixture.h"
#include "tests/support/forwarding_store.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::ForwardingStore;
using testing_support::WorldOptions;

constexpr const char* kMenu = "¿Qué quiere hacer con su reporte?";
constexpr const char* kStranger = "Elija su idioma";

// Lets something happen just before the store is given what somebody begins to add.
class Between final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  void submit(storage::Turn turn, Completion done) override {
    const bool begins = turn.report && turn.report->only_more && turn.conversation &&
                        turn.conversation->expected == 0;
    if (begins && meanwhile) std::exchange(meanwhile, nullptr)();
    ForwardingStore::submit(std::move(turn), std::move(done));
  }
  std::function<void()> meanwhile;
};

struct StoreBetween {
  std::optional<Between> between;
  WorldOptions options() {
    WorldOptions options;
    options.wrap = [this](storage::Store& inner) -> storage::Store& {
      return between.emplace(inner);
    };
    return options;
  }
};

class ReturnPhonesTest : protected StoreBetween, public Returning {
 protected:
  ReturnPhonesTest() : Returning(StoreBetween::options()) {}
  void both_at_the_question() {
    come_back();
    come_back_by_whatsapp();
    EXPECT_THAT(by_signal("2"), HasSubstr("LISTO"));
    EXPECT_THAT(by_whatsapp("2"), HasSubstr("LISTO"));
  }
};

TEST_F(ReturnPhonesTest, TheSecondEndsWhatTheFirstWasAdding) {
  both_at_the_question();
  by_signal("una");
  EXPECT_THAT(by_whatsapp("dos"), HasSubstr("LISTO"));
  EXPECT_THAT(by_signal("esto ya no cuenta"), HasSubstr(kStranger));
  EXPECT_THAT(by_whatsapp("LISTO"), HasSubstr("Se agregó"));
  EXPECT_THAT(words(), ElementsAre("una", "dos"));
  EXPECT_TRUE(opened().whole);
  EXPECT_THAT(world_.store().open_reports().value(), IsEmpty());
  world_.advance(minutes(31));
  come_back();
  by_signal("2");
  by_signal("tres");
  EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
  EXPECT_THAT(words(), ElementsAre("una", "dos", "tres"));
}

TEST_F(ReturnPhonesTest, AlsoAfterARestartInBetween) {
  both_at_the_question();
  by_signal("una");
  by_whatsapp("dos");
  world_.restart();
  EXPECT_THAT(by_signal("esto ya no cuenta"), HasSubstr(kStranger));
  by_whatsapp("tres");
  EXPECT_THAT(by_whatsapp("LISTO"), HasSubstr("Se agregó"));
  EXPECT_THAT(words(), ElementsAre("una", "dos", "tres"));
}

// The other one's first words are stored after this one had looked where to begin.
TEST_F(ReturnPhonesTest, AtTheSameMomentTheSecondLooksAgain) {
  both_at_the_question();
  between->meanwhile = [this] { EXPECT_THAT(by_whatsapp("dos"), HasSubstr("LISTO")); };
  EXPECT_THAT(by_signal("una"), HasSubstr("LISTO"));
  EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
  EXPECT_THAT(words(), ElementsAre("dos", "una"));
  EXPECT_EQ(opened().segments, 3U);
  EXPECT_TRUE(opened().whole);
  EXPECT_THAT(by_whatsapp("y tres"), HasSubstr(kStranger));
}

// Two of the three were quicker: this one is asked to try later, and nothing of it is half there.
TEST_F(ReturnPhonesTest, ErasedAtTheSameMomentNothingBeginsAnew) {
  both_at_the_question();
  by_whatsapp("atrás");
  by_whatsapp("3");
  between->meanwhile = [this] { EXPECT_THAT(by_whatsapp("1"), HasSubstr("ya no está aquí")); };
  EXPECT_THAT(by_signal("una"), HasSubstr("Ahora no se puede"));
  EXPECT_THAT(world_.open(0), IsEmpty());
  EXPECT_THAT(world_.store().open_reports().value(), IsEmpty());
  EXPECT_FALSE(world_.remembers(std::string("sg:") + kOtherPhone));
}

TEST_F(ReturnPhonesTest, OneWithdrawsWhileTheOtherAdds) {
  both_at_the_question();
  by_signal("una");
  by_whatsapp("atrás");
  EXPECT_THAT(by_whatsapp("3"), HasSubstr("¿Borrar TODO"));
  EXPECT_THAT(by_whatsapp("1"), HasSubstr("ya no está aquí"));
  EXPECT_THAT(by_signal("y dos"), HasSubstr(kStranger));
  EXPECT_THAT(world_.open(0), IsEmpty());
  EXPECT_THAT(world_.store().open_reports().value(), IsEmpty());
  EXPECT_THAT(world_.store().reports().value(), IsEmpty());
}

TEST_F(ReturnPhonesTest, OneTakesAPurposeBackWhileTheOtherAdds) {
  both_at_the_question();
  by_signal("una");
  by_whatsapp("atrás");
  by_whatsapp("4");
  EXPECT_THAT(by_whatsapp("1"), HasSubstr("El cambio queda registrado"));
  EXPECT_THAT(words(), ElementsAre("una"));
}

TEST_F(ReturnPhonesTest, WhoIsInTheMenuOfWhatIsGoneChangesNothing) {
  both_at_the_question();
  by_whatsapp("atrás");
  by_whatsapp("3");
  by_whatsapp("1");
  EXPECT_THAT(by_signal("una"), HasSubstr("Ahora no se puede"));
  EXPECT_THAT(by_signal("1"), HasSubstr("No hay más respuestas"));
  by_signal("4");
  EXPECT_THAT(by_signal("1"), HasSubstr("Ahora no se puede"));
  by_signal("3");
  EXPECT_THAT(by_signal("1"), HasSubstr("ya no está aquí")) << "which is true";
}

// One phone dies; its addition ends as silence ends it, and the other one was never held up.
TEST_F(ReturnPhonesTest, OneFallsSilentForGood) {
  come_back();
  by_signal("2");
  by_signal("una");
  world_.restart();
  world_.advance(hours(24 * 5));
  world_.upkeep();
  EXPECT_THAT(world_.store().open_reports().value(), IsEmpty());
  EXPECT_THAT(words(), ElementsAre("una"));
  EXPECT_THAT(come_back_by_whatsapp(), HasSubstr(kMenu));
}

TEST_F(ReturnPhonesTest, TheCodeAgainInTheMenuOpensNothingNew) {
  come_back();
  const auto tried = world_.counters().receipts_tried.load();
  by_signal(receipt_);
  EXPECT_EQ(world_.counters().receipts_tried, tried);
  EXPECT_THAT(by_signal("7"), HasSubstr("Hasta luego"));
}

// While adding it is told like anything else: only who leaves comes in with it again.
TEST_F(ReturnPhonesTest, TheCodeAgainWhileAddingIsTold) {
  come_back();
  by_signal("2");
  by_signal("una");
  EXPECT_THAT(by_signal(receipt_), HasSubstr("LISTO"));
  by_signal("LISTO");
  EXPECT_THAT(words(), SizeIs(2));
  EXPECT_THAT(come_back(), HasSubstr(kMenu));
}

// What is paused is itself an addition to the report that the code opens.
TEST_F(ReturnPhonesTest, AWithdrawalTakesOnesOwnPausedAdditionToo) {
  come_back();
  by_signal("2");
  by_signal("una");
  by_signal("PAUSA");
  EXPECT_THAT(come_back(), HasSubstr(kMenu));
  by_signal("3");
  EXPECT_THAT(by_signal("1"), HasSubstr("ya no está aquí"));
  EXPECT_THAT(by_signal("hola"), HasSubstr(kStranger));
  EXPECT_THAT(world_.open(0), IsEmpty());
}

// Whoever left a report of their own on this phone has both: the place is kept until they add.
TEST_F(ReturnPhonesTest, AnAdditionIsNotEndedWithAnotherReportOfThisPhone) {
  for (const char* text : {"hola", "es", "1", "1", "1", "1", "1", "all", "lo mío", "SALIR"})
    EXPECT_EQ(world_.say(Channel::kSignal, kOtherPhone, text), 200U);
  world_.replies(kOtherPhone);
  world_.advance(hours(60));
  come_back();
  by_signal("2");
  by_signal("una");
  world_.advance(hours(40));  // the report that was left ends now
  world_.upkeep();
  by_signal("hola");  // they are asked whether they are safe
  by_signal("1");
  by_signal("1");
  by_signal("dos");
  EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
}

}  // namespace
}  // namespace resguardo::intake
