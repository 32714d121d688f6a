// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/fault_run.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/support/paths.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::testing_support {
namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// In the child: nothing but what is safe between fork and exec in a program with threads.
[[noreturn]] void become(char* const* command, char* const* environment, int out, int errors) {
  ::dup2(out, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execve(command[0], command, environment);
  ::_exit(127);
}

std::vector<std::string> environment_for(const FaultPlan& plan, const std::string& counts) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) result.emplace_back(*entry);
  result.push_back("LD_PRELOAD=" + (bin_dir() / "libresguardo_write_fault.so").string());
  result.push_back("RESGUARDO_FAULT_KIND=" + plan.kind);
  result.push_back("RESGUARDO_FAULT_AT=" + std::to_string(plan.at));
  result.push_back("RESGUARDO_FAULT_UNDER=" + plan.under.string());
  result.push_back("RESGUARDO_FAULT_COUNTS=" + counts);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

FaultRun run_with_faults(const std::vector<std::string>& command, const FaultPlan& plan) {
  const TemporaryDirectory scratch;
  const auto file = [&](const char* name) { return (scratch.path() / name).string(); };
  auto arguments = command;
  auto settings = environment_for(plan, file("counts"));
  const auto argument_pointers = pointers(arguments);
  const auto setting_pointers = pointers(settings);
  const int out = ::open(file("out").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int errors = ::open(file("err").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const pid_t child = ::fork();
  if (child == 0) become(argument_pointers.data(), setting_pointers.data(), out, errors);
  ::close(out);
  ::close(errors);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child)
    throw std::runtime_error("a program could not be run");
  FaultRun run;
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  run.output = content_of(file("out"));
  run.errors = content_of(file("err"));
  std::ifstream counts(file("counts"));
  for (std::string name; counts >> name;) counts >> run.counts[name];
  return run;
}

}  // namespace resguardo::testing_support
