// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "tests/support/bundle_opening.h"

// What a person told, as the engine gave it and as an analyst reads it: the same lines, or
// something was lost, changed or added on the way.
namespace resguardo::testing_support {

struct ToldReport {
  enum class Fate : std::uint8_t { kOpen, kLeft, kErased, kClosed };

  std::vector<std::string> testimony;  // one line for each entry, every field of it
  std::vector<std::string> identity;
  Fate fate = Fate::kOpen;
  std::uint32_t segments = 0;  // by the rules of protocol.md §3.6
  std::uint32_t interrupted = 0;

  std::size_t entries() const { return testimony.size() + identity.size(); }
  // A turn that was sealed; `gap`: 30 minutes or more since the one before.
  void add(const std::vector<dialogue::Given>& given, bool gap);
  void restarted() { writing_ = false; }

 private:
  bool writing_ = false;
};

// The lines of one opened stream; padding, pauses and Final are not told by anybody.
std::vector<std::string> lines_of(const std::vector<pb::Record>& stream);
// Empty, or what is wrong with the changes of earlier messages: each must name the record before it
// that was the last to hold an answer; kAnything: or a message that was no answer.
enum class Changed : std::uint8_t { kAnswers, kAnything };
std::string wrong_targets(const OpenedReport& report, Changed changed);

}  // namespace resguardo::testing_support
