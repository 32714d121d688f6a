// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/quorum.h"

namespace resguardo::analyst {
namespace {

template <class Options>
void add_desk(CLI::App& app, Options& options) {
  app.add_option("--vault", options.vault, "Folder of the vault")->type_name("DIR")->required();
  add_secrets(app, options.secrets).required();
}

}  // namespace

void add_quorum(CLI::App& app, CommandLine& line) {
  CLI::App& quorum = group(app, "quorum", "Open together what nobody opens alone");
  auto [request, asked] =
      leaf_with(quorum, "request", "Ask other members for their shares", line, quorum_request);
  request.add_option("ID", asked.id, "Of a report, or how it begins")->required();
  request.add_option("--reason", asked.reason, "What for: those who are asked read it")
      ->type_name("TEXT")
      ->required();
  request
      .add_option("--compartment", asked.compartment,
                  "testimony, identity or both (default: all that is sealed)")
      ->type_name("WHAT");
  request.add_option("--out", asked.out, "File for the request")->type_name("FILE")->required();
  add_desk(request, asked);
  auto [grant, given] =
      leaf_with(quorum, "grant", "Read a request; with --out give your shares", line, quorum_grant);
  grant.add_option("REQUEST", given.request, "What `quorum request` made")->required();
  grant.add_option("--out", given.out, "File for the grant; without it nothing is given")
      ->type_name("FILE");
  add_desk(grant, given);
  auto [combine, joined] =
      leaf_with(quorum, "combine", "Open with the grants of others, where they were asked for",
                line, quorum_combine);
  combine.add_option("GRANT", joined.grants, "What `quorum grant` made, of one request")
      ->required();
  add_desk(combine, joined);
  auto [journal, told] =
      leaf_with(app, "journal", "What was done with a vault, and by whom", line, show_journal);
  journal.add_option("--vault", told.vault, "Folder of the vault")->type_name("DIR")->required();
  program::add_passphrase_options(journal, told.passphrase);
}

}  // namespace resguardo::analyst
