// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analyst/commands/reports.h"
#include "analyst/import/roster_shelf.h"
#include "analyst/incident/incident.h"
#include "analyst/report/decision.h"

namespace resguardo::analyst {

// What analysts decide of a report: coding, levels, tags, notes, links. Each is an entry of the
// journal; nothing that was told is changed.
struct DecideOptions {
  VaultOptions vault;
  DecisionKind kind = DecisionKind::kNote;
  std::string what;                // "1a2b3c4d-2" of an incident, "1a2b3c4d" of a report
  std::vector<std::string> codes;  // violation, policy, actor, level, type of link; tags
  std::string coded;               // of `code`: violation, policy or actor
  std::string type;                // of a link
  std::string other;               // of a link: the other incident
  bool confirm = false;            // of `code`: one of the three
  bool reject = false;
  bool undo = false;  // also --remove
  std::string reason;
  std::filesystem::path text_file;  // of a note; "-": what is typed or piped in
};
program::Outcome<Done> decide(const DecideOptions& options, Call& call);

// What holds of a report, told as the analysts' own: empty if nothing was decided.
std::string decisions_text(const ReportView& view, const CodedReport& coded,
                           const RosterShelf& shelf);

}  // namespace resguardo::analyst
