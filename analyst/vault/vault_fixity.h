// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analyst/vault/vault.h"

namespace resguardo::analyst {

// What a check of everything that a vault keeps came to.
struct FixityFindings {
  std::uint64_t segments = 0;
  std::uint64_t rows = 0;     // as they were sealed
  std::uint64_t records = 0;  // that were opened, each against the row that it was sealed in
  std::uint64_t files = 0;    // that were whole when they were looked at
  std::uint64_t forms = 0;
  std::uint64_t rosters = 0;
  std::uint64_t log_entries = 0;
  std::uint64_t without_rows = 0;  // segments from before rows were kept: nothing to compare

  struct Broken {
    std::string where;  // "report 1a2b3c4d, segment 0, row 3"
    StaticText what;
  };
  std::vector<Broken> broken;
};

// Computes again, offline, every digest that the vault has of what it keeps: headers, sealed rows
// and their chains, records against their rows, files, questionnaires, rosters, logs.
//
// Promises: a bit that changed in any of these is found. WARNING: digests lie beside what they are
// of: who can write the vault can change both. What the logs say of the chains, `list` says.
class VaultFixity {
 public:
  explicit VaultFixity(Vault& vault) : vault_(vault) {}  // which outlives it
  // `done`: called after each segment and file.
  Result<FixityFindings> check(const std::function<void(std::uint64_t done)>& done = {});
  Result<std::uint64_t> size();  // how many segments and files there are

 private:
  struct Segment;
  using SealedDigests = std::map<std::uint64_t, std::array<std::string, 2>>;  // by row and stream
  Status check_segments();
  Status check_segment(const Segment& segment);
  Status check_sealed(const Segment& segment, SealedDigests& sealed);
  Status check_records(const Segment& segment, const SealedDigests& sealed);
  Status check_files();
  Status check_named();
  Status check_logs();
  void broken(std::string where, StaticText what);
  void step();
  Vault& vault_;
  FixityFindings found_;
  std::uint64_t done_ = 0;
  std::function<void(std::uint64_t)> tell_;
};

}  // namespace resguardo::analyst
