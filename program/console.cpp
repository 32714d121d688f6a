// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/console.h"

#include <unistd.h>

#include <boost/json.hpp>
#include <iostream>

#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::program {

Console::Console(std::string program, std::ostream& out, std::ostream& err, bool json)
    : program_(std::move(program)), out_(out), err_(err), json_(json) {}

void Console::print(std::string_view text) {
  out_ << text;
}

void Console::print(const boost::json::value& value) {
  out_ << json_line(value) << '\n';
}

void Console::note(std::string_view line) {
  err_ << visible(line) << '\n';
}

void Console::warn(std::string_view line) {
  err_ << program_ << ": warning: " << visible(line) << '\n';
}

ExitCode Console::fail(const Problem& problem) {
  out_.flush();
  std::string line = program_ + ": ";
  if (!problem.where.empty()) line += visible(problem.where) + ": ";
  line += visible(problem.what);
  if (!problem.mend.empty()) line += "; " + visible(problem.mend);
  err_ << line << '\n';
  err_.flush();
  return problem.code;
}

Progress Console::progress(const std::string& what, std::uint64_t total) {
  return Progress(err_, &err_ == &std::cerr && is_terminal(STDERR_FILENO), what, total);
}

ExitCode Console::finish() {
  out_.flush();
  err_.flush();
  if (out_.good()) return ExitCode::kDone;
  return fail({"standard output", "could not be written", "", ExitCode::kFailed});
}

ExitCode conclude(Console& console, const Outcome<Done>& outcome) {
  return outcome.ok() ? console.finish() : console.fail(outcome.error());
}

}  // namespace resguardo::program
