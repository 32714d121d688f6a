// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/run_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace resguardo::testing_support {
namespace {

// A file in memory that goes with the object; far above any descriptor a test names.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& content = "") {
    const int low = ::memfd_create("stream", MFD_CLOEXEC);
    number_ = low < 0 ? -1 : ::fcntl(low, F_DUPFD_CLOEXEC, 100);
    ::close(low);
    if (number_ < 0 ||
        ::write(number_, content.data(), content.size()) != static_cast<ssize_t>(content.size()) ||
        ::lseek(number_, 0, SEEK_SET) != 0)
      throw std::runtime_error("a stream for the program could not be made");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(number_); }
  int number() const { return number_; }
  std::string content() const {
    std::string all;
    std::array<char, 65536> chunk{};
    ssize_t got = 0;
    ::lseek(number_, 0, SEEK_SET);
    while ((got = ::read(number_, chunk.data(), chunk.size())) > 0)
      all.append(chunk.data(), static_cast<std::size_t>(got));
    return all;
  }

 private:
  int number_ = -1;
};

class Actions {
 public:
  Actions() { posix_spawn_file_actions_init(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  void connect(const MemoryFile& file, int as) {
    posix_spawn_file_actions_adddup2(&actions_, file.number(), as);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

void wait_for(pid_t child, ProgramResult& result) {
  int status = 0;
  rusage used{};
  if (::wait4(child, &status, 0, &used) != child) throw std::runtime_error("wait4 failed");
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.peak_kib = used.ru_maxrss;
}

std::vector<std::string> environment() {
  std::vector<std::string> kept;
  for (const char* name : {"PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
                           "LLVM_PROFILE_FILE"})
    if (const char* value = std::getenv(name); value != nullptr)
      kept.push_back(std::string(name) + "=" + value);
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

ProgramResult run_program(const ProgramRun& run) {
  const MemoryFile in(run.input);
  const MemoryFile out;
  const MemoryFile err;
  std::vector<std::unique_ptr<MemoryFile>> further;
  Actions actions;
  actions.connect(in, 0);
  actions.connect(out, 1);
  actions.connect(err, 2);
  for (const auto& [as, content] : run.pipes) {
    further.push_back(std::make_unique<MemoryFile>(content));
    actions.connect(*further.back(), as);
  }
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // no terminal to ask on
  std::vector<std::string> arguments = run.arguments;
  std::vector<std::string> kept = environment();
  pid_t child = 0;
  const int failed = posix_spawn(&child, arguments.at(0).c_str(), actions.get(), &attributes,
                                 pointers(arguments).data(), pointers(kept).data());
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) throw std::runtime_error("cannot start " + arguments.at(0));
  ProgramResult result;
  wait_for(child, result);
  result.out = out.content();
  result.err = err.content();
  return result;
}

}  // namespace resguardo::testing_support
