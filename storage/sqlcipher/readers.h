// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "storage/slot_file.h"
#include "storage/sqlcipher/connection.h"
#include "storage/store.h"

namespace resguardo::storage {

// Reads the journal on a connection of its own.
class JournalReader {
 public:
  static Result<JournalReader> open(const std::filesystem::path& file, const SecretBytes& key);
  // Nothing: the row is not this conversation's (any more).
  Result<std::optional<StoredConversation>> state(std::uint64_t position,
                                                  const ConversationTag& tag);

 private:
  JournalReader(sqlcipher::Connection connection, sqlcipher::Statement state);
  sqlcipher::Connection connection_;
  sqlcipher::Statement state_;
};

// Reads the report store on a connection of its own.
class ReportReader {
 public:
  static Result<ReportReader> open(const std::filesystem::path& file, const SecretBytes& key,
                                   std::shared_ptr<const SlotFile> slots);
  Result<std::vector<StoredReport>> reports();
  // kMalformed, and only of this report: its key is not in its slot.
  Result<std::vector<StoredSegment>> segments(const ReportId& report);
  Status rows(const Digest& segment, const Store::RowVisitor& visit);
  Result<std::vector<Bytes>> log_entries();  // log_reads.cpp has these four
  Result<std::optional<StoredCheckpoint>> last_checkpoint();
  Result<std::optional<StoredCheckpoint>> checkpoint_of(Day day);
  Status logged(std::uint64_t from, std::uint64_t to, const LogStore::EntryVisitor& visit);
  Result<std::optional<Bytes>> fact(std::string_view name);

 private:
  ReportReader(sqlcipher::Connection connection, std::shared_ptr<const SlotFile> slots)
      : connection_(std::move(connection)), slots_(std::move(slots)) {}
  Result<std::optional<SecretBytes>> key_of(const ReportId& report);
  sqlcipher::Connection connection_;
  std::shared_ptr<const SlotFile> slots_;
};

// Readers that wait for their next use. As many are made as threads read at once; they close with
// the pool. Thread-safe; leases must be gone before the pool.
template <class Reader>
class ReaderPool {
 public:
  explicit ReaderPool(std::function<Result<Reader>()> open) : open_(std::move(open)) {}

  // Calls `use` with a reader that is nobody else's meanwhile.
  template <class Use>
  auto with(Use&& use) -> decltype(use(std::declval<Reader&>())) {
    RESGUARDO_TRY(auto reader, take());
    auto result = use(*reader);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(reader));
    return result;
  }

 private:
  Result<std::unique_ptr<Reader>> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto reader = std::move(idle_.back());
        idle_.pop_back();
        return reader;
      }
    }
    RESGUARDO_TRY(auto reader, open_());
    return std::make_unique<Reader>(std::move(reader));
  }

  const std::function<Result<Reader>()> open_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace resguardo::storage
