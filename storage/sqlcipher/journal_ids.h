// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "storage/sqlcipher/connection.h"
#include "storage/store.h"

namespace resguardo::storage {

// Whose a journal's row is: what the index has names of only (journal_index.h).
struct TurnOwners {
  std::optional<ConversationTag> tag;
  std::optional<ReportId> report;
};

class JournalIds {
 public:
  static Result<JournalIds> prepare(sqlcipher::Connection& connection);
  // Nothing: there is no row there (any more).
  Result<std::optional<TurnOwners>> at(std::uint64_t position);

 private:
  explicit JournalIds(sqlcipher::Statement ids) : ids_(std::move(ids)) {}
  sqlcipher::Statement ids_;
};

}  // namespace resguardo::storage
