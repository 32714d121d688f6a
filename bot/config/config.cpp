// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/config/config.h"

#include <cstring>

#include "bot/config/table_reader.h"

namespace resguardo::config {
namespace {

using Problems = std::vector<ConfigProblem>;

class Reader {
 public:
  Reader(const toml::table& root, const Path& file, Problems& problems)
      : root_(root), folder_(std::filesystem::absolute(file).parent_path()), problems_(problems) {}

  TableReader table(std::string_view name) {
    known_.emplace(name);
    const toml::node* node = root_.get(name);
    if (node != nullptr && node->as_table() == nullptr)
      problems_.push_back(
          {std::string(name), "is not a table", "write [" + std::string(name) + "]"});
    return {node == nullptr ? nullptr : node->as_table(), std::string(name), folder_, problems_};
  }
  TableReader required(std::string_view name) {
    if (root_.get(name) == nullptr)
      problems_.push_back({"[" + std::string(name) + "]", "is missing",
                           "add the table; `resguardo-bot init` writes one with every setting"});
    return table(name);
  }
  void finish() {
    for (const auto& [key, value] : root_)
      if (!known_.contains(key.str()))
        problems_.push_back({std::string(key.str()), "is not a table of this configuration",
                             "check its spelling, or remove it"});
  }

 private:
  const toml::table& root_;
  Path folder_;
  Problems& problems_;
  std::set<std::string, std::less<>> known_;
};

void read_protection(TableReader& table, std::string_view key, Lacking& lacking,
                     Problems& problems) {
  std::string word = "require";
  table.text(key, word, false);
  lacking = word == "warn" ? Lacking::kWarn : Lacking::kRefuse;
  if (word != "warn" && word != "require")
    problems.push_back({"[server] " + std::string(key), "is neither \"require\" nor \"warn\"",
                        "write \"require\": without the protection the server does not start"});
}

void read_server(TableReader table, Server& server, Problems& problems) {
  table.text("listen", server.listen, false);
  table.text("gateway_listen", server.gateway_listen, false);
  table.text("admin_listen", server.admin_listen, false);
  table.path("tls_certificate", server.tls_certificate);
  table.path("tls_key", server.tls_key);
  table.number("threads", server.threads, 1, 64);
  read_protection(table, "locked_memory", server.locked_memory, problems);
  read_protection(table, "sandbox", server.sandbox, problems);
  table.texts("trusted_proxies", server.trusted_proxies);
  table.text("forwarded_header", server.forwarded_header, false);
  table.finish();
  if (server.forwarded_header != "x-forwarded-for" && server.forwarded_header != "forwarded")
    problems.push_back({"[server] forwarded_header", "is no header of a proxy's",
                        "write \"x-forwarded-for\" or \"forwarded\", whichever it sets itself"});
  if (server.tls_certificate.has_value() != server.tls_key.has_value())
    problems.push_back({"[server] tls_certificate, tls_key", "only one of the two is there",
                        "give both, or neither behind a proxy that ends TLS"});
}

void read_store(TableReader table, Store& store, Problems& problems) {
  table.path("directory", store.directory, true);
  table.text("master_key_credential", store.master_key_credential);
  table.path("master_key_file", store.master_key_file);
  table.flag("master_key_stdin", store.master_key_stdin);
  table.finish();
  const int sources = (store.master_key_credential ? 1 : 0) + (store.master_key_file ? 1 : 0) +
                      (store.master_key_stdin ? 1 : 0);
  if (table.present() && sources != 1)
    problems.push_back(
        {"[store] master key", sources == 0 ? "comes from nowhere" : "comes from several places",
         "give exactly one of master_key_credential, master_key_file, master_key_stdin"});
}

// The access token goes with every call: in the clear only to this machine.
bool keeps_a_token(const std::string& base) {
  if (base.starts_with("https://")) return true;
  for (const char* host : {"http://127.0.0.1", "http://[::1]", "http://localhost"})
    if (base.starts_with(host) && base.find_first_of(":/", std::strlen(host)) == std::strlen(host))
      return true;
  return false;
}

void read_whatsapp(TableReader table, std::optional<WhatsApp>& whatsapp, Problems& problems) {
  if (!table.present()) return;
  WhatsApp& w = whatsapp.emplace();
  table.text("api_base", w.api_base, false);
  table.text("ca_file", w.ca_file, false);
  table.text("phone_number_id", w.phone_number_id, true);
  table.path("app_secret_file", w.app_secret_file, true);
  table.path("access_token_file", w.access_token_file, true);
  table.path("verify_token_file", w.verify_token_file, true);
  table.flag("mark_as_read", w.mark_as_read);
  table.number("messages_per_second", w.messages_per_second, 0, 1'000'000);
  table.number("person_interval", w.person_interval, 0, 3600);
  table.number("person_burst", w.person_burst, 1, 1'000'000);
  table.finish();
  if (!keeps_a_token(w.api_base))
    problems.push_back({"[whatsapp] api_base", "would send the access token in the clear",
                        "use https, or http to a loopback address for a stand-in"});
}

void check_signal_mode(const Signal& signal, Problems& problems) {
  const bool posts = signal.mode == "rest-api";
  const bool streams = signal.mode == "jsonrpc";
  if (!posts && !streams)
    problems.push_back({"[signal] mode", "is not a mode",
                        "write mode = \"jsonrpc\" for signal-cli's own daemon, or \"rest-api\""});
  if (posts && !signal.webhook_token_file)
    problems.push_back({"[signal] webhook_token_file", "is missing",
                        "signal-cli-rest-api's posts are known by it; `init` makes one"});
  if (streams && (signal.webhook_token_file || signal.webhook_password_file))
    problems.push_back({"[signal] webhook_token_file, webhook_password_file",
                        "have no use with signal-cli's own daemon", "take them out"});
  if (posts && signal.attachments_dir)
    problems.push_back({"[signal] attachments_dir", "has no use with signal-cli-rest-api",
                        "take it out: files are deleted there by a call"});
}

void read_signal(TableReader table, std::optional<Signal>& signal, Problems& problems) {
  if (!table.present()) return;
  Signal& s = signal.emplace();
  table.text("mode", s.mode, false);
  table.text("api_base", s.api_base, false);
  table.text("account", s.account, true);
  table.path("webhook_token_file", s.webhook_token_file);
  table.path("webhook_password_file", s.webhook_password_file);
  table.number("expire_seconds", s.expire_seconds, 60, 4U * 7 * 86400);
  table.path("attachments_dir", s.attachments_dir);
  table.number("messages_per_second", s.messages_per_second, 0, 1'000'000);
  table.finish();
  check_signal_mode(s, problems);
}

// "-06:00", as ISO 8601 has it; from -12:00 to +14:00.
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  const bool shape = text.size() == 6 && (text[0] == '-' || text[0] == '+') && text[3] == ':' &&
                     digit(1) && digit(2) && digit(4) && digit(5);
  if (!shape) return std::nullopt;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
  const int minutes = (two(1) * 60 + two(4)) * (text[0] == '-' ? -1 : 1);
  if (two(4) > 59 || minutes < -12 * 60 || minutes > 14 * 60) return std::nullopt;
  return std::chrono::minutes(minutes);
}

void read_dialogue(TableReader table, Dialogue& dialogue, Problems& problems) {
  table.pairs("cover_text", dialogue.cover_text);
  table.texts("start_words", dialogue.start_words);
  table.texts("panic_words", dialogue.panic_words);
  table.texts("resume_words", dialogue.resume_words);
  table.text("organisation", dialogue.organisation, false);
  table.text("signal_link", dialogue.signal_link, false);
  table.text("retention", dialogue.retention, false);
  std::string offset = "-06:00";
  table.text("utc_offset", offset, false);
  table.finish();
  const auto minutes = parse_offset(offset);
  if (minutes) dialogue.utc_offset = *minutes;
  if (!minutes)
    problems.push_back({"[dialogue] utc_offset", "is no offset from UTC",
                        "write it like \"-06:00\", from -12:00 to +14:00"});
}

void read_limits(TableReader table, Limits& limits) {
  table.number("conversations", limits.conversations, 1, 10'000'000);
  table.bytes("body_bytes", limits.body_bytes);
  table.number("per_sender_per_minute", limits.per_sender_per_minute, 0, 60'000);
  table.number("connections", limits.connections, 1, 1'000'000);
  table.number("connections_per_address", limits.connections_per_address, 0, 1'000'000);
  table.number("refusals_per_minute", limits.refusals_per_minute, 0, 60'000);
  table.number("idle_seconds", limits.idle_seconds, 1, 3600);
  table.number("request_seconds", limits.request_seconds, 1, 3600);
  table.bytes_or_none("media_bytes", limits.media_bytes);
  table.finish();
}

void read_retention(TableReader table, Retention& retention) {
  // Below a day yesterday's key would go at midnight, in the middle of conversations.
  table.hours("idle_timeout", retention.idle_timeout, std::chrono::hours(24),
              std::chrono::hours(90 * 24));
  table.hours("acknowledged", retention.acknowledged, std::chrono::hours(24),
              std::chrono::hours(3650 * 24));
  table.number("acknowledgements", retention.acknowledgements, 1, 256);
  table.finish();
}

Config read_tables(const toml::table& root, const Path& file, Problems& problems) {
  Config config;
  config.file = std::filesystem::absolute(file);
  Reader reader(root, file, problems);
  read_server(reader.table("server"), config.server, problems);
  read_store(reader.required("store"), config.store, problems);
  TableReader roster = reader.required("roster");
  roster.path("path", config.roster.path, true);
  roster.text("root_public_key", config.roster.root_public_key, true);
  roster.finish();
  TableReader form = reader.required("form");
  form.path("path", config.form.path, true);
  form.texts("languages", config.form.languages);
  form.finish();
  read_whatsapp(reader.table("whatsapp"), config.whatsapp, problems);
  read_signal(reader.table("signal"), config.signal, problems);
  read_dialogue(reader.table("dialogue"), config.dialogue, problems);
  read_limits(reader.table("limits"), config.limits);
  read_retention(reader.table("retention"), config.retention);
  if (reader.table("field").present())
    problems.push_back({"[field]", "is not available in this version", "remove the table"});
  reader.finish();
  return config;
}

}  // namespace

std::optional<Config> read_config(const Path& file, Problems& problems) {
  const auto before = problems.size();
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    problems.push_back({file.string(), "cannot be read", "name the file that `init` wrote"});
    return std::nullopt;
  }
  try {
    Config config = read_tables(toml::parse_file(file.string()), file, problems);
    if (problems.size() != before) return std::nullopt;
    return config;
  } catch (const toml::parse_error& failure) {  // the library's only way to say so
    problems.push_back({file.string() + ", line " + std::to_string(failure.source().begin.line),
                        std::string(failure.description()), "mend the TOML there"});
    return std::nullopt;
  }
}

}  // namespace resguardo::config
