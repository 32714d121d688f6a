// SPDX-License-Identifier: AGPL-3.0-or-later
// A store that fails once, at every call that somebody who came back makes, in both ways: what was
// acknowledged while adding is there, nothing is sealed twice, and nothing is said to be done that
// is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_people.h"
#include "tests/support/faulty_store.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing_support::FaultyStore;
using testing_support::World;
using testing_support::WorldOptions;

class ReturnFaultsTest : public ::testing::TestWithParam<FaultyStore::Fate> {
 protected:
  static std::string somebody(std::size_t number) { return std::to_string(15550300000 + number); }
  WorldOptions options() {
    WorldOptions options;
    options.analysts = 1;
    options.wrap = [this](storage::Store& inner) -> storage::Store& {
      return faulty_.emplace(inner);
    };
    options.open_reply = [](const SecretBytes&, ByteView sealed) -> Result<SecretText> {
      return SecretText(as_text(sealed));
    };
    return options;
  }
  // As Meta does: again until it is taken. What is shown then.
  std::string say_until_taken(const std::string& who, const std::string& text) {
    const auto body = world_.whatsapp_text_body(who, "wamid.r" + std::to_string(++messages_), text);
    for (int tries = 0; tries < 4; ++tries) {
      const unsigned status = world_.post_whatsapp(body);
      if (status == 200) {
        world_.advance(std::chrono::seconds(2));
        return last_text(world_, who);
      }
      EXPECT_EQ(status, 503U);
      ++refused_;
    }
    ADD_FAILURE() << "never taken: " << text;
    return {};
  }
  // Up to the menu, however often the code has to be typed.
  std::string come_back(const std::string& who) {
    std::string shown = say_until_taken(who, receipt_);
    for (int i = 0; i < 12 && !says(shown, "Respuestas para usted"); ++i) {
      const bool asks =
          says(shown, "Elija su idioma") || says(shown, "ahora") || says(shown, "teléfono");
      const bool lost = says(shown, "minutos") || shown.empty() || i == 6;
      shown = say_until_taken(who, asks && !lost ? "1" : receipt_);
    }
    EXPECT_THAT(shown, HasSubstr("Respuestas para usted"));
    return shown;
  }
  // Until it is shown that it was taken; what was not is told again, as people do.
  void add(const std::string& who, const std::string& text) {
    for (int i = 0; i < 4; ++i) {
      const std::string shown = say_until_taken(who, text);
      if (!says(shown, "Ahora no se puede")) return told_.push_back(text);
      EXPECT_THAT(say_until_taken(who, "2"), HasSubstr("LISTO"));
    }
    ADD_FAILURE() << "never told";
  }
  std::string sealed() {
    const auto all = world_.open(0);
    EXPECT_EQ(all.size(), 1U);
    std::string words;
    for (const auto& report : all) {
      EXPECT_TRUE(report.whole);
      for (const auto& record : report.testimony) words += record.SerializeAsString();
    }
    return words;
  }
  void begin() {
    receipt_ = tell_report(world_, kAna);
    say(world_, kAna, "SALIR");
  }

  std::optional<FaultyStore> faulty_;
  World world_{options()};
  std::string receipt_;
  std::vector<std::string> told_;
  std::size_t messages_ = 0;
  std::size_t refused_ = 0;
};

TEST_P(ReturnFaultsTest, AtEveryCallWhatWasAddedIsThere) {
  begin();
  bool reached = true;
  std::size_t call = 1;
  for (; reached; ++call) {
    const std::string who = somebody(call);
    faulty_->fail_at(faulty_->calls() + call, GetParam());
    const auto last = faulty_->calls() + call;
    come_back(who);
    EXPECT_THAT(say_until_taken(who, "2"), HasSubstr("LISTO"));
    add(who, "una-" + std::to_string(call) + ";");
    add(who, "dos-" + std::to_string(call) + ";");
    std::string end = say_until_taken(who, "LISTO");
    EXPECT_THAT(end, HasSubstr("Se agregó")) << "call " << call;
    reached = faulty_->calls() >= last;
    faulty_->fail_at(0, GetParam());
    EXPECT_THAT(world_.store().open_reports().value(), IsEmpty()) << "call " << call;
    if (HasFailure()) return;
  }
  const std::string all = sealed();
  for (const std::string& told : told_) {
    const auto at = all.find(told);
    EXPECT_NE(at, std::string::npos) << told;
    EXPECT_EQ(all.find(told, at + 1), std::string::npos) << "twice: " << told;
  }
  EXPECT_GT(call, 15U);
  EXPECT_GT(refused_, 8U);
}

// Somebody who left an addition open is in the way: it ends first, whatever fails.
TEST_P(ReturnFaultsTest, AtEveryCallAnAdditionOfAnotherPhoneIsKept) {
  begin();
  bool reached = true;
  for (std::size_t call = 1; reached; ++call) {
    const std::string first = somebody(2 * call);
    const std::string who = somebody(2 * call + 1);
    come_back(first);
    say_until_taken(first, "2");
    add(first, "antes-" + std::to_string(call) + ";");
    come_back(who);
    say_until_taken(who, "2");
    const auto last = faulty_->calls() + call;
    faulty_->fail_at(last, GetParam());
    add(who, "ahora-" + std::to_string(call) + ";");
    reached = faulty_->calls() >= last;
    faulty_->fail_at(0, GetParam());
    EXPECT_THAT(say_until_taken(who, "LISTO"), HasSubstr("Se agregó"));
    if (HasFailure()) return;
  }
  const std::string all = sealed();
  for (const std::string& told : told_) EXPECT_NE(all.find(told), std::string::npos) << told;
}

TEST_P(ReturnFaultsTest, DoneIsSaidWhenItIsDoneAndNotBefore) {
  begin();
  bool reached = true;
  for (std::size_t call = 1; reached; ++call) {
    const std::string who = somebody(call);
    come_back(who);
    EXPECT_THAT(say_until_taken(who, "3"), HasSubstr("¿Borrar TODO"));
    const auto last = faulty_->calls() + call;
    faulty_->fail_at(last, GetParam());
    const std::string shown = say_until_taken(who, "1");
    reached = faulty_->calls() >= last;
    faulty_->fail_at(0, GetParam());
    const bool there = !world_.store().reports().value().empty();
    if (says(shown, "ya no está aquí")) {
      EXPECT_FALSE(there) << "call " << call;
    } else {
      EXPECT_THAT(shown, HasSubstr("Ahora no se puede")) << "call " << call;
    }
    if (!there && reached) receipt_ = tell_report(world_, somebody(5000 + call));
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(BothWays, ReturnFaultsTest,
                         ::testing::Values(FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter));

}  // namespace
}  // namespace resguardo::intake
