// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/start.h"

#include <google/protobuf/stubs/logging.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <system_error>

#include "crypto/base/initialise.h"

namespace resguardo::program {
namespace {

bool leave_no_image() {
  const rlimit none{0, 0};
  return ::setrlimit(RLIMIT_CORE, &none) == 0 && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

const char* program = "";  // for end_without_a_word(), which may be called on any thread

// In the place of the C++ library's own end, which prints what the exception says.
[[noreturn]] void end_without_a_word() {
  static_cast<void>(std::fputs(program, stderr));
  static_cast<void>(std::fputs(": a defect in the program itself: it ends here\n", stderr));
  std::abort();
}

int code(ExitCode exit_code) {
  return static_cast<int>(exit_code);
}

}  // namespace

int run_program(const char* name, const std::function<ExitCode()>& body) {
  program = name;
  std::set_terminate(end_without_a_word);
  google::protobuf::SetLogHandler(nullptr);
  ::umask(077);
  ::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of write(), told like any other
  if (!leave_no_image() || !initialise_crypto().ok()) {
    std::cerr << name << ": this system does not let the program protect its memory\n";
    return code(ExitCode::kFailed);
  }
  try {
    return code(body());
  } catch (const std::bad_alloc&) {
    std::cerr << name << ": not enough memory\n";
  } catch (const std::system_error&) {  // mostly a thread that could not be made
    std::cerr << name << ": the system refuses memory, a thread or a file; raise its limits\n";
  } catch (const std::exception&) {
    std::cerr << name << ": a defect in the program itself; please report what you called\n";
  }
  return code(ExitCode::kFailed);
}

}  // namespace resguardo::program
