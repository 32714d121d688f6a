// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analyst/vault/vault.h"

namespace resguardo::analyst {

// Which reports hold some words (docs/adr/167): an index in the vault's own encrypted database.
//
// Promises: accents and case do not matter; nothing of the identity compartment, and nothing that
// was told anew or taken back, is found; nor is a report that its reporter took back, from the
// import on that brings the withdrawal; what is erased from the vault is gone from the index's
// pages with it.
class VaultSearch {
 public:
  explicit VaultSearch(Vault& vault) : vault_(vault) {}  // which outlives it

  // These run inside the caller's transaction. What is found of a report, anew from its records:
  Status index(const ReportId& report);
  Status index(const StoredReport& report);  // the same of one that was read already
  Status forget(const ReportId& report);
  // After forget(): what it left of words in the index's own structure goes; in a transaction of
  // its own, and again until it was done once. Writes the whole index anew.
  Status tidy();

  // Reports of a vault that had no index yet, in transactions of their own; how many.
  Result<std::size_t> index_missing();

  struct Hit {
    ReportId report;
    Day day;
    std::string language;  // of the report
    std::string snippet;   // hostile: whatever was told; what was found between [ and ]
  };
  struct Found {
    std::vector<Hit> hits;
    bool more = false;
  };
  // Reports with all of these, those first that came last. Each is a word, or words that stand
  // together; with * at its end, the beginning of one, of kShortestBeginning letters: fewer are
  // of too many words. At most kMostWords, kLongestWord bytes each. Else kRefused.
  static constexpr std::size_t kMostWords = 32;
  static constexpr std::size_t kLongestWord = 200;
  static constexpr std::size_t kShortestBeginning = 3;
  Result<Found> find(std::span<const std::string> words, std::size_t most);

 private:
  Vault& vault_;
};

}  // namespace resguardo::analyst
