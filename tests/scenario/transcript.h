// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"

namespace resguardo::testing_support {

// One line of a transcript; tests/scenario/README.md says what each verb means.
struct TranscriptLine {
  std::size_t number = 0;
  std::string verb;
  std::string rest;  // escapes resolved
};
struct Transcript {
  std::string name;
  std::vector<TranscriptLine> lines;
};
Transcript read_transcript(const std::filesystem::path& file);
std::vector<std::filesystem::path> transcripts();  // all of tests/scenario, sorted

// What the person does in a line; nothing: the line is no act of the person. `last` is the prompt
// that a tap answers.
std::optional<dialogue::Said> said_in(const TranscriptLine& line,
                                      const std::optional<dialogue::Prompt>& last);
// The operator that all transcripts talk to, and what a "set" line changes.
dialogue::Settings settings_of_transcripts();
void apply_setting(const std::string& rest, dialogue::Settings& settings);
dialogue::ChannelKind channel_named(const std::string& name);
std::string effect_name(dialogue::Effect effect);

// Plays a transcript against the engine alone. Every expectation that fails is one text.
class TranscriptPlayer {
 public:
  explicit TranscriptPlayer(std::shared_ptr<const dialogue::Form> form);
  std::vector<std::string> play(const Transcript& transcript);
  // What was said by both, for comparing two plays.
  const std::string& log() const { return log_; }

 private:
  void act(const dialogue::Said& said);
  void expect(const TranscriptLine& line);
  void expect_prompt(const TranscriptLine& line);
  void fail(const TranscriptLine& line, const std::string& what);

  std::shared_ptr<const dialogue::Form> form_;
  dialogue::Settings settings_;
  dialogue::ChannelKind channel_ = dialogue::ChannelKind::kSignal;
  TimePoint now_{std::chrono::milliseconds(1'795'000'000'000)};
  bool awake_ = true;
  std::size_t sealed_ = 0;
  dialogue::Step last_;
  std::vector<std::string> failures_;
  std::string log_;
};

}  // namespace resguardo::testing_support
