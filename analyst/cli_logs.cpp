// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/logs.h"

namespace resguardo::analyst {

void add_logs(CLI::App& app, CommandLine& line) {
  CLI::App& log = group(app, "log", "What a server's log showed this vault");
  auto [show, show_told] = leaf_with(
      log, "show", "Print the last verified checkpoint, as it was signed", line, log_show);
  show.add_option("--origin", show_told.origin, "Which log, if there are several")
      ->type_name("NAME");
  show.add_option("--vault", show_told.vault.vault, "Folder of the vault")
      ->type_name("DIR")
      ->required();
  program::add_passphrase_options(show, show_told.vault.passphrase);
  show.add_option(
          "--extends", show_told.extends,
          "With the proof that it goes on from the log's first N entries: for `resguardo-bot "
          "restore`, which says N")
      ->type_name("N");
  auto [compare, compare_told] =
      leaf_with(log, "compare", "Whether a colleague was shown the same log", line, log_compare);
  compare
      .add_option("NOTE", compare_told.note,
                  "What their `log show` printed, or a witness gave back")
      ->required();
  compare.add_flag("--keep", compare_told.keep,
                   "Keep what witnesses signed on this vault's checkpoint, for `prove`");
  compare.add_option("--vault", compare_told.vault.vault, "Folder of the vault")
      ->type_name("DIR")
      ->required();
  program::add_passphrase_options(compare, compare_told.vault.passphrase);
  auto [proving, told] =
      leaf_with(app, "prove", "Write or check a proof that a report was logged", line, prove);
  proving.add_option("ID", told.id, "Of a report, or how it begins");
  proving.add_option("--vault", told.vault.vault, "Folder of the vault")->type_name("DIR");
  proving.add_option("--out", told.out, "Folder for the proof; must not exist")->type_name("DIR");
  proving
      .add_option("--record", told.records,
                  "Show the record of this row, counted from 1 through the report (repeatable)")
      ->type_name("N");
  proving.add_flag("--identity", told.identity,
                   "With --record: also what identifies people in these rows");
  proving
      .add_option("--file", told.file,
                  "Of one file that the report brought (or how its id begins, as `show` prints it) "
                  "instead of what was told; --record 1 shows the record with the SHA-256 of the "
                  "file as it was sent, and with its key")
      ->type_name("ID");
  proving.add_option("--check", told.check, "Check this proof instead; needs --root")
      ->type_name("DIR");
  proving.add_option("--root", told.root, "With --check: root public key (hex or file)")
      ->type_name("KEY");
  proving
      .add_option("--as", told.vault.as,
                  "Your name in the roster, for the vault's journal (default: who imported last)")
      ->type_name("NAME");
  program::add_passphrase_options(proving, told.vault.passphrase);
}

}  // namespace resguardo::analyst
