// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/vault/vault.h"
#include "crypto/base/clock.h"

namespace resguardo::analyst {

// The last checkpoint of one log that this vault has verified.
struct KeptCheckpoint {
  std::string origin;
  std::uint64_t size = 0;
  Day day;
  Bytes tree;        // CompactTree::encode()
  std::string note;  // as signed
};

// Entries of one log that wait for their place; more than a server's busiest day.
constexpr std::int64_t kMostPromises = 100'000;

// An entry that a bundle showed before it had a place in the log. Nobody signed it.
struct LogPromise {
  Digest leaf;
  Day day;  // of the bundle
  Bytes entry;
};

// That the log says a week's segments are all over: no report of that week can come any more.
struct ClosedWeek {
  std::string origin;
  std::uint64_t position = 0;  // of EPOCH_CLOSED
  // Entries that must be here before the week's keys go: a day's entries are in random order, so
  // reports of the week may stand behind EPOCH_CLOSED.
  std::uint64_t upto = 0;
  Day day;  // of the verified checkpoint that covers them
};

// A member whose keys open what is in a vault. They have yet to open a segment if it is sealed for
// them, they did not open it to its end, and the key of its week is still there.
struct VaultReader {
  MemberId member;
  std::function<bool(Week)> has_key;
};

// The logs in a vault, by origin. What is in here was verified against a checkpoint that a believed
// roster's log key signed (log_judge.h), and is only ever added to. Beside it promises, which say
// what anybody may have put onto a stick.
//
// `key retire` asks closed(), missing() and unread(): analyst/import/retirement.h.
class VaultLog {
 public:
  explicit VaultLog(Vault& vault);  // which outlives it
  // How many promises of one log are kept.
  void keep_promises(std::int64_t most) { most_promises_ = most; }

  Result<std::optional<KeptCheckpoint>> kept(std::string_view origin);
  Result<std::vector<KeptCheckpoint>> all();  // by origin

  Result<std::optional<Digest>> leaf(std::string_view origin, std::uint64_t position);
  Result<std::optional<std::uint64_t>> position_of(std::string_view origin, const Digest& leaf);
  using Visitor = std::function<Status(std::uint64_t position, const Digest& leaf)>;
  // Leaves [0, to) in order. kMalformed: one is missing.
  Status leaves(std::string_view origin, std::uint64_t to, const Visitor& visit);

  struct Entry {
    std::string origin;
    std::optional<std::uint64_t> position;  // nothing: promised, not in the log
    Bytes entry;
  };
  // What the logs say of a report (or member …), in order of position; promises last.
  Result<std::vector<Entry>> about(ByteView subject);
  // The same of many reports at once: if they are many, by reading each log once from its
  // beginning, where questions one by one would go all over it.
  using About = std::map<ReportId, std::vector<Entry>>;
  Result<About> about_all(const std::set<ReportId>& reports);
  Result<std::vector<LogPromise>> promises(std::string_view origin);

  Result<std::vector<ClosedWeek>> closed(Week week);
  // Reports that entries below `position` name (REPORT, ADDENDUM, INCOMPLETE) and that are not
  // here as the log says, open to their end. Not among them: what the log says was withdrawn or
  // expired, and what came whole but is sealed for other readers only.
  Result<std::vector<ReportId>> missing(std::string_view origin, std::uint64_t position);
  // The same for one member: what did not come as the log says, or has a segment that `reader` has
  // yet to open.
  Result<std::vector<ReportId>> missing(std::string_view origin, std::uint64_t position,
                                        const VaultReader& reader);
  // Reports with a segment of this week that is here and that `reader` has yet to open.
  Result<std::vector<ReportId>> unread(Week week, const VaultReader& reader);
  // Of every bundle that came; an empty one: of a server without a log.
  Result<std::vector<std::string>> origins();

  // One log being continued: nothing of it stays unless commit() returns.
  class Update;
  Result<Update> begin(std::string_view origin);

 private:
  Result<std::vector<ReportId>> named_reports(std::string_view origin, std::uint64_t position);
  Result<bool> yet_to_open(const ReportId& report, const VaultReader& reader);
  Vault& vault_;
  std::int64_t most_promises_ = kMostPromises;
};

class VaultLog::Update {
 public:
  // The next entry, or one that is here already.
  Status add(std::uint64_t position, ByteView entry);
  // One without a place; nothing if it has one, or if too many of this log wait.
  Status promise(ByteView entry, Day bundle);
  // Forgets promises that were kept. `checkpoint`: what the log is now known up to; nothing: as
  // before. kConflict: the entries that were added do not make its tree.
  Status commit(const std::optional<KeptCheckpoint>& checkpoint);

  Update(Update&&) noexcept;
  Update& operator=(Update&&) = delete;
  ~Update();

 private:
  friend class VaultLog;
  struct State;
  explicit Update(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace resguardo::analyst
