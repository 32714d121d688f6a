// SPDX-License-Identifier: AGPL-3.0-or-later
// Two bots hear the same: one packs everybody after each message, the other nobody.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/bot/intake/people.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using testing_support::Shown;
using testing_support::World;
using testing_support::WorldOptions;

WorldOptions options(bool packs) {
  WorldOptions options;
  options.packs = packs;
  options.analysts = 1;
  options.settings.resume_words = {"limonero"};
  return options;
}

class PackingTest : public ::testing::Test {
 protected:
  struct Person {
    Channel channel;
    std::string name;
    std::vector<Shown> last;
  };
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  void both(const std::function<unsigned(World&)>& act, Person& who) {
    const unsigned one = act(packs_);
    ASSERT_EQ(one, act(twin_));
    const auto shown = packs_.replies(who.name);
    const auto same = twin_.replies(who.name);
    ASSERT_EQ(shown.size(), same.size());
    for (std::size_t i = 0; i < shown.size(); ++i) EXPECT_EQ(text_of(shown[i]), text_of(same[i]));
    if (!shown.empty()) who.last = shown;
    EXPECT_EQ(packs_.chat(who.name).size(), twin_.chat(who.name).size());
  }
  // Receipts differ, and are as long.
  static std::string text_of(const Shown& shown) {
    std::string text = shown.text;
    std::ranges::replace_if(text, [](char c) { return c >= '0' && c <= '9'; }, '0');
    return text;
  }
  void say_something(Person& who) {
    static const std::vector<std::string> kWords = {"1",     "1",     "1",         "2",
                                                    "sí",    "listo", "algo pasó", "saltar",
                                                    "atrás", "ayuda", "12/10",     "ayer"};
    if (!who.last.empty() && who.last.back().node == "consent" && pick(2) == 0)
      return both([&](World& world) { return world.tap(who.name, "consent:all"); }, who);
    static const std::vector<std::string> kRare = {"pausa", "salir", "borrar", "limonero", "hola"};
    const auto& words = pick(40) == 0 ? kRare : kWords;
    const std::string text = words[pick(words.size())];
    if (!who.last.empty() && !who.last.back().choices.empty() &&
        who.channel == Channel::kWhatsApp && pick(2) == 0) {
      const auto& choices = who.last.back().choices;
      const std::string id = choices[pick(choices.size())].id;
      return both([&](World& world) { return world.tap(who.name, id); }, who);
    }
    both([&](World& world) { return world.say(who.channel, who.name, text); }, who);
  }
  void something_else() {
    const auto chance = pick(60);
    for (World* world : {&packs_, &twin_}) {
      if (chance == 0) world->restart();
      if (chance == 1) world->advance(std::chrono::minutes(45));
      if (chance <= 3) world->advance(std::chrono::minutes(3));
      if (chance == 4) world->upkeep();
      if (chance == 5) world->messenger_takes(false);
      if (chance >= 50) world->messenger_takes(true);
    }
  }
  std::vector<std::string> testimonies(World& world) {
    std::vector<std::string> all;
    for (const auto& report : world.open(0)) {
      std::string one;
      for (const auto& record : report.testimony)
        for (const auto& entry : record.entries())
          if (!entry.has_final()) one += entry.DebugString() + "\n";
      all.push_back(std::move(one));
    }
    std::ranges::sort(all);
    return all;
  }

  std::mt19937 random_{11};
  World packs_{options(true)};
  World twin_{options(false)};
};

TEST_F(PackingTest, NobodyCanTell) {
  std::vector<Person> people = {{Channel::kWhatsApp, kAna, {}},
                                {Channel::kWhatsApp, kBea, {}},
                                {Channel::kSignal, "+15550100003", {}}};
  for (int at = 0; at < 500; ++at) {
    ASSERT_NO_FATAL_FAILURE(say_something(people[pick(people.size())])) << at;
    something_else();
  }
  for (int at = 0; at < 300 && twin_.open(0).size() < 2; ++at) {
    for (const char* text : {"1", "algo", "listo"}) {
      Person& who = people[static_cast<std::size_t>(at) % 2];
      if (!who.last.empty() && who.last.back().node == "consent") text = "1";
      ASSERT_NO_FATAL_FAILURE(
          both([&](World& world) { return world.say(who.channel, who.name, text); }, who));
    }
  }
  EXPECT_EQ(testimonies(packs_), testimonies(twin_));
  EXPECT_GT(testimonies(packs_).size(), 0U);
  EXPECT_EQ(packs_.counters().read_anew, 0U);
}

}  // namespace
}  // namespace resguardo::intake
