// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/storage/script.h"

namespace resguardo::storage {

// People who tell at random: begin, go on, begin another segment, send files, which are all lost
// later, fall silent over midnight, leave, finish, erase, come back to a report from another
// conversation. Each turn is one that a store
// takes that has recorded those before.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : random_(seed) {}
  Turn next(Day day);
  const std::vector<Turn>& told() const { return told_; }

 private:
  struct Segment {
    std::uint32_t number = 0;
    std::uint64_t next = 0;
  };
  struct Report {
    std::uint32_t number = 0;
    std::vector<Segment> segments;
  };
  struct Person {
    std::uint32_t tag = 0;  // 0: unknown
    std::uint64_t counter = 0;
    std::optional<Report> report;
  };

  struct File {
    std::uint32_t number = 0;
    std::uint32_t report = 0;
  };

  std::uint32_t below(std::uint32_t bound);
  Turn heard(Person& person, Day day);
  void write(Person& person, Turn& turn);
  void end(Person& person, Turn& turn);
  Turn lose_file(Day day);
  Turn begin(Person& person, Day day);
  Turn go_on(Person& person, Day day);

  std::mt19937_64 random_;
  std::uint32_t numbers_ = 1;
  std::vector<Person> people_{12};
  std::vector<Report> left_;  // open, and nobody writes to them
  std::vector<File> files_;   // that wait, of open and closed reports
  std::vector<Turn> told_;
};

// dump(), what was sealed of every open report, and which files wait.
std::string dump_all(Store& store, const std::vector<Turn>& turns);

}  // namespace resguardo::storage
