// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli_parts.h"
#include "analyst/commands/journal.h"
#include "analyst/commands/quorum.h"

namespace resguardo::analyst {
namespace {

template <class Options>
void add_desk(CLI::App& app, Options& options) {
  app.add_option("--vault", options.vault, "Folder of the vault")->type_name("DIR")->required();
  add_secrets(app, options.secrets).required();
}

// `journal` alone shows all of it.
void add_journal(CLI::App& app, CommandLine& line) {
  auto told = std::make_shared<JournalOptions>();
  CLI::App* journal = app.add_subcommand("journal", "What was done with a vault, and by whom");
  journal->require_subcommand(0, 1);
  add_vault(*journal, told->vault);
  journal->add_flag("--json", line.json, "Print data as JSON");
  CLI::App* show = journal->add_subcommand("show", "The same, or what was done with one report");
  show->add_option("ID", told->id, "Of a report, or how it begins; also one that is erased");
  CLI::App* verify = journal->add_subcommand(
      "verify", "Compute again every link, signature and digest that the vault keeps");
  verify
      ->add_option("--head", told->head,
                   "What `journal verify` printed before, or an export says: nothing was cut off")
      ->type_name("NUMBER:DIGEST");
  show->fallthrough();
  verify->fallthrough();
  journal->callback([&line, told, verify] {
    const bool check = verify->parsed();
    line.action = [told, check](Call& call) {
      return check ? verify_journal(*told, call) : show_journal(*told, call);
    };
  });
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
  add_journal(app, line);
}

}  // namespace resguardo::analyst
