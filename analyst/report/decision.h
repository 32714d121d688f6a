// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"

namespace resguardo::analyst {

// What a decision is about; numbers are kept in vaults, and never change.
enum class DecisionKind : std::uint8_t {
  kViolation = 1,  // of an incident: `code`, and whether it is so
  kPolicy = 2,
  kActor = 3,
  kLevel = 4,  // of an incident: `code` is the level
  kTag = 5,    // of the report
  kNote = 6,   // of the report, in `reason`
  kLink = 7,   // of an incident: `code` (precedes …) another one
};

enum class DecisionHow : std::uint8_t {
  kConfirm = 1,  // it is so; a tag is there, a link holds
  kReject = 2,   // it is not so
  kUndo = 3,     // nobody said anything; a tag or link is taken off
};

// What an analyst decided of a report, beside what its reporter told. The newest one about the same
// thing holds; notes add up.
struct Decision {
  DecisionKind kind = DecisionKind::kNote;
  DecisionHow how = DecisionHow::kConfirm;
  std::uint32_t incident = 0;       // its number in the report; 0: of the report
  std::string code{};               // of the program's codes, or a tag
  std::string reason{};             // the analyst's words
  std::optional<ReportId> other{};  // of a link
  std::uint32_t other_incident = 0;
  MemberId member{};  // who decided
  TimePoint time{};
};

}  // namespace resguardo::analyst
