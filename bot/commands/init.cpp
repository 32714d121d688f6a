// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "bot/commands/commands.h"
#include "bot/commands/config_template.h"
#include "bot/commands/log_key_file.h"
#include "bot/commands/secrets.h"
#include "bot/dialogue/form.h"
#include "crypto/session/master_key.h"
#include "program/output_file.h"
#include "storage/key_ring.h"
#include "storage/sqlcipher/engine.h"

namespace resguardo::commands {
namespace {

namespace fs = std::filesystem;
using program::Outcome;
using program::Problem;

constexpr std::size_t kLongestForm = 8UL * 1024 * 1024;

Outcome<Done> make_directory(const fs::path& directory) {
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error))
    return Problem{directory.string(), "exists and is not empty: nothing was changed",
                   "name a new directory; `init` never overwrites"};
  fs::create_directories(directory / "data", error);
  if (!error) fs::create_directories(directory / "secrets", error);
  if (!error) fs::create_directories(directory / "forms", error);
  if (error) return Problem{directory.string(), "cannot be made", "check the path"};
  for (const char* name : {"", "data", "secrets"}) {
    fs::permissions(directory / name, fs::perms::owner_all, error);
    if (error)
      return Problem{(directory / name).string(), "cannot be closed to other users of this machine",
                     "use a file system with permissions, and a directory of your own"};
  }
  return Done{};
}

Outcome<std::string> copy_form(const InitOptions& options) {
  if (!options.form) return std::string("border_abuse_short.txtpb");
  RESGUARDO_TRY(auto source, program::read_file(*options.form, kLongestForm));
  std::vector<dialogue::FormProblem> problems;
  if (!dialogue::Form::compile(source, problems).ok()) {
    const std::string first =
        problems.empty() ? "" : problems.front().where + ": " + problems.front().what;
    return Problem{options.form->string(), "is not a form: " + first, ""};
  }
  const std::string name = options.form->filename().string();
  RESGUARDO_CHECK(program::write_new_file(options.directory / "forms" / name, source));
  return name;
}

struct Made {
  std::string log_key;  // as verifiers are given it
  fs::path config;
};

Outcome<Made> make_all(const InitOptions& options) {
  RESGUARDO_CHECK(make_directory(options.directory));
  RESGUARDO_TRY(const std::string form, copy_form(options));
  const std::string where = options.directory.string();
  RESGUARDO_TRY(auto master, program::at(where, SecretBytes::random(kMasterKeySize)));
  RESGUARDO_CHECK(program::write_new_file(options.directory / "secrets" / "master.key",
                                          as_bytes(master_key_text(master))));
  const fs::path data = options.directory / "data";
  RESGUARDO_CHECK(program::at(data.string(), storage::KeyRing::create(data, master)));
  RESGUARDO_TRY(const auto keys, program::at(data.string(), storage::KeyRing::open(data, master)));
  RESGUARDO_CHECK(program::at(data.string(), storage::create_store(data, *keys)));
  RESGUARDO_TRY(auto log_key, program::at(data.string(), create_log_key(data, master)));
  Made made;
  made.log_key = to_hex(log_key.public_key().view());
  made.config = options.directory / "resguardo.toml";
  RESGUARDO_CHECK(program::write_new_file(made.config, as_bytes(config_template(form))));
  return made;
}

}  // namespace

program::ExitCode init(const InitOptions& options, program::Console& console) {
  auto made = make_all(options);
  if (!made.ok()) return console.fail(made.error());
  if (console.json()) {
    console.print(
        boost::json::object{{"config", made->config.string()}, {"log_key", made->log_key}});
    return console.finish();
  }
  const std::string config = made->config.string();
  console.print("Made " + options.directory.string() + "\n\n");
  console.print("Log key for the roster (`resguardo-analyst roster create --log-key`):\n  " +
                made->log_key + "\n\n");
  console.print(std::string_view("Next:\n"));
  console.print(
      std::string_view("  1. move secrets/master.key off this disk: a systemd credential\n"));
  console.print(std::string_view(
      "     (systemd-creds encrypt) or standard input; whoever has it and data/ can\n"));
  console.print(std::string_view(
      "     link senders to unfinished reports. Without it the store cannot be used.\n"));
  console.print("  2. put the signed roster beside " + config +
                " and the root's public key in it\n");
  console.print("  3. fill in [whatsapp] or [signal], then: resguardo-bot check --config " +
                config + "\n");
  return console.finish();
}

}  // namespace resguardo::commands
