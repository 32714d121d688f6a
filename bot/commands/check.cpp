// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <vector>

#include "bot/commands/addresses.h"
#include "bot/commands/commands.h"
#include "bot/commands/limits.h"
#include "bot/commands/listening.h"
#include "bot/commands/locked_memory.h"
#include "bot/commands/messenger_check.h"
#include "bot/commands/neutral_words.h"
#include "bot/commands/operations.h"
#include "bot/commands/secrets.h"
#include "bot/commands/sources.h"
#include "bot/sandbox/privileges.h"
#include "bot/sandbox/sandbox.h"

namespace resguardo::commands {
namespace {

using program::Problem;

struct Findings {
  std::vector<Problem> problems;  // serve would not work
  std::vector<Problem> warnings;  // it would, and somebody may be hurt
  pb::ControlResult::Check store;
  std::string memory;  // what `serve` locks, and may lock

  template <class T>
  bool take(const program::Outcome<T>& outcome) {
    if (!outcome.ok()) problems.push_back(outcome.error());
    return outcome.ok();
  }
};

void add_if(std::optional<Problem> found, std::vector<Problem>& problems) {
  if (found) problems.push_back(*std::move(found));
}

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
  if (auto wrong = proxies_problem(config)) findings.problems.push_back(*std::move(wrong));
  if (!stays_on_this_machine(config.server.listen) && !config.server.tls_certificate)
    findings.warnings.push_back({"[server] listen", "is open to the network without TLS",
                                 "set tls_certificate and tls_key, or listen on 127.0.0.1 behind "
                                 "a proxy that ends TLS"});
}

void take_roster(const program::Outcome<LoadedRoster>& loaded, Findings& findings) {
  if (findings.take(loaded) && loaded->expired) findings.problems.push_back(*loaded->expired);
}

void take_all(const google::protobuf::RepeatedPtrField<pb::ControlProblem>& told,
              std::vector<Problem>& problems) {
  for (const auto& one : told) problems.push_back({one.where(), one.what(), one.mend()});
}

// Their bytes are ciphertext; their names, sizes and times tell of people all the same.
std::optional<Problem> open_to_others(const config::Config& config) {
  const auto& data = config.store.directory;
  std::error_code unknown;
  const auto mode = std::filesystem::status(data, unknown).permissions();
  if (unknown || (mode & std::filesystem::perms::others_all) == std::filesystem::perms::none)
    return std::nullopt;
  return Problem{"[store] directory", "others on this machine may look into it",
                 "chmod 700 " + data.string()};
}

// By whoever holds the store.
void check_store(const config::Config& config, bool deep, Findings& findings) {
  if (config.store.master_key_file)
    findings.warnings.push_back({"[store] master_key_file", "the disk opens itself",
                                 "keep the master key in a systemd credential or give it on "
                                 "standard input"});
  pb::ControlRequest request;
  request.mutable_check()->set_deep(deep);
  auto done = perform_or_ask(config, request, [](std::uint32_t) -> Result<std::ostream*> {
    return Error{Fault::kRefused, "a check has no files"};
  });
  add_if(open_to_others(config), findings.warnings);
  if (done.ok()) {
    findings.store = std::move(*done->mutable_check());
    take_all(findings.store.problems(), findings.problems);
    take_all(findings.store.warnings(), findings.warnings);
    return;
  }
  findings.problems.push_back(done.error());
  SystemRandom ids;
  take_roster(load_roster(config, nullptr, SystemClock().now(), RosterUse::kLook, ids), findings);
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
  MessengerFindings said = ask_messengers(*gateways);
  std::ranges::move(said.problems, std::back_inserter(findings.problems));
  std::ranges::move(said.warnings, std::back_inserter(findings.warnings));
}

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string((bytes + kMebibyte - 1) / kMebibyte) + " MiB";
}

// signal-cli's daemon keeps every file in the clear for ever, also those that we do not take:
// whoever shares its folder can delete.
void check_attachments(const config::Config& config, Findings& findings) {
  if (!config.signal || config.signal->mode != "jsonrpc") return;
  if (!config.signal->attachments_dir)
    findings.warnings.push_back(
        {"[signal] attachments_dir",
         "is missing: files that people send stay in the clear with signal-cli",
         "name the folder `attachments` in its data, and let this user delete there"});
  if (auto found = attachments_problem(config))
    findings.problems.push_back(std::move(found->problem));
}

