// SPDX-License-Identifier: AGPL-3.0-or-later
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <utility>

#include "bot/commands/commands.h"
#include "bot/commands/installation.h"
#include "bot/commands/restored_store.h"
#include "storage/durable_file.h"

namespace resguardo::commands {
namespace {

namespace fs = std::filesystem;
using program::at;
using program::Outcome;
using program::Problem;

// One restore at a time, from its first look to the moment at which there is a store.
class OneAtATime {
 public:
  static Outcome<OneAtATime> acquire(const fs::path& directory) {
    const fs::path path = directory.string() + ".restoring.lock";
    OneAtATime lock(path, ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.file_ < 0)
      return Problem{path.string(), "cannot be made",
                     "see whether the folder around it is there, and whether this user may write "
                     "there"};
    if (::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
    ::close(std::exchange(lock.file_, -1));  // theirs: it stays
    return Problem{directory.string(), "another restore is under way", "wait for its end"};
  }
  OneAtATime(OneAtATime&& other) noexcept
      : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}
  OneAtATime& operator=(OneAtATime&&) = delete;
  ~OneAtATime() {
    if (file_ < 0) return;
    ::unlink(path_.c_str());
    ::close(file_);
  }

 private:
  OneAtATime(fs::path path, int file) : path_(std::move(path)), file_(file) {}
  fs::path path_;
  int file_;
};

// A directory beside the one that is to be: what a restore that was cut short left there is
// nobody's store, and goes with the next one.
class Draft {
 public:
  static Outcome<Draft> make(const fs::path& directory) {
    const fs::path path = directory.string() + ".restoring";
    Draft draft(path);
    std::error_code failed;
    if (fs::exists(path, failed)) fs::remove_all(path, failed);
    if (::mkdir(path.c_str(), 0700) != 0)
      return Problem{path.string(), "cannot be made",
                     "see whether the folder around it is there, and whether this user may write "
                     "there"};
    draft.made_ = true;
    return draft;
  }
  Draft(Draft&& other) noexcept
      : path_(std::move(other.path_)), made_(std::exchange(other.made_, false)) {}
  Draft& operator=(Draft&&) = delete;
  ~Draft() {
    std::error_code ignored;
    if (made_) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

  // The moment at which there is a store.
  Outcome<Done> name(const fs::path& directory) {
    RESGUARDO_CHECK(sync_all());
    if (std::rename(path_.c_str(), directory.c_str()) != 0)
      return Problem{directory.string(), "cannot take the name of the new data directory",
                     "nothing was changed; see whether it is empty and this user's"};
    made_ = false;
    const fs::path around = directory.has_parent_path() ? directory.parent_path() : fs::path(".");
    return at(around.string(), storage::sync_directory(around));
  }

 private:
  explicit Draft(fs::path path) : path_(std::move(path)) {}
  Outcome<Done> sync_all() const {
    const Problem unsynced{path_.string(), "cannot be synced: the disk reports an error",
                           "nothing was changed; see the disk, and restore again"};
    std::error_code failed;
    for (fs::recursive_directory_iterator at(path_, failed), end; !failed && at != end;
         at.increment(failed)) {
      const int file = ::open(at->path().c_str(), O_RDONLY | O_CLOEXEC);
      const bool synced = file >= 0 && ::fsync(file) == 0;
      if (file >= 0) ::close(file);
      if (!synced) return unsynced;
    }
    if (failed || !storage::sync_directory(path_).ok()) return unsynced;
    return Done{};
  }

  fs::path path_;
  bool made_ = false;
};

// As it is renamed: without a slash at its end.
fs::path plain(const fs::path& directory) {
  const fs::path path = directory.lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

bool is_mounted(const fs::path& directory) {
  struct stat own{};
  struct stat around{};
  return ::stat(directory.c_str(), &own) == 0 && ::stat((directory / "..").c_str(), &around) == 0 &&
         own.st_dev != around.st_dev;
}

Outcome<Done> nothing_there(const fs::path& directory) {
  std::error_code failed;
  if (fs::is_symlink(directory, failed) || is_mounted(directory))
    return Problem{directory.string(),
                   "is a symbolic link or a mounted disk, which cannot be replaced as a whole",
                   "name a folder inside it as [store] directory"};
  if (!fs::exists(fs::symlink_status(directory, failed))) return Done{};
  if (fs::is_directory(directory, failed) && fs::is_empty(directory, failed)) return Done{};
  return Problem{directory.string(), "holds something already: nothing was changed",
                 "name a new [store] directory, or move what is there away; `restore` never "
                 "overwrites"};
}

Outcome<Restored> run_restore(const RestoreOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  const fs::path directory = plain(config.store.directory);
  RESGUARDO_CHECK(nothing_there(directory));
  RESGUARDO_TRY(const auto alone, OneAtATime::acquire(directory));
  RESGUARDO_TRY(auto draft, Draft::make(directory));
  RESGUARDO_TRY(auto done, restore_into(draft.path(), options, config, SystemClock().now()));
  RESGUARDO_CHECK(draft.name(directory));
  return done;
}

boost::json::object restored_json(const Restored& done, const RestoreOptions& options) {
  return {{"backup", options.backup.string()},
          {"made", to_string(done.backup)},
          {"reports", done.reports},
          {"erased", done.erased},
          {"damaged", done.damaged},
          {"log_before", done.old_origin},
          {"log_before_entries", done.old_size},
          {"log_entries_lost", done.lost},
          {"log_key", done.log_key},
          {"fingerprint", done.fingerprint}};
}

std::string restored_text(const Restored& done, const RestoreOptions& options) {
  std::string text = "Restored " + std::to_string(done.reports) + " reports from the backup of " +
                     to_string(done.backup) + ".\n";
  if (done.erased > 0)
    text += std::to_string(done.erased) + " that were erased since are erased here, too.\n";
  if (done.damaged > 0)
    text += "WARNING " + std::to_string(done.damaged) +
            " have a key that cannot be read: they cannot be opened any more.\n";
  if (done.lost > 0)
    text +=
        "WARNING the log before has at least " + std::to_string(done.lost) +
        " entries that the backup does not know: what they name is not here. Analysts who have\n"
        "imported it since keep it.\n";
  text +=
      "Make a new backup, and when you have it destroy all backups and slots of before: the slots "
      "of\n"
      "this server have another name from now on, and what is erased here would come back from "
      "the\n"
      "old ones.\n";
  text +=
      "Conversations that were open are lost; their people write again. Team codes that were\n"
      "withdrawn since the backup are good again: see `team-code list`.\n\n";
  text += "The log begins anew" +
          (done.old_origin.empty() ? std::string()
                                   : ", after " + done.old_origin + " with " +
                                         std::to_string(done.old_size) + " entries") +
          ". For the next roster (`resguardo-analyst roster create --log-key --log-origin`):\n  " +
          done.log_key + "\n  fingerprint " + done.fingerprint +
          "  (read it aloud to the authority)\nIts --log-origin must be another name than before. "
          "Until it is installed people are heard,\nand no bundle can be written.\n\n";
  return text + "Next: resguardo-bot check --config " + options.config.string() + "\n";
}

}  // namespace

program::ExitCode restore(const RestoreOptions& options, program::Console& console) {
  const auto done = run_restore(options);
  if (!done.ok()) return console.fail(done.error());
  if (console.json()) {
    console.print(restored_json(*done, options));
  } else {
    console.print(restored_text(*done, options));
  }
  return console.finish();
}

}  // namespace resguardo::commands
