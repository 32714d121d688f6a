// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "storage/print.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/journal_media.h"
#include "storage/store.h"

namespace resguardo::storage {

// What is open, as a new day's journal holds it: a conversation, a report, or a report with the
// conversation that writes to it. One row, whatever number of turns it was told in.
struct OpenRow {
  Day day;  // of the last turn
  struct State {
    ConversationTag tag;
    StoredConversation conversation;
  };
  std::optional<State> state;
  struct Report {
    ReportId report;
    bool keep_partial = false;
    bool closing = false;
    Bytes sealed;
    std::vector<Print> segments;
    std::optional<std::int32_t> week;  // the earliest one of these, its number
  };
  std::optional<Report> report;
};

// A journal in the making: a new file that nobody reads. One thread at a time. add(), remove() and
// deliver() run inside the caller's transaction.
class NextJournal {
 public:
  static Result<NextJournal> create(const std::filesystem::path& file, const SecretBytes& key,
                                    std::uint64_t first_position);
  NextJournal(NextJournal&& other) noexcept;
  NextJournal& operator=(NextJournal&&) = delete;
  ~NextJournal();

  sqlcipher::Connection& connection() { return connection_; }
  std::uint64_t next_position() const { return next_position_; }
  Result<std::uint64_t> add(const OpenRow& row);  // its position
  Status remove(std::uint64_t position);
  Status deliver(Print print, Day day);
  Status add(const MediaRow& row);
  // All of it is in the one file, and on disk. Nothing may be added any more.
  Status finish();

 private:
  struct Statements;
  Status list(const OpenRow& row, std::uint64_t position);
  NextJournal(sqlcipher::Connection connection, std::unique_ptr<Statements> statements,
              std::uint64_t first_position);
  sqlcipher::Connection connection_;
  std::unique_ptr<Statements> statements_;
  std::uint64_t next_position_;
};

}  // namespace resguardo::storage
