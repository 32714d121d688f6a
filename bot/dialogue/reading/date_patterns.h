// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "bot/dialogue/reading/date_figures.h"

namespace resguardo::dialogue {

// Finds dates in some words. What a word may mean is worked out once.
class DateFinder {
 public:
  // `own`: the lexicon is of the person's own language; in another, names of less than four letters
  // and slips of the pen mean nothing. `order`: said already. All has to outlive the finder.
  DateFinder(const Lexicon& lexicon, const Lexicons& all, const DateWords& said, Day today,
             bool own, std::optional<DateOrder> order);
  ~DateFinder();
  DateFinder(const DateFinder&) = delete;
  DateFinder& operator=(const DateFinder&) = delete;
  DateAt longest_at(std::size_t from) const;

 private:
  class Matcher;
  const Lexicon& lexicon_;
  const DateWords& said_;
  Day today_;
  std::optional<DateOrder> order_;
  std::unique_ptr<Matcher> matcher_;
};

}  // namespace resguardo::dialogue
