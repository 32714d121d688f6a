// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/seal/roster.h"

namespace resguardo::pb {
class RosterFile;
}

namespace resguardo::open {

// What a roster says beside its members.
struct RosterTerms {
  Day issued;
  Day expires;  // last day of validity
  std::vector<PublicKey<LogRole>> log_keys;
  std::string log_origin;  // with log_keys, or neither
  std::optional<PublicKey<RootRole>> next_root;
};

// Which compartments a member opens (policy ANY: each such member alone).
struct Reads {
  bool testimony = true;
  bool identity = true;
};

// What a roster says of a member, and what the member is for.
enum class Standing : std::uint8_t { kActive, kSuspended, kRevoked };
enum class MemberTask : std::uint8_t { kAnalyst, kResearcher, kWitness };

// A roster as a person checks it. Labels are plain names, and still somebody's words.
struct RosterView {
  struct Line {  // one member
    MemberId id;
    std::string label;
    std::string organisation;
    PublicKey<AnalystRole> key;
    MemberTask task = MemberTask::kAnalyst;
    Standing standing = Standing::kActive;
    Reads reads;
    // Of active analysts.
    std::uint64_t list_number = 0;
    std::optional<Week> last_week;
    bool reserve = false;
  };
  struct Group {
    std::string organisation;
    std::uint32_t m = 1;
    std::size_t members = 0;
  };
  struct Policy {
    PolicyType type = PolicyType::kAny;
    std::vector<Group> groups;
  };
  std::uint64_t number = 0;
  RosterTerms terms;
  std::vector<std::string> organisations;  // labels
  std::vector<Line> members;
  std::array<Policy, 2> policies;  // by StreamId
};

// `file` has passed check_unsigned_roster.
RosterView view_of(const pb::RosterFile& file);

}  // namespace resguardo::open
