// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "analyst/duplicates/traits.h"

namespace resguardo::analyst {

// Which pairs of incidents are worth comparing: of two different reports, and
// - of one category, at one place or at places that face each other across the border, with days
//   that may be at most seven apart (45 where one is known to the month only) and numbers of
//   victims that do not exclude each other; or
// - with a file in common; or
// - whose stories have one of their smallest hashes in common: nearly the same words.
// WARNING: two accounts that differ in place or category, or do not say where or when, and have no
// words or files in common, are not found.
// What more incidents than this have in common, words or a file, goes from hand to hand and is no
// reason to compare them.
inline constexpr std::size_t kTooCommon = 100;
inline constexpr int kDaysApart = 7;
inline constexpr int kMonthsApart = 45;  // days

// Each pair once, in no promised order; indices into `incidents`, the smaller first. At most `most`
// pairs: false when there were more.
using PairVisitor = std::function<void(std::size_t, std::size_t)>;
bool candidate_pairs(std::span<const IncidentTraits> incidents, std::size_t most,
                     const PairVisitor& visit);

// Bands of the questionnaire: "1", "2_5", "over_100". True when nobody knows.
bool victims_fit(const std::string& a, const std::string& b);

}  // namespace resguardo::analyst
