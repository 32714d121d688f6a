// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody meets in the return menu beside what they ask for: a receipt, a loss, and failures,
// of which none is said to be nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_people.h"
#include "tests/support/forwarding_store.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::World;
using testing_support::WorldOptions;

// One reply waits of each report; or nobody knows.
class RepliesStore final : public testing_support::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::vector<storage::StoredReply>> replies(const ReportId&) override {
    if (broken) return Error{Fault::kMalformed, "a row is damaged"};
    return std::vector<storage::StoredReply>{{{}, Bytes(32), Day{1}}};
  }
  bool broken = false;
};

class ReturnStayTest : public ::testing::Test {
 protected:
  WorldOptions options() {
    WorldOptions options;
    options.wrap = [this](storage::Store& store) -> storage::Store& {
      return *(store_ = std::make_unique<RepliesStore>(store));
    };
    options.open_reply = [this](const SecretBytes&, ByteView) -> Result<SecretText> {
      if (opening_) return Error{*opening_, "does not open"};
      return SecretText("una respuesta");
    };
    return options;
  }
  std::string say_last(const char* text) {
    say(world_, kBea, text);
    return last_text(world_, kBea);
  }
  std::string come_back() {
    EXPECT_THAT(world_.say_code(Channel::kWhatsApp, kBea, receipt_), SizeIs(1));
    for (const char* text : {"es", "si"}) say(world_, kBea, text);
    return say_last("solo yo");
  }
  std::unique_ptr<RepliesStore> store_;
  std::optional<Fault> opening_ = Fault::kUnauthentic;
  World world_{options()};
  std::string receipt_ = tell_report(world_, kAna);
};

TEST_F(ReturnStayTest, WhatCannotBeReadIsNotSaidToBeNothingAndStandsInNobodysWay) {
  store_->broken = true;
  EXPECT_THAT(come_back(), HasSubstr("¿Qué quiere hacer con su reporte?"));
  EXPECT_THAT(say_last("1"), HasSubstr("Ahora no se puede"));
  say(world_, kBea, "2");
  say(world_, kBea, "lo que faltaba");
  EXPECT_THAT(say_last("LISTO"), HasSubstr("Se agregó"));
}

TEST_F(ReturnStayTest, AReplyThatIsNobodysIsPassedOverAndWantOfMemoryIsNot) {
  come_back();
  EXPECT_THAT(say_last("1"), HasSubstr("No hay más respuestas"));
  opening_ = Fault::kUnavailable;
  const std::string answer = say_last("1");
  EXPECT_THAT(answer, HasSubstr("Ahora no se puede"));
  EXPECT_THAT(answer, Not(HasSubstr("No hay más respuestas")));
}

// The messenger refuses it while its person is looking at another report.
TEST_F(ReturnStayTest, AReceiptThatIsOwedWaitsForTheEndOfTheStay) {
  world_.messenger_waits(true);
  const std::string own = tell_report(world_, kBea);
  EXPECT_THAT(come_back(), HasSubstr("¿Qué quiere hacer con su reporte?"));
  world_.messenger_takes(false);
  world_.messenger_waits(false);
  world_.messenger_takes(true);
  opening_.reset();
  EXPECT_THAT(say_last("leer respuestas"), HasSubstr("una respuesta"));
  EXPECT_THAT(say_last("seguir"), HasSubstr("No hay más respuestas"));
  EXPECT_THAT(say_last("nada más por ahora"), HasSubstr("Hasta luego"));
  EXPECT_THAT(say_last("hola"), HasSubstr(own));
}

class ListedFiles final : public FileSink {
 public:
  std::uint64_t most_bytes(Channel) const override { return 1000; }
  void taken(storage::PendingMedia row) override { rows.push_back(std::move(row)); }
  void refused(Channel, const std::string&) override {}
  std::vector<storage::PendingMedia> rows;
};

// Typically the only one.
TEST(ReturnStayFilesTest, TheLossOfTheFileThatAnAdditionBeginsWithIsTold) {
  ListedFiles files;
  WorldOptions options;
  options.settings.media = true;
  options.files = &files;
  World world(std::move(options));
  const std::string receipt = tell_report(world, kAna);
  EXPECT_THAT(world.say_code(Channel::kSignal, kOtherPhone, receipt), SizeIs(1));
  for (const char* text : {"es", "si", "solo yo", "agregar algo"})
    EXPECT_EQ(world.say(Channel::kSignal, kOtherPhone, text), 200U);
  EXPECT_EQ(
      world.send_signal(kOtherPhone, R"({"attachments":[{"contentType":"audio/aac","id":"V1.m4a",)"
                                     R"("size":900,"voiceNote":true}]})"),
      200U);
  world.replies(kOtherPhone);
  ASSERT_THAT(files.rows, SizeIs(1));
  world.lost_files().lost(files.rows[0].report, world.now());
  EXPECT_THAT(last_text(world, kOtherPhone), HasSubstr("no se pudo guardar"));
}

}  // namespace
}  // namespace resguardo::intake
