// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "analyst/export/coarser.h"

namespace resguardo::analyst {

// Incidents of a public file: each is a report of its own with nothing in it but what the public
// columns show, under a name that says nothing, in an order that says nothing.
struct PublicRows {
  std::vector<CodedReport> rows{};
  std::uint64_t before = 0;
  std::uint64_t too_few = 0;          // not shown: too few would be alike
  std::uint64_t sexual_violence = 0;  // never shown row by row
};

// Promises: at least `k` rows are alike in every public column but their name. A row is shown by
// its month, area, nationality, gender, age and categories; one that is like fewer than k others
// becomes a region of origin, then loses nationality, age, its link to the United States, the month
// (a quarter), gender, area and time, one after the other; then it is not shown. Rows that became
// coarser together are counted together only.
//
// NOT done: what a row lost can be guessed from those that lost less; two files are not compared
// here (vault_releases.h). Who knows that a person is in it knows what their class shares.
class PublicRelease {
 public:
  explicit PublicRelease(const Codes& codes, Pseudonyms names) : codes_(codes), names_(names) {}
  void add(const CodedReport& report);
  PublicRows rows(std::uint64_t k = kLeastAlike) &&;

 private:
  const Codes& codes_;
  Pseudonyms names_;
  PublicRows result_;
  std::vector<CodedReport> waiting_;
};

// What is shown of a public row besides its name, all in one.
std::string public_key(const CodedReport& row, const Codes& codes);
// The same of an incident that is none yet, as it would be shown at first: how alike rows of
// another profile are.
std::string public_key_of(const Incident& incident, const Codes& codes);

}  // namespace resguardo::analyst
