// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "storage/store.h"

namespace resguardo::storage {

// A log that is a plain chain of hashes: every checkpoint depends on every entry before it and on
// their order, as a real one does.
class ChainBuilder final : public LogBuilder {
 public:
  Status begin(const std::optional<StoredCheckpoint>& last) override;
  Status append(ByteView entry) override;
  Result<Built> finish() override;

  std::vector<std::string> appended;
  std::optional<Error> fails_at_end;

 private:
  Bytes state_;
};

// The note that ChainBuilder gives for these entries.
std::string chain_note(std::span<const std::string> entries);

// All entries in their places, up to the last checkpoint.
std::vector<std::string> logged_entries(Store& store);

}  // namespace resguardo::storage
