// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/decide.h"

namespace resguardo::analyst {
namespace {

void add_reason(CLI::App& app, DecideOptions& told) {
  app.add_option("--reason", told.reason, "Why; kept beside the report, and erased with it")
      ->type_name("TEXT");
  add_vault(app, told.vault);
}

void add_coding(CLI::App& app, CommandLine& line) {
  auto [code, coded] =
      leaf_with(app, "code", "Confirm, reject or add a code of an incident", line, decide);
  code.add_option("INCIDENT", coded.what, "As `incidents` prints it: 1a2b3c4d-1")->required();
  code.add_option("KIND", coded.coded, "violation, policy or actor")->required();
  code.add_option("CODE", coded.codes, "`codes` names them")->required()->expected(1);
  code.add_flag("--confirm", coded.confirm, "It is so; one that nothing proposed is added");
  code.add_flag("--reject", coded.reject, "It is not so");
  code.add_flag("--undo", coded.undo, "As if nobody had said anything");
  add_reason(code, coded);
  auto [level, levelled] =
      leaf_with(app, "level", "Say how far an incident is verified", line, decide);
  levelled.kind = DecisionKind::kLevel;
  level.add_option("INCIDENT", levelled.what, "As `incidents` prints it: 1a2b3c4d-1")->required();
  level.add_option("LEVEL", levelled.codes, "`codes levels` names them")->required()->expected(1);
  add_reason(level, levelled);
}

}  // namespace

void add_decisions(CLI::App& app, CommandLine& line) {
  add_coding(app, line);
  auto [tag, tagged] =
      leaf_with(app, "tag", "Give a report words of your own to find it by", line, decide);
  tagged.kind = DecisionKind::kTag;
  tag.add_option("ID", tagged.what, "Of the report, or how it begins")->required();
  tag.add_option("TAG", tagged.codes, "Small letters, digits and hyphens; no names")->required();
  tag.add_flag("--remove", tagged.undo, "Take them off again");
  add_vault(tag, tagged.vault);
  auto [note, noted] = leaf_with(app, "note", "Write beside a report", line, decide);
  note.add_option("ID", noted.what, "Of the report, or how it begins")->required();
  note.add_option("--text-file", noted.text_file,
                  "What to write: UTF-8, at most 20,000 bytes; - takes what is piped in")
      ->type_name("FILE")
      ->required();
  add_vault(note, noted.vault);
  auto [link, linked] =
      leaf_with(app, "link", "Say how two incidents belong together", line, decide);
  linked.kind = DecisionKind::kLink;
  link.add_option("INCIDENT", linked.what, "As `incidents` prints it: 1a2b3c4d-1")->required();
  link.add_option("TYPE", linked.type, "precedes, causes, part-of or parallel")->required();
  link.add_option("OTHER", linked.other, "The other incident")->required();
  link.add_flag("--remove", linked.undo, "They do not");
  add_reason(link, linked);
}

}  // namespace resguardo::analyst
