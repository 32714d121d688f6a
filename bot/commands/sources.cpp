// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/sources.h"

#include <algorithm>

#include "bot/commands/acceptance_log.h"
#include "bot/commands/archive.h"
#include "bot/commands/roster_anchor.h"
#include "bot/commands/secrets.h"
#include "bot/gateway/signal/signal.h"
#include "bot/gateway/whatsapp/whatsapp.h"
#include "bot/http/client.h"
#include "bot/media/shared_folder.h"
#include "program/output_file.h"

namespace resguardo::commands {
namespace {

using program::Outcome;
using program::Problem;

constexpr std::size_t kLongestForm = 8UL * 1024 * 1024;
constexpr std::string_view kAnchorFact = "roster_anchor";

// Half a second's worth at once: a messenger counts by the second.
gateway::Pace pace_of(std::uint32_t per_second) {
  gateway::Pace pace;
  if (per_second > 0) pace.interval = gateway::Pace::Interval(1000.0 / per_second);
  pace.burst = std::max(1U, per_second / 2);
  return pace;
}

// A file that cannot be read, with the setting that names it.
template <class T>
Outcome<T> named_by(const char* setting, Outcome<T> read) {
  if (read.ok()) return read;
  Problem wrong = read.error();
  if (wrong.mend.empty()) wrong.mend = std::string("see ") + setting;
  return wrong;
}

Outcome<Done> base_is_usable(const char* setting, const std::string& base) {
  return program::at(setting, http::check_base(base),
                     "write it like http://127.0.0.1:8082 or https://HOST/PATH");
}

Outcome<ConfiguredGateway> make_whatsapp(const config::WhatsApp& settings) {
  RESGUARDO_TRY(auto secrets, read_secret_lines(settings.app_secret_file, 1, 2));
  RESGUARDO_TRY(auto access, read_secret_line(settings.access_token_file));
  RESGUARDO_TRY(auto verify, read_secret_line(settings.verify_token_file));
  gateway::whatsapp::Config config{settings.phone_number_id, std::move(secrets), std::move(access),
                                   std::move(verify), settings.api_base};
  config.mark_as_read = settings.mark_as_read;
  config.pace = pace_of(settings.messages_per_second);
  config.pace.per_person = std::chrono::seconds(settings.person_interval);
  config.pace.person_burst = settings.person_burst;
  RESGUARDO_TRY(auto made,
                program::at("[whatsapp]", gateway::whatsapp::WhatsApp::create(std::move(config))));
  RESGUARDO_CHECK(base_is_usable("[whatsapp] api_base", settings.api_base));
  return ConfiguredGateway{std::move(made), settings.api_base, settings.ca_file, ""};
}

Outcome<ConfiguredGateway> make_signal(const config::Signal& settings) {
  gateway::signal::Config config;
  config.account = settings.account;
  config.expire_seconds = settings.expire_seconds;
  config.pace = pace_of(settings.messages_per_second);
  if (settings.mode == "jsonrpc") config.mode = gateway::signal::Mode::kJsonRpc;
  if (settings.webhook_token_file) {
    RESGUARDO_TRY(auto token, read_secret_line(*settings.webhook_token_file));
    config.webhook_token = std::move(token);
  }
  if (settings.webhook_password_file) {
    RESGUARDO_TRY(auto read, read_secret_line(*settings.webhook_password_file));
    config.basic_secret = std::move(read);
  }
  RESGUARDO_TRY(auto made,
                program::at("[signal]", gateway::signal::Signal::create(std::move(config))));
  RESGUARDO_CHECK(base_is_usable("[signal] api_base", settings.api_base));
  std::string folder = settings.attachments_dir ? settings.attachments_dir->string() : "";
  return ConfiguredGateway{std::move(made), settings.api_base, "", std::move(folder)};
}

// Where a file that goes would be missed.
std::vector<std::filesystem::path> own_paths(const config::Config& config) {
  std::vector<std::filesystem::path> all{config.file.parent_path(), config.store.directory,
                                         config.roster.path, config.form.path};
  const auto add = [&](const std::optional<config::Path>& one) {
    if (one) all.push_back(*one);
  };
  add(config.store.master_key_file);
  add(config.server.tls_certificate);
  add(config.server.tls_key);
  if (config.signal) {
    add(config.signal->webhook_token_file);
    add(config.signal->webhook_password_file);
  }
  if (config.whatsapp) {
    all.push_back(config.whatsapp->app_secret_file);
    all.push_back(config.whatsapp->access_token_file);
    all.push_back(config.whatsapp->verify_token_file);
  }
  return all;
}

// An expired roster is the last valid one only if it was accepted while it was valid.
std::optional<VerifiedRoster> accepted_before(ByteView file, const PublicKey<RootRole>& root,
                                              const std::optional<RosterAnchor>& anchor) {
  if (!anchor) return std::nullopt;
  auto roster = VerifiedRoster::verify(file, root, TimePoint(), anchor);
  if (!roster.ok() || roster->anchor().number != anchor->number) return std::nullopt;
  return std::move(roster).value();
}

}  // namespace

Outcome<std::optional<RosterAnchor>> stored_anchor(storage::Store& store) {
  RESGUARDO_TRY(auto fact, program::at("the store", store.fact(kAnchorFact)));
  if (!fact) return std::optional<RosterAnchor>();
  auto anchor = read_anchor(*fact);
  if (!anchor) return Problem{"the store", "the roster it remembers cannot be read", ""};
  return anchor;
}

Outcome<Done> accept_roster(const VerifiedRoster& roster, const std::optional<RosterAnchor>& anchor,
                            storage::Store& store, Day today, RandomSource& salts) {
  const Bytes now = write_anchor(roster.anchor());
  if (!anchor || write_anchor(*anchor) != now) {
    RESGUARDO_CHECK(program::at("the store", log_acceptance(store, roster, anchor, today, salts)));
    RESGUARDO_CHECK(program::at("the store", store.set_fact(kAnchorFact, now)));
  }
  return program::at("the store", keep(store, Kept::kRoster, roster.file()));
}

Outcome<PublicKey<RootRole>> root_key(const config::Config& config) {
  const Problem wrong{"[roster] root_public_key", "is not a root's public key",
                      "copy the line that `resguardo-analyst root create` printed"};
  const std::string& text = config.roster.root_public_key;
  auto bytes = text.size() == 64 ? parse_hex(text) : parse_base64(text);
  if (!bytes.ok()) return wrong;
  auto key = PublicKey<RootRole>::from_bytes(*bytes);
  if (!key.ok()) return wrong;
  return *key;
}

Outcome<LoadedRoster> load_roster(const config::Config& config, storage::Store* store,
                                  TimePoint now, RosterUse use, RandomSource& salts) {
  RESGUARDO_TRY(const auto root, program::of_configuration(root_key(config)));
  const std::string where = config.roster.path.string();
  RESGUARDO_TRY(auto file,
                program::of_configuration(named_by(
                    "[roster] path", program::read_file(config.roster.path, kLongestRoster))));
  std::optional<RosterAnchor> anchor;
  if (store != nullptr) {
    RESGUARDO_TRY(auto stored, stored_anchor(*store));
    anchor = stored;
  }
  auto roster = VerifiedRoster::verify(file, root, now, anchor);
  if (!roster.ok()) {
    auto told = program::problem(roster.error(), where,
                                 "get the current roster from whoever holds the root key");
    if (roster.error().fault != Fault::kStale) return told;
    return LoadedRoster{accepted_before(file, root, anchor), std::move(told)};
  }
  if (store != nullptr && use == RosterUse::kAccept)
    RESGUARDO_CHECK(accept_roster(*roster, anchor, *store, day_of(now), salts));
  return LoadedRoster{std::move(*roster), std::nullopt};
}

std::shared_ptr<const dialogue::Form> load_form(const config::Config& config,
                                                std::vector<Problem>& problems) {
  const std::string where = config.form.path.string();
  auto source = program::of_configuration(
      named_by("[form] path", program::read_file(config.form.path, kLongestForm)));
  if (!source.ok()) {
    problems.push_back(source.error());
    return nullptr;
  }
  std::vector<dialogue::FormProblem> wrong;
  auto form = dialogue::Form::compile(*source, wrong);
  for (const auto& one : wrong) problems.push_back({where + ", " + one.where, one.what, ""});
  if (!form.ok()) {
    if (wrong.empty()) problems.push_back(program::problem(form.error(), where));
    return nullptr;
  }
  for (const std::string& language : config.form.languages) {
    const auto& known = (*form)->languages();
    if (std::find(known.begin(), known.end(), language) == known.end())
      problems.push_back({"[form] languages", "the form has no texts in " + language,
                          "remove it, or translate the form"});
  }
  return *form;
}

std::vector<std::shared_ptr<const dialogue::Form>> earlier_forms(storage::Store& store,
                                                                 const dialogue::Form& current,
                                                                 std::vector<Problem>& problems) {
  std::vector<std::shared_ptr<const dialogue::Form>> forms;
  const auto sources = kept(store, Kept::kQuestionnaire);
  if (!sources.ok()) {
    problems.push_back(program::problem(sources.error(), "the store"));
    return forms;
  }
  for (const Bytes& source : *sources) {
    if (equal(source, current.source())) continue;
    std::vector<dialogue::FormProblem> wrong;
    auto form = dialogue::Form::compile(source, wrong);
    if (form.ok()) {
      forms.push_back(std::move(*form));
      continue;
    }
    const std::string what = wrong.empty() ? std::string("is too large")
                                           : wrong.front().where + ": " + wrong.front().what;
    problems.push_back(
        {"an earlier form", "is not understood any more, " + what,
         "reports that began on it wait; go back to the version that understood it"});
  }
  return forms;
}

dialogue::Settings dialogue_settings(const config::Config& config) {
  dialogue::Settings settings;
  settings.cover_text = config.dialogue.cover_text;
  settings.start_words = config.dialogue.start_words;
  settings.panic_words = config.dialogue.panic_words;
  settings.resume_words = config.dialogue.resume_words;
  settings.organisation =
      config.dialogue.organisation.empty() ? "Resguardo" : config.dialogue.organisation;
  settings.retention = config.dialogue.retention;
  settings.utc_offset = config.dialogue.utc_offset;
  settings.signal_link = config.dialogue.signal_link;
  settings.media = config.limits.media_bytes > 0;
  return settings;
}

std::optional<AttachmentsProblem> attachments_problem(const config::Config& config) {
  if (!config.signal || !config.signal->attachments_dir) return std::nullopt;
  const Status fine = media::may_remove_in(*config.signal->attachments_dir, own_paths(config));
  if (fine.ok()) return std::nullopt;
  const bool wrong = fine.error().fault == Fault::kRefused;
  return AttachmentsProblem{
      {"[signal] attachments_dir", fine.error().why.c_str(),
       wrong ? "everything in it would be deleted: name the folder `attachments` in signal-cli's "
               "data, which holds nothing but files that people sent"
             : "name the folder `attachments` in signal-cli's data, and let this user delete there",
       program::ExitCode::kUsage},
      wrong};
}

Outcome<std::vector<ConfiguredGateway>> make_gateways(const config::Config& config) {
  std::vector<ConfiguredGateway> gateways;
  if (config.whatsapp) {
    RESGUARDO_TRY(auto whatsapp, make_whatsapp(*config.whatsapp));
    gateways.push_back(std::move(whatsapp));
  }
  if (config.signal) {
    RESGUARDO_TRY(auto signal, make_signal(*config.signal));
    gateways.push_back(std::move(signal));
  }
  if (gateways.empty())
    return Problem{"[whatsapp], [signal]", "neither is there: nobody could write to the bot",
                   "add one of the two tables", program::ExitCode::kUsage};
  return gateways;
}

}  // namespace resguardo::commands
