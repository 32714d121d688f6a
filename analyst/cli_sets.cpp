// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/sets.h"

namespace resguardo::analyst {

void add_sets(CLI::App& app, CommandLine& line) {
  CLI::App& set = group(app, "set", "Keep questions by a name, for --set");
  auto [save, save_told] =
      leaf_with(set, "save", "Keep the filters given here; reports are asked for anew each time",
                line, save_set);
  save.add_option("NAME", save_told.name, "Small letters, digits and hyphens; no names of people")
      ->required();
  add_filter(save, save_told.filter, Filters::kOfASet);
  add_vault(save, save_told.vault);
  auto [list, list_told] = leaf_with(set, "list", "One line for each set", line, list_sets);
  add_vault(list, list_told);
  auto [show, show_told] = leaf_with(set, "show", "What a set asks for", line, show_set);
  show.add_option("NAME", show_told.name, "Of the set")->required();
  add_vault(show, show_told.vault);
  auto [remove, remove_told] =
      leaf_with(set, "remove", "Forget a set; its reports stay", line, remove_set);
  remove.add_option("NAME", remove_told.name, "Of the set")->required();
  add_vault(remove, remove_told.vault);
}

}  // namespace resguardo::analyst
