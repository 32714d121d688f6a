// SPDX-License-Identifier: AGPL-3.0-or-later
// Who writes too fast, and what a crowd of strangers can take: silence, and never from those whom
// the store knows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/people.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::SizeIs;
using testing_support::World;
using testing_support::WorldOptions;

class Files final : public FileSink {
 public:
  std::uint64_t most_bytes(Channel) const override { return 1'000'000; }
  void taken(storage::PendingMedia) override { ++taken_; }
  void refused(Channel, const std::string& reference) override { refused_.push_back(reference); }
  int taken_ = 0;
  std::vector<std::string> refused_;
};

class FloodTest : public ::testing::Test {
 protected:
  // Strangers: ten a second, twenty at once; nobody is made to wait, for here is one thread.
  void start(std::uint32_t per_minute = 30) {
    Allowances::Limits limits{.per_minute = per_minute, .strangers = {}};
    for (auto& one : limits.strangers) one.every = milliseconds(100);
    WorldOptions options;
    options.files = &files_;
    options.settings.media = true;
    options.allowances = std::make_shared<Allowances>(limits);
    world_ = std::make_unique<World>(options);
  }
  // Whether it was answered with words.
  bool answered(const std::string& who, const std::string& text) {
    EXPECT_EQ(world_->say(Channel::kWhatsApp, who, text), 200U);
    return !world_->replies(who).empty();
  }
  void consent(const std::string& who) {
    for (const char* text : {"hola", "es", "1", "1", "1", "1", "1", "todo"})
      ASSERT_TRUE(answered(who, text)) << text;
  }
  static std::string stranger(int number) { return "1555030" + std::to_string(10'000 + number); }

  Files files_;
  std::unique_ptr<World> world_;
};

TEST_F(FloodTest, OverTheRateThereIsSilenceAndNothingStaysAndThenItGoesOn) {
  start(10);  // two hundred at once
  consent(kAna);
  const auto stored = world_->counters().stored.load();
  int heard = 0;
  for (int i = 0; i < 250; ++i) {
    ASSERT_EQ(world_->say(Channel::kWhatsApp, kAna, "y entonces " + std::to_string(i)), 200U);
    heard += world_->counters().over_rate == 0 ? 1 : 0;
  }
  EXPECT_GE(heard, 190);
  EXPECT_LE(heard, 200);
  EXPECT_EQ(world_->counters().stored - stored, static_cast<std::uint64_t>(heard));
  EXPECT_EQ(world_->counters().over_rate, static_cast<std::uint64_t>(250 - heard));
  static_cast<void>(world_->replies(kAna));
  EXPECT_FALSE(answered(kAna, "nadie"));
  world_->advance(seconds(10));
  EXPECT_TRUE(answered(kAna, "salir")) << "and no longer than that";
}

TEST_F(FloodTest, ACrowdOfStrangersTakesNothingFromWhomTheStoreKnows) {
  start();
  consent(kAna);
  const auto before = world_->counters().strangers_refused.load();
  int heard = 0;
  for (int i = 0; i < 300; ++i) {  // the table holds a hundred
    heard += answered(stranger(i), "hola") ? 1 : 0;
    if (i % 50 == 0) {
      ASSERT_TRUE(answered(kAna, "sigo")) << i;
    }
  }
  EXPECT_LE(heard, 20) << "no time has passed";
  EXPECT_GE(world_->counters().strangers_refused - before, 270U);
  world_->advance(seconds(30));
  EXPECT_TRUE(answered(stranger(299), "hola")) << "and nobody is shut out for it";
}

// Only the disk knows her: the flood finds a bot that was started anew.
TEST_F(FloodTest, WhomOnlyTheDiskKnowsIsNoStranger) {
  start();
  consent(kAna);
  world_->restart();
  for (int i = 0; i < 100; ++i) static_cast<void>(answered(stranger(i), "hola"));
  ASSERT_FALSE(answered(stranger(200), "hola"));
  EXPECT_TRUE(answered(kAna, "sigo"));
}

TEST_F(FloodTest, OfAFileThatWasNotHeardTheMessengersCopyGoes) {
  start(10);  // two hundred at once
  consent(kAna);
  const std::string photo =
      R"({"type":"image","image":{"id":"900","mime_type":"image/jpeg","sha256":""}})";
  for (int i = 0; i < 100; ++i) ASSERT_EQ(world_->send_whatsapp(kAna, photo), 200U);
  EXPECT_EQ(files_.taken_, 96) << "eight turns, and each of these is two";
  EXPECT_THAT(files_.refused_, SizeIs(4));
}

TEST_F(FloodTest, AnAddressThatChangesHandsIsHeardWhateverCameBefore) {
  start(10);
  consent(kAna);
  while (world_->counters().over_rate == 0) world_->say(Channel::kWhatsApp, kAna, "sigo");
  ASSERT_TRUE(world_->remembers(std::string("wa:") + kAna));
  EXPECT_EQ(world_->send_whatsapp(
                kAna, R"({"type":"system","system":{"type":"user_changed_number","body":"x"}})"),
            200U);
  EXPECT_FALSE(world_->remembers(std::string("wa:") + kAna));
}

}  // namespace
}  // namespace resguardo::intake
