// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "form/transcript/shelf.h"
#include "program/problem.h"

// Conversations as tests: tests/scenario/README.md says what each verb means.
namespace resguardo::form {

struct TranscriptLine {
  std::size_t number = 0;
  std::string verb;
  std::string rest;                 // escapes resolved
  std::filesystem::path file = {};  // where it stands: a part is another file
};
struct Transcript {
  std::string name;
  std::vector<TranscriptLine> lines;
};
// A line that is not understood is told with its file and number.
program::Outcome<Transcript> read_transcript(const std::filesystem::path& file);

// What the person does in a line; nothing: the line is no act of the person. `last` is the prompt
// that a tap answers.
std::optional<dialogue::Said> said_in(const TranscriptLine& line,
                                      const std::optional<dialogue::Prompt>& last);
// What is wrong with a tap on `code`: no button of `last` has it. Nothing: one has.
std::optional<std::string> no_such_button(const std::string& code,
                                          const std::optional<dialogue::Prompt>& last);
// The operator that all transcripts talk to, and what a "set" line changes.
dialogue::Settings settings_of_transcripts();
void apply_setting(const std::string& rest, dialogue::Settings& settings);
dialogue::ChannelKind channel_named(const std::string& name);
std::string effect_name(dialogue::Effect effect);

// A line that says what must be true, and what is: both as lines of a transcript.
struct Mismatch {
  std::filesystem::path file;
  std::size_t line = 0;
  std::string expected;
  std::string actual;
};

// Plays a transcript against the engine alone.
class TranscriptPlayer {
 public:
  explicit TranscriptPlayer(std::shared_ptr<const dialogue::Form> form);
  // Every expectation that fails is one text.
  std::vector<std::string> play(const Transcript& transcript);
  const std::vector<Mismatch>& mismatches() const { return mismatches_; }
  // What was said by both, for comparing two plays.
  const std::string& log() const { return log_; }
  dialogue::ChannelKind channel() const { return channel_; }
  // Told of each line that is no expectation, once it has happened: the line, the prompt before it
  // and the step it made (of a line that is no act of the person: the step before it).
  using Watcher = std::function<void(const TranscriptLine&, const std::optional<dialogue::Prompt>&,
                                     const dialogue::Step&)>;
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }

 private:
  void happen(const TranscriptLine& line);
  bool is_world(const TranscriptLine& line);
  void act(const dialogue::Said& said);
  void expect(const TranscriptLine& line);
  void expect_prompt(const TranscriptLine& line);
  void must_be_offered(const TranscriptLine& line);
  void must_be(const TranscriptLine& line, bool holds, std::string actual);

  std::shared_ptr<const dialogue::Form> form_;
  dialogue::Settings settings_;
  dialogue::ChannelKind channel_ = dialogue::ChannelKind::kSignal;
  TimePoint now_{std::chrono::milliseconds(1'795'000'000'000)};
  bool awake_ = true;
  std::size_t sealed_ = 0;
  Shelf shelf_;
  dialogue::Step last_;
  std::vector<Mismatch> mismatches_;
  std::string log_;
  Watcher watcher_;
};

}  // namespace resguardo::form
