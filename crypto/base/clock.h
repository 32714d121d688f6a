// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace resguardo {

// Milliseconds since 1970-01-01 UTC. Logic takes it as an argument; only wiring reads a clock.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

// A UTC day. What is stored about people and reports has this resolution and no finer.
struct Day {
  std::int32_t number = 0;  // days since 1970-01-01
  friend auto operator<=>(const Day&, const Day&) = default;
};
Day day_of(TimePoint time);
TimePoint start_of(Day day);
std::string to_string(Day day);  // 2026-11-21
std::optional<Day> parse_day(std::string_view text);

// An ISO 8601 week. `number` counts weeks since the Monday 1970-01-05 (0), so that arithmetic is
// plain; the text form is the standard's 2026-W47.
struct Week {
  std::int32_t number = 0;
  friend auto operator<=>(const Week&, const Week&) = default;
};
Week week_of(TimePoint time);
Day monday_of(Week week);
std::string to_string(Week week);
std::optional<Week> parse_week(std::string_view text);

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
};
class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
};

}  // namespace resguardo
