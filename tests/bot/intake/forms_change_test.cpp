// SPDX-License-Identifier: AGPL-3.0-or-later
// The operator puts another form in force while reports are open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/intake/intake.h"
#include "tests/bot/intake/people.h"
#include "tests/support/consent.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using testing_support::give_consent;
using testing_support::OpenedReport;
using testing_support::World;

std::shared_ptr<const dialogue::Form> compiled(std::string source) {
  std::vector<dialogue::FormProblem> problems;
  auto form = dialogue::Form::compile(as_bytes(source), problems);
  EXPECT_TRUE(form.ok());
  return form.ok() ? *form : nullptr;
}
std::shared_ptr<const dialogue::Form> as_it_was(const World& world) {
  return compiled(to_string(world.form().source()));
}
std::shared_ptr<const dialogue::Form> later_version(const World& world) {
  std::string source = to_string(world.form().source());
  const std::string version = "version: \"" + world.form().version() + '"';
  source.replace(source.find(version), version.size(), "version: \"9.9.9\"");
  return compiled(source);
}

// Taps what is first, or skips, until there are so many reports.
void finish(World& world, const std::string& who, std::size_t reports) {
  EXPECT_EQ(world.say(Channel::kWhatsApp, who, "hola"), 200U);
  for (int i = 0; i < 80 && world.store().reports().value().size() < reports; ++i) {
    const auto shown = world.replies(who);
    ASSERT_FALSE(shown.empty());
    const auto& choices = shown.back().choices;
    if (choices.empty()) {
      EXPECT_EQ(world.say(Channel::kWhatsApp, who, "saltar"), 200U);
    } else {
      const bool several = choices.back().id.ends_with("_done");
      EXPECT_EQ(world.tap(who, several ? choices.back().id : choices.front().id), 200U);
    }
  }
}
std::vector<std::string> versions(World& world) {
  std::vector<std::string> all;
  for (const OpenedReport& report : world.open(0)) {
    EXPECT_TRUE(report.whole);
    for (const auto& entry : report.testimony.back().entries()) {
      if (entry.has_final()) all.push_back(entry.final().form_version());
    }
  }
  return all;
}

TEST(FormsChangeTest, AReportEndsOnTheFormItBeganOn) {
  World world;
  give_consent(world, kAna);
  world.replace_forms({later_version(world), {as_it_was(world)}});
  finish(world, kAna, 1);
  give_consent(world, kBea);
  finish(world, kBea, 2);
  EXPECT_THAT(versions(world),
              ::testing::UnorderedElementsAre(world.form().version(), std::string("9.9.9")));
  EXPECT_EQ(world.counters().no_form, 0U);
}

TEST(FormsChangeTest, AReportWaitsForItsFormAndLosesNothing) {
  World world;
  give_consent(world, kAna);
  world.replies(kAna);
  world.replace_forms({later_version(world)});
  EXPECT_EQ(world.say(Channel::kWhatsApp, kAna, "algo más que decir"), 200U);
  EXPECT_EQ(world.replies(kAna).size(), 1U);
  EXPECT_EQ(world.say(Channel::kWhatsApp, kAna, "y esto"), 200U);
  EXPECT_TRUE(world.replies(kAna).empty()) << "said once";
  EXPECT_EQ(world.counters().no_form, 2U);
  world.replace_forms({later_version(world), {as_it_was(world)}});
  finish(world, kAna, 1);
  EXPECT_EQ(versions(world), std::vector<std::string>{world.form().version()});
  std::vector<std::string> words;
  const auto reports = world.open(0);
  for (const auto& record : reports.at(0).identity) {
    for (const auto& entry : record.entries()) words.push_back(entry.answer().text());
  }
  EXPECT_THAT(words, ::testing::Contains("algo más que decir"));
  EXPECT_THAT(words, ::testing::Contains("y esto"));
}

}  // namespace
}  // namespace resguardo::intake
