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
#include "storage/sqlcipher/acknowledged.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/journal_chain.h"
#include "storage/sqlcipher/journal_ids.h"
#include "storage/store.h"

namespace resguardo::storage {

// Reads the journal on a connection of its own.
class JournalReader {
 public:
  static Result<JournalReader> open(const std::filesystem::path& file, const SecretBytes& key);
  struct State {
    Day day;  // of its turn
    StoredConversation conversation;
  };
  // Nothing: the row is not this conversation's (any more).
  Result<std::optional<State>> state(std::uint64_t position, const ConversationTag& tag);
  // Whose the row there is; nothing: there is none (any more).
  Result<std::optional<TurnOwners>> ids_at(std::uint64_t position) { return ids_.at(position); }
  // What a report's turns up to the one at `newest` say. kMalformed: they are not there (any more).
  Result<SealedPart> parts(const ReportId& report, std::uint64_t newest);
  Result<std::uint64_t> bytes_in_use();                        // of the file
  sqlcipher::Connection& connection() { return connection_; }  // to inspect it

 private:
  JournalReader(sqlcipher::Connection connection, sqlcipher::Statement state, JournalChain chain,
                JournalIds ids);
  sqlcipher::Connection connection_;
  sqlcipher::Statement state_;
  JournalChain chain_;
  JournalIds ids_;
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
  Result<std::vector<ReportAcknowledgement>> acknowledgements() {
    return stored_acknowledgements(connection_);
  }
  Result<std::vector<StoredMedia>> media(const ReportId& report);
  Result<std::vector<StoredMedia>> all_media();
  Result<std::vector<StoredReply>> replies(const ReportId& report);
  Result<std::optional<StoredLink>> link(std::span<const LinkTag> tags);
  // Nothing: of no report here, or of one whose erasure has begun and cannot be undone.
  Result<std::optional<ReceiptFound>> receipt(const ReceiptLookup& lookup);
  Result<std::vector<Bytes>> log_entries();  // log_reads.cpp has these four
  Result<std::optional<StoredCheckpoint>> last_checkpoint();
  Result<std::optional<StoredCheckpoint>> checkpoint_of(Day day);
  Status logged(std::uint64_t from, std::uint64_t to, const LogStore::EntryVisitor& visit);
  Result<std::optional<Bytes>> fact(std::string_view name);
  // kMalformed: some report's key is not in its slot.
  Status find_all_keys();
  sqlcipher::Connection& connection() { return connection_; }  // to inspect it
  // A new file under the same key, read back to its last page (report_copy.cpp).
  Status copy_to(const std::filesystem::path& target, const SecretBytes& key);

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
  using Open = std::function<Result<Reader>()>;
  explicit ReaderPool(Open open) : open_(std::move(open)) {}

  // Calls `use` with a reader that is nobody else's meanwhile.
  template <class Use>
  auto with(Use&& use) -> decltype(use(std::declval<Reader&>())) {
    RESGUARDO_TRY(auto lease, take());
    auto result = use(*lease.reader);
    give_back(std::move(lease));
    return result;
  }

  // One that does not belong to the pool.
  Result<Reader> open_another() {
    Open open;
    {
      const std::lock_guard lock(mutex_);
      open = open_;
    }
    return open();
  }

  // From now on readers come from `open`. One that is in use goes when its user is done.
  void replace(Open open) {
    std::vector<std::unique_ptr<Reader>> closed;
    {
      const std::lock_guard lock(mutex_);
      open_.swap(open);
      ++generation_;
      retired_ += std::exchange(leased_, 0);
      closed.swap(idle_);
    }
  }
  // Whether a reader of before the last replace() is still in use.
  bool has_retired() {
    const std::lock_guard lock(mutex_);
    return retired_ > 0;
  }

 private:
  struct Lease {
    std::unique_ptr<Reader> reader;
    std::uint64_t generation = 0;
  };

  Result<Lease> take() {
    for (;;) {
      Lease lease;
      Open open;
      {
        const std::lock_guard lock(mutex_);
        lease.generation = generation_;
        ++leased_;
        if (!idle_.empty()) {
          lease.reader = std::move(idle_.back());
          idle_.pop_back();
          return lease;
        }
        open = open_;
      }
      auto reader = open();
      if (!reader.ok()) {
        if (count_out(lease.generation)) continue;  // its file has just gone
        return reader.error();
      }
      lease.reader = std::make_unique<Reader>(std::move(reader).value());
      return lease;
    }
  }
  void give_back(Lease lease) {
    std::unique_ptr<Reader> old = std::move(lease.reader);
    {
      const std::lock_guard lock(mutex_);
      if (lease.generation == generation_) {
        --leased_;
        idle_.push_back(std::move(old));
        return;
      }
    }
    old.reset();  // first closed, then counted out
    count_out(lease.generation);
  }
  // True: it is one of before the last replace().
  bool count_out(std::uint64_t generation) {
    const std::lock_guard lock(mutex_);
    const bool old = generation != generation_;
    --(old ? retired_ : leased_);
    return old;
  }

  std::mutex mutex_;
  Open open_;
  std::uint64_t generation_ = 0;
  std::size_t leased_ = 0;   // of this generation
  std::size_t retired_ = 0;  // of those before
  std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace resguardo::storage
