// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>
#include <vector>

#include "bot/commands/addresses.h"
#include "bot/commands/commands.h"
#include "bot/commands/health.h"
#include "bot/commands/installation.h"
#include "bot/commands/neutral_words.h"
#include "bot/commands/secrets.h"
#include "bot/commands/sources.h"
#include "bot/http/client.h"
#include "bot/intake/epochs.h"
#include "crypto/base/locked_slab.h"
#include "crypto/seal/segment_writer.h"

namespace resguardo::commands {
namespace {

using program::Problem;

struct Findings {
  std::vector<Problem> problems;  // serve would not work
  std::vector<Problem> warnings;  // it would, and somebody may be hurt

  template <class T>
  bool take(const program::Outcome<T>& outcome) {
    if (!outcome.ok()) problems.push_back(outcome.error());
    return outcome.ok();
  }
};

void check_addresses(const config::Config& config, Findings& findings) {
  const struct {
    const char* key;
    const std::string& address;
  } local[] = {{"[server] gateway_listen", config.server.gateway_listen},
               {"[server] admin_listen", config.server.admin_listen}};
  for (const auto& one : local)
    if (!stays_on_this_machine(one.address))
      findings.problems.push_back({one.key, "is reachable from outside this machine",
                                   "use 127.0.0.1:PORT, [::1]:PORT or unix:/PATH"});
  if (!stays_on_this_machine(config.server.listen) && !config.server.tls_certificate)
    findings.warnings.push_back({"[server] listen", "is open to the network without TLS",
                                 "set tls_certificate and tls_key, or listen on 127.0.0.1 behind "
                                 "a proxy that ends TLS"});
}

bool take_roster(const program::Outcome<LoadedRoster>& loaded, Findings& findings) {
  if (!findings.take(loaded)) return false;
  if (loaded->expired) findings.problems.push_back(*loaded->expired);
  return loaded->roster.has_value();
}

// What the store's earlier use says against serving now.
void check_use(storage::Store& store, TimePoint now, Findings& findings) {
  const auto epochs = intake::stored_epochs(store);
  if (!epochs.ok()) findings.problems.push_back(program::problem(epochs.error(), "the store"));
  if (epochs.ok() && *epochs) {
    const Day last = (*epochs)->epoch.day;
    if (intake::clock_state(last, now) != intake::ClockState::kBelieved)
      findings.problems.push_back(
          {"the clock",
           "says " + to_string(day_of(now)) + ", and this server was last used on " +
               to_string(last) + ": no new report would be taken",
           "set the clock; if it is right, `resguardo-bot clock --config F --today " +
               to_string(day_of(now)) + "`"});
  }
  const auto unmoved = store.unmoved_reports();
  if (unmoved.ok() && *unmoved > 0)
    findings.problems.push_back({"the store",
                                 std::to_string(*unmoved) + " closed reports cannot be moved to " +
                                     "the report store: no bundle holds them",
                                 "make room on the disk; if there is room, keep this directory"});
}

// What runs out within 60 days.
void check_ends(const VerifiedRoster& roster, const config::Config& config, TimePoint now,
                Findings& findings) {
  const auto warn = [&](std::string line, const char* mend) {
    if (line.empty()) return;
    line.pop_back();
    findings.warnings.push_back({config.roster.path.string(), std::move(line), mend});
  };
  warn(roster_warning(roster.expires().number - day_of(now).number),
       "ask whoever holds the root key for a new one, then `resguardo-bot roster install`");
  warn(keys_warning(roster.days_of_keys_left(now)),
       "that analyst runs `resguardo-analyst key extend`; then a new roster is needed");
}

void check_store(const config::Config& config, TimePoint now, Findings& findings) {
  if (config.store.master_key_file)
    findings.warnings.push_back({"[store] master_key_file", "the disk opens itself",
                                 "keep the master key in a systemd credential or give it on "
                                 "standard input"});
  SystemRandom ids;
  const auto installation = open_installation(config, now, ids);
  if (!installation.ok()) {
    findings.problems.push_back(installation.error());
    take_roster(load_roster(config, nullptr, now, RosterUse::kLook, ids), findings);
    return;
  }
  check_use(*installation->store, now, findings);
  std::vector<Problem> unknown;
  if (const auto form = load_form(config, unknown)) {
    earlier_forms(*installation->store, *form, findings.warnings);
  }
  const auto roster = load_roster(config, installation->store.get(), now, RosterUse::kLook, ids);
  if (take_roster(roster, findings)) check_ends(*roster->roster, config, now, findings);
}

void check_dialogue(const config::Config& config, const dialogue::Form* form, Findings& findings) {
  if (form != nullptr) {
    for (auto& each : betraying_words(config.dialogue, *form)) {
      findings.warnings.push_back(std::move(each));
    }
  }
  if (config.dialogue.organisation.empty())
    findings.warnings.push_back(
        {"[dialogue] organisation", "is empty", "name who asks: the consent notice says it"});
  if (config.whatsapp && config.dialogue.signal_link.empty())
    findings.warnings.push_back({"[dialogue] signal_link", "is empty",
                                 "people on WhatsApp should be offered Signal, which Meta cannot "
                                 "read"});
}

void check_gateways(const config::Config& config, Findings& findings) {
  const auto gateways = make_gateways(config);
  if (!findings.take(gateways)) return;
  for (const auto& one : *gateways) {
    const auto base = http::check_base(one.api_base);
    if (!base.ok()) findings.problems.push_back(program::problem(base.error(), "api_base"));
  }
}

void check_memory(const config::Config& config, Findings& findings) {
  const auto slab = LockedSlab::create(SegmentWriter::cell_size(), config.limits.conversations);
  if (!slab.ok())
    findings.problems.push_back(program::problem(slab.error(), "[limits] conversations",
                                                 "or lower the number of conversations"));
}

void check_tls(const config::Config& config, Findings& findings) {
  for (const auto& file : {config.server.tls_certificate, config.server.tls_key})
    if (file && !std::filesystem::is_regular_file(*file))
      findings.problems.push_back({file->string(), "cannot be read", "check the path"});
}

Findings check_all(const config::Config& config) {
  Findings findings;
  const TimePoint now = SystemClock().now();
  check_addresses(config, findings);
  check_tls(config, findings);
  check_store(config, now, findings);
  const auto form = load_form(config, findings.problems);
  check_dialogue(config, form.get(), findings);
  check_gateways(config, findings);
  check_memory(config, findings);
  return findings;
}

boost::json::array as_json(const std::vector<Problem>& problems) {
  boost::json::array list;
  for (const Problem& one : problems)
    list.push_back(
        boost::json::object{{"where", one.where}, {"what", one.what}, {"mend", one.mend}});
  return list;
}

}  // namespace

program::ExitCode check(const ConfigOptions& options, program::Console& console) {
  Findings findings;
  std::vector<config::ConfigProblem> wrong;
  const auto config = config::read_config(options.config, wrong);
  if (config) {
    findings = check_all(*config);
  } else {
    for (const auto& one : wrong) findings.problems.push_back({one.where, one.what, one.mend});
  }
  if (console.json()) {
    console.print(boost::json::object{{"problems", as_json(findings.problems)},
                                      {"warnings", as_json(findings.warnings)}});
  } else {
    for (const Problem& one : findings.warnings)
      console.print("warning: " + one.where + ": " + one.what + "; " + one.mend + "\n");
    for (const Problem& one : findings.problems)
      console.print(one.where + ": " + one.what + (one.mend.empty() ? "" : "; " + one.mend) + "\n");
    if (findings.problems.empty())
      console.print(std::string_view("`serve` can start with this configuration.\n"));
  }
  const auto printed = console.finish();
  return findings.problems.empty() ? printed : program::ExitCode::kFailed;
}

}  // namespace resguardo::commands
