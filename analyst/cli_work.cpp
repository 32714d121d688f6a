// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/work.h"

namespace resguardo::analyst {

void add_work(CLI::App& app, CommandLine& line) {
  CLI::App& work = group(app, "work", "Open the files that people sent for a while, and wipe them");
  auto [open, open_told] =
      leaf_with(work, "open", "Put the files of a report into the working folder", line, open_work);
  open.add_option("ID", open_told.id, "Of the report, or how it begins")->required();
  open.add_option("--dir", open_told.dir,
                  "The folder, made new (default: one in memory, below /dev/shm)")
      ->type_name("DIR");
  open.add_flag("--on-disk", open_told.on_disk,
                "Also where nothing says that the disk is encrypted");
  open.footer(
      "Each file is written down in the journal with its hash. `work close` overwrites, removes "
      "and looks; it cannot reach what flash memory, swap, a file system with copies, or the "
      "program that showed a file keeps elsewhere.");
  add_vault(open, open_told.vault);
  auto [list, list_told] =
      leaf_with(work, "list", "Which files lie open, and where", line, list_work);
  add_vault(list, list_told);
  auto [close, close_told] =
      leaf_with(work, "close", "Overwrite and remove the working folder, also what a crash left",
                line, close_work);
  add_vault(close, close_told);
}

}  // namespace resguardo::analyst
