// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace resguardo::program {

// One line that says how far a long piece of work is, drawn over itself:
//   opening b.001  [########------------]  40 %  0:12 left
// Nothing in the first second, at most ten times a second after that, and the line is cleared when
// it goes. Silent where `shown` is false: whoever makes it asks whether a terminal is there.
// Not thread-safe.
class Progress {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  // `out` outlives it. `total`: what at() will reach; 0: unknown, and nothing is drawn.
  Progress(std::ostream& out, bool shown, const std::string& what, std::uint64_t total,
           Clock clock = std::chrono::steady_clock::now);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::uint64_t done);

 private:
  std::ostream& out_;
  bool shown_;
  std::string what_;
  std::uint64_t total_;
  Clock clock_;
  std::chrono::steady_clock::time_point begun_, drawn_;
  bool visible_ = false;
};

}  // namespace resguardo::program