void check_memory(const config::Config& config, Findings& findings) {
  add_if(swap_is_on(), findings.warnings);
  const auto limit = locked_memory_limit();
  const auto needed = locked_memory_needed(config);
  findings.memory = "Locked memory: up to " + mebibytes(needed) + " needed, " +
                    (limit ? mebibytes(*limit) + " allowed here.\n" : "no limit here.\n");
  if (!limit || *limit >= needed) return;
  const Problem little{"[server] locked_memory",
                       "up to " + mebibytes(needed) + " are needed, and " + mebibytes(*limit) +
                           " may be locked by who runs this",
                       "raise LimitMEMLOCK= (ulimit -l), or lower [limits] conversations"};
  const bool warn = config.server.locked_memory == config::Lacking::kWarn;
  (warn ? findings.warnings : findings.problems).push_back(little);
}

void check_sandbox(const config::Config& config, Findings& findings) {
  auto here = sandbox::probe();
  here.root = sandbox::stays_root(config.store.directory);
  const bool warn = config.server.sandbox == config::Lacking::kWarn;
  for (const StaticText line : sandbox::missing(here))
    (warn ? findings.warnings : findings.problems)
        .push_back({"[server] sandbox", line.c_str(),
                    "run it where the kernel has it, or set sandbox = \"warn\""});
  for (const StaticText line : sandbox::weaker(here))
    findings.warnings.push_back({"[server] sandbox", line.c_str(), "see docs/operations.md"});
}

void check_listeners(const config::Config& config, Findings& findings) {
  auto certificate = look_at_certificate(config, SystemClock().now());
  add_if(std::move(certificate.problem), findings.problems);
  add_if(std::move(certificate.warning), findings.warnings);
  // A server that runs has these addresses.
  add_if(listening_problem(config, !findings.store.serving()), findings.problems);
  add_if(too_few_descriptors(config), findings.warnings);
}

Findings check_all(const config::Config& config, bool deep) {
  Findings findings;
  check_addresses(config, findings);
  check_store(config, deep, findings);
  check_listeners(config, findings);
  const auto form = load_form(config, findings.problems);
  check_dialogue(config, form.get(), findings);
  check_gateways(config, findings);
  check_attachments(config, findings);
  check_memory(config, findings);
  check_sandbox(config, findings);
  return findings;
}

boost::json::array as_json(const std::vector<Problem>& problems) {
  boost::json::array list;
  for (const Problem& one : problems)
    list.push_back(
        boost::json::object{{"where", one.where}, {"what", one.what}, {"mend", one.mend}});
  return list;
}

// In bytes; limit: null where there is none.
boost::json::object memory_json(const config::Config& config) {
  boost::json::object memory{{"needed", locked_memory_needed(config)}, {"limit", nullptr}};
  if (const auto limit = locked_memory_limit()) memory["limit"] = *limit;
  return memory;
}

boost::json::object read_json(const pb::ControlResult::Check& read) {
  return {{"pages", read.pages()}, {"cells", read.cells()}, {"reports", read.reports()},
          {"rows", read.rows()},   {"media", read.media()}, {"log_entries", read.log_entries()}};
}

std::string read_line(const pb::ControlResult::Check& read) {
  return "Read " + std::to_string(read.pages()) + " pages, " + std::to_string(read.cells()) +
         " cells of the slots, " + std::to_string(read.reports()) + " reports with " +
         std::to_string(read.rows()) + " rows, " + std::to_string(read.media()) +
         " files that reporters sent, " + std::to_string(read.log_entries()) +
         " entries of the log.\n";
}

}  // namespace

program::ExitCode check(const CheckOptions& options, program::Console& console) {
  Findings findings;
  std::vector<config::ConfigProblem> wrong;
  const auto config = config::read_config(options.config, wrong);
  if (config) {
    findings = check_all(*config, options.deep);
  } else {
    for (const auto& one : wrong) findings.problems.push_back({one.where, one.what, one.mend});
  }
  if (console.json()) {
    boost::json::object page{{"problems", as_json(findings.problems)},
                             {"warnings", as_json(findings.warnings)}};
    if (findings.store.deep()) page["read"] = read_json(findings.store);
    if (config) page["locked_memory"] = memory_json(*config);
    console.print(page);
  } else {
    for (const Problem& one : findings.warnings)
      console.print("warning: " + one.where + ": " + one.what + "; " + one.mend + "\n");
    for (const Problem& one : findings.problems)
      console.print(one.where + ": " + one.what + (one.mend.empty() ? "" : "; " + one.mend) + "\n");
    if (findings.store.deep()) console.print(read_line(findings.store));
    console.print(std::string_view(findings.memory));
    if (findings.problems.empty())
      console.print(std::string_view(
          findings.store.serving() ? "`serve` runs, and could start with this configuration.\n"
                                   : "`serve` can start with this configuration.\n"));
  }
  const auto printed = console.finish();
  return findings.problems.empty() ? printed : program::ExitCode::kFailed;
}

}  // namespace resguardo::commands
