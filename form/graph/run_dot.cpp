// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/graph/run_dot.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace resguardo::form {
namespace {

using program::Outcome;

Outcome<std::string> cannot(const char* what) {
  return program::Problem{"dot", what,
                          "install graphviz, or write a .dot file and draw it elsewhere",
                          program::ExitCode::kFailed};
}

// A file in memory that goes when it is closed.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name) : file_(::memfd_create(name, MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (file_ >= 0) ::close(file_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  int descriptor() const { return file_; }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const auto written = ::write(file_, text.data(), text.size());
      if (written <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::lseek(file_, 0, SEEK_SET) == 0;
  }
  std::string read_all() const {
    std::string text;
    std::array<char, 65536> part{};
    if (::lseek(file_, 0, SEEK_SET) != 0) return text;
    for (ssize_t got = 0; (got = ::read(file_, part.data(), part.size())) > 0;) {
      text.append(part.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int file_;
};

int run(int in, int out) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  std::string program = "dot";
  std::string format = "-Tsvg";
  std::array<char*, 3> arguments = {program.data(), format.data(), nullptr};
  pid_t child = -1;
  const int failed = ::posix_spawnp(&child, "dot", &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return 127;
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 1;
  return WEXITSTATUS(status);
}

}  // namespace

Outcome<std::string> run_dot(std::string_view drawing) {
  const MemoryFile in("drawing");
  const MemoryFile out("picture");
  if (in.descriptor() < 0 || out.descriptor() < 0 || !in.write(drawing)) {
    return cannot("could not be given the drawing");
  }
  const int code = run(in.descriptor(), out.descriptor());
  if (code == 127) return cannot("is not there");
  if (code != 0) return cannot("failed");
  return out.read_all();
}

}  // namespace resguardo::form
