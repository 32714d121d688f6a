// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/reply.h"
#include "analyst/commands/withdrawals.h"

namespace resguardo::analyst {

void add_return(CLI::App& app, CommandLine& line) {
  auto [reply_command, reply_told] =
      leaf_with(app, "reply", "Answer a reporter, for `resguardo-bot deliver`", line, reply);
  reply_command.add_option("ID", reply_told.id, "Of the report, or how it begins")->required();
  reply_command
      .add_option("--text-file", reply_told.text,
                  "What to say: UTF-8, at most 1,600 bytes, without names")
      ->type_name("FILE")
      ->required();
  reply_command.add_option("--out", reply_told.out, "File for the signed reply")
      ->type_name("FILE")
      ->required();
  reply_command
      .add_option("--language", reply_told.language, "Of the text (default: the report's)")
      ->type_name("CODE");
  reply_command.add_option("--vault", reply_told.vault, "Folder of the vault")
      ->type_name("DIR")
      ->required();
  add_secrets(reply_command, reply_told.secrets).required();
  reply_command
      .add_option("--origin", reply_told.origin,
                  "The server's log, if the vault holds reports of several servers")
      ->type_name("NAME");
  auto [taken, taken_told] =
      leaf_with(app, "withdrawals", "What reporters took back; erases from the vault what is due",
                line, withdrawals);
  taken.add_option("--hold", taken_told.hold, "Keep this report longer, locked")->type_name("ID");
  taken.add_option("--until", taken_told.until, "With --hold: the day on which it goes")
      ->type_name("DAY");
  taken.add_option("--settle", taken_told.settle, "Decide what nobody verified: of this report")
      ->type_name("ID");
  taken
      .add_option("--as", taken_told.how,
                  "With --settle: keep (nothing goes) or erase (as if it had been signed)")
      ->type_name("WHAT");
  taken.add_option("--reason", taken_told.reason, "With --hold and --settle: why, for the journal")
      ->type_name("TEXT");
  taken.add_option("--vault", taken_told.vault, "Folder of the vault")
      ->type_name("DIR")
      ->required();
  add_secrets(taken, taken_told.secrets)
      .description("With --hold and --settle: folder of your keys, which sign the journal");
}

}  // namespace resguardo::analyst
