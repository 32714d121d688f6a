// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "program/problem.h"
#include "program/progress.h"

namespace resguardo::program {

// Where a command talks to the person or script that called it: data on `out`, everything else on
// `err`, one line a problem:
//   resguardo-analyst: WHERE: WHAT; MEND
class Console {
 public:
  // Both streams outlive it. `json`: the caller wants data as JSON.
  Console(std::string program, std::ostream& out, std::ostream& err, bool json);

  bool json() const { return json_; }
  // Data for people; must be made visible() where it came from outside.
  void print(std::string_view text);
  // Data for scripts: one line.
  void print(const boost::json::value& value);
  void note(std::string_view line);  // on err, without the program's name
  void warn(std::string_view line);  // on err: "program: warning: line"
  ExitCode fail(const Problem& problem);
  // A bar for long work, if a person watches. No other line while it is there.
  Progress progress(const std::string& what, std::uint64_t total);
  // kDone if everything printed has left; else says that it did not.
  ExitCode finish();

 private:
  std::string program_;
  std::ostream& out_;
  std::ostream& err_;
  bool json_;
};

// What a command returned, for main(): its problem printed, or `out` flushed.
ExitCode conclude(Console& console, const Outcome<Done>& outcome);

}  // namespace resguardo::program
