// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "tests/scenario/phone.h"
#include "tests/scenario/told.h"
#include "tests/support/world.h"

namespace resguardo::testing_support {

// How somebody answers: the words for each question. One that takes several messages has several.
using Answers = std::map<std::string, std::vector<std::string>>;

// One person on Signal. The engine runs alone beside the bot: it knows which question is asked, and
// every reply of the bot must be its prompt.
class Reporter {
 public:
  Reporter(World& world, const dialogue::Settings& settings, std::string who);

  void say(const std::string& words);
  void act(dialogue::Said said);
  // Answers what is asked now.
  void answer(const Answers& answers);
  // Answers until that question is asked.
  void come_to(const std::string& node, const Answers& answers);
  void wait(std::chrono::minutes time);
  void restarted();  // the bot was

  const dialogue::Step& at() const { return twin_; }
  std::string node() const { return twin_.prompt ? twin_.prompt->node : std::string(); }
  bool open() const;  // there is a report that is not finished
  const std::string& who() const { return phone_.who(); }
  World& world() { return world_; }
  // What the last act was answered with, to be compared byte by byte.
  const std::vector<std::string>& heard() const { return heard_; }
  // Of the report that is open, or was the last.
  const ToldReport& told() const { return told_; }
  // Both sides, for a reader.
  const std::string& transcript() const { return log_; }
  void remark(const std::string& words) { log_ += "\n--- " + words + '\n'; }
  void show_phone();  // what of the bot's side is left on it, into the transcript

 private:
  void note_told();
  void compare(const std::vector<Shown>& shown) const;

  World& world_;
  const dialogue::Settings& settings_;
  Phone phone_;
  dialogue::Step twin_;
  bool awake_ = true;
  std::string answered_;  // the question that was answered last
  std::size_t again_ = 0;
  std::vector<std::string> heard_;
  ToldReport told_;
  std::string log_;
};

}  // namespace resguardo::testing_support
