// SPDX-License-Identifier: AGPL-3.0-or-later
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <optional>
#include <system_error>
#include <vector>

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

constexpr std::size_t kLongestOwnForm = 8UL * 1024 * 1024;
constexpr const char* kConfig = "resguardo.toml";  // comes last

// What a failure takes back. A directory that was there stays, empty as it was.
class Undo {
 public:
  Undo() = default;
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() {
    std::error_code ignored;
    for (const fs::path& one : made_) fs::remove_all(one, ignored);
  }
  void add(fs::path made) { made_.push_back(std::move(made)); }
  void keep() { made_.clear(); }

 private:
  std::vector<fs::path> made_;
};

Problem cannot_be_made(const fs::path& path, const std::error_code& why) {
  return {path.string(), "cannot be made: " + why.message(),
          "choose a folder that you can write to"};
}

// An empty directory of our own, or nothing at all.
Outcome<Done> check_place(const fs::path& directory) {
  struct stat found{};
  if (::lstat(directory.c_str(), &found) != 0) {
    if (errno == ENOENT) return Done{};
    return cannot_be_made(directory, {errno, std::generic_category()});
  }
  std::error_code error;
  if (!fs::is_directory(directory, error))
    return Problem{directory.string(), "exists and is not a directory: nothing was changed",
                   "name a new directory"};
  const bool empty = fs::is_empty(directory, error);
  if (error || ::stat(directory.c_str(), &found) != 0 || found.st_uid != ::geteuid())
    return Problem{directory.string(), "belongs to another user: nothing was changed",
                   "run this as that user (runuser -u USER), or name a new directory"};
  if (empty) return Done{};
  const bool cut_short =
      fs::exists(directory / "secrets", error) && !fs::exists(directory / kConfig, error);
  return Problem{directory.string(), "exists and is not empty: nothing was changed",
                 cut_short
                     ? "if an `init` was cut short here, remove the directory; else name a new one"
                     : "name a new directory; `init` never overwrites"};
}

Outcome<Done> make_closed(const fs::path& directory) {
  std::error_code error;
  fs::create_directory(directory, error);
  if (error) return cannot_be_made(directory, error);
  fs::permissions(directory, fs::perms::owner_all, error);
  if (error)
    return Problem{directory.string(), "cannot be closed to other users of this machine",
                   "use a file system with permissions, and a directory of your own"};
  return Done{};
}

Outcome<Done> make_directories(const fs::path& named, Undo& undo) {
  RESGUARDO_CHECK(check_place(named));
  std::error_code error;
  const fs::path directory = fs::absolute(named, error).lexically_normal();
  fs::path first = directory;  // the first one to be made
  while (first.has_parent_path() && first != first.parent_path() &&
         !fs::exists(first.parent_path(), error))
    first = first.parent_path();
  const bool there = fs::exists(directory, error);
  if (!there) undo.add(first);
  fs::create_directories(directory.parent_path(), error);
  if (error) return cannot_be_made(named, error);
  RESGUARDO_CHECK(make_closed(directory));
  for (const char* name : {"data", "secrets", "forms"}) {
    if (there) undo.add(directory / name);
    RESGUARDO_CHECK(make_closed(directory / name));
  }
  return Done{};
}

// Nothing: the form that comes with the program.
Outcome<std::optional<Bytes>> read_form(const InitOptions& options) {
  if (!options.form) return std::optional<Bytes>();
  RESGUARDO_TRY(auto source, program::read_file(*options.form, kLongestOwnForm));
  std::vector<dialogue::FormProblem> problems;
  if (!dialogue::Form::compile(source, problems).ok()) {
    const std::string first =
        problems.empty() ? "" : problems.front().where + ": " + problems.front().what;
    return Problem{options.form->string(), "is not a form: " + first, ""};
  }
  return std::optional(std::move(source));
}

struct Made {
  std::string log_key;  // as verifiers are given it
  std::string fingerprint;
  fs::path config;
};

Outcome<Made> make_all(const InitOptions& options) {
  RESGUARDO_TRY(const auto form, read_form(options));
  Undo undo;
  RESGUARDO_CHECK(make_directories(options.directory, undo));
  std::string form_name = "border_abuse.txtpb";
  if (form) {
    form_name = options.form->filename().string();
    RESGUARDO_CHECK(program::write_new_file(options.directory / "forms" / form_name, *form));
  }
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
  made.fingerprint = fingerprint(log_key.public_key());
  made.config = options.directory / kConfig;
  RESGUARDO_CHECK(program::write_new_file(made.config, as_bytes(config_template(form_name))));
  undo.keep();
  return made;
}

}  // namespace

program::ExitCode init(const InitOptions& options, program::Console& console) {
  auto made = make_all(options);
  if (!made.ok()) return console.fail(made.error());
  if (console.json()) {
    console.print(boost::json::object{{"config", made->config.string()},
                                      {"log_key", made->log_key},
                                      {"fingerprint", made->fingerprint}});
    return console.finish();
  }
  const std::string config = made->config.string();
  console.print("Made " + options.directory.string() + "\n\n");
  console.print("Log key for the roster (`resguardo-analyst roster create --log-key`):\n  " +
                made->log_key + "\n  fingerprint " + made->fingerprint +
                "  (read it aloud to the authority)\n\n");
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
