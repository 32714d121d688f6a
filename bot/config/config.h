// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace resguardo::config {

using Path = std::filesystem::path;

// What is done where the system cannot give a protection.
enum class Lacking : std::uint8_t { kRefuse, kWarn };  // "require", "warn"

struct Server {
  std::string listen = "127.0.0.1:8080";
  std::string gateway_listen = "127.0.0.1:8081";
  std::string admin_listen = "127.0.0.1:9090";
  std::optional<Path> tls_certificate;
  std::optional<Path> tls_key;
  unsigned threads = 2;
  Lacking locked_memory = Lacking::kRefuse;  // that keys and stream states stay out of swap
  Lacking sandbox = Lacking::kRefuse;        // bot/sandbox/sandbox.h
  // Who may say for whom they ask: addresses, ranges or "unix"; and in which header.
  std::vector<std::string> trusted_proxies;
  std::string forwarded_header = "x-forwarded-for";  // or "forwarded"
};

struct Store {
  Path directory;
  std::optional<std::string> master_key_credential;  // a name in $CREDENTIALS_DIRECTORY
  std::optional<Path> master_key_file;
  bool master_key_stdin = false;
};

struct Roster {
  Path path;
  std::string root_public_key;
};

struct Form {
  Path path;
  std::vector<std::string> languages;  // empty: all of the form's
};

struct WhatsApp {
  std::string api_base = "https://graph.facebook.com/v23.0";
  std::string ca_file;  // for a stand-in with a certificate of its own
  std::string phone_number_id;
  Path app_secret_file;  // one line, or two while the secret is rotated
  Path access_token_file;
  Path verify_token_file;
  bool mark_as_read = true;
  // Meta's limits for a number that is new; 0: none.
  std::uint32_t messages_per_second = 80;
  std::uint32_t person_interval = 6;  // seconds between two messages to one person, after a burst
  std::uint32_t person_burst = 45;
};

struct Signal {
  std::string mode = "rest-api";  // or "jsonrpc": signal-cli's own daemon
  std::string api_base = "http://127.0.0.1:8082";
  std::string account;
  std::optional<Path> webhook_token_file;     // rest-api only, and needed there
  std::optional<Path> webhook_password_file;  // Basic credentials of user "bot"
  std::uint32_t expire_seconds = 86400;
  std::uint32_t messages_per_second = 20;  // 0: no limit
  std::optional<Path> attachments_dir;     // jsonrpc only: where the daemon keeps files
};

struct Dialogue {
  std::vector<std::pair<std::string, std::string>> cover_text;  // language, text
  std::vector<std::string> start_words;
  std::vector<std::string> panic_words;
  std::vector<std::string> resume_words;
  std::string organisation;
  std::string signal_link;
  std::string retention = "5";            // years that reports are kept, told to whoever asks
  std::chrono::minutes utc_offset{-360};  // of the border: on which day "yesterday" was
};

struct Limits {
  std::uint32_t conversations = 200'000;
  std::uint64_t body_bytes = 3'000'000;
  std::uint64_t media_bytes = 100'000'000;   // of one file; 0: files are not taken
  std::uint32_t per_sender_per_minute = 30;  // bot/intake/allowances.h; 0: no limit
  // bot/http/server.h
  std::uint32_t connections = 1024;
  std::uint32_t connections_per_address = 128;  // 0: no limit
  std::uint32_t refusals_per_minute = 120;      // of one address; 0: no limit
  std::uint32_t idle_seconds = 60;
  std::uint32_t request_seconds = 30;
};

struct Retention {
  std::chrono::hours idle_timeout{72};
  // A report goes so long after so many members have acknowledged it (bot/commands/retention.h).
  std::chrono::hours acknowledged{30 * 24};
  std::uint32_t acknowledgements = 2;
};

struct Config {
  Path file;  // where it was read from; relative paths start in its folder
  Server server;
  Store store;
  Roster roster;
  Form form;
  std::optional<WhatsApp> whatsapp;
  std::optional<Signal> signal;
  Dialogue dialogue;
  Limits limits;
  Retention retention;
};

// One thing wrong with a configuration, for its owner.
struct ConfigProblem {
  std::string where;  // "[server] listen", "line 12"
  std::string what;
  std::string mend;
};

// Reads TOML 1.0. Unknown keys, wrong types and values out of range are all told, not only the
// first. nullopt: `problems` says why. Secrets are named by file and not read here.
std::optional<Config> read_config(const Path& file, std::vector<ConfigProblem>& problems);

}  // namespace resguardo::config
