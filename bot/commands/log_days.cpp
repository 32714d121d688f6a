// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/log_days.h"

#include <algorithm>
#include <sstream>

#include "bot/commands/archive.h"
#include "crypto/log/checkpoint.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"
#include "proto/roster.pb.h"

namespace resguardo::commands {
namespace {

constexpr std::string_view kEndedLogs = "ended_logs";

// Builds the real tree for the store's turnover.
class TreeBuilder final : public storage::LogBuilder {
 public:
  TreeBuilder(const LogKey& key, std::string origin, Day day)
      : key_(key), origin_(std::move(origin)), day_(day) {}

  Status begin(const std::optional<storage::StoredCheckpoint>& last) override {
    tree_ = CompactTree();
    if (!last) return success();
    RESGUARDO_TRY(const auto note, parse_checkpoint(last->note));
    RESGUARDO_TRY(tree_, CompactTree::decode(last->tree));
    const Checkpoint& signed_before = note.checkpoint;
    if (signed_before.size != tree_.size() || signed_before.root != tree_.root())
      return Error{Fault::kMalformed, "the log's tree is not what its checkpoint says"};
    if (signed_before.origin != origin_)
      return Error{Fault::kRefused, "the roster names this log anew: it was begun otherwise"};
    return success();
  }
  Status append(ByteView entry) override {
    tree_.append(leaf_hash(entry));
    return success();
  }
  Result<Built> finish() override {
    RESGUARDO_TRY(auto note, sign_checkpoint(key_, dated_checkpoint(origin_, tree_.size(),
                                                                    tree_.root(), day_)));
    return Built{tree_.encode(), std::move(note)};
  }

 private:
  const LogKey& key_;
  std::string origin_;
  Day day_;
  CompactTree tree_;
};

Result<pb::Roster> parsed_roster(ByteView bytes) {
  pb::RosterFile file;
  pb::Roster roster;
  if (!file.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !roster.ParseFromString(file.roster().message()))
    return Error{Fault::kMalformed, "a roster that the store kept is damaged"};
  return roster;
}

// Without any: an empty one, which names nothing.
Result<pb::Roster> newest_roster(storage::Store& store) {
  RESGUARDO_TRY(const auto rosters, kept(store, Kept::kRoster));
  if (rosters.empty()) return pb::Roster();
  return parsed_roster(rosters.back());
}

}  // namespace

Result<std::string> log_origin(storage::Store& store) {
  RESGUARDO_TRY(const auto roster, newest_roster(store));
  RESGUARDO_TRY(const auto ended, ended_logs(store));
  const bool over = std::ranges::find(ended, roster.log_origin()) != ended.end();
  return over ? std::string() : roster.log_origin();
}

// A log that never began anew is signed whatever the roster says, as long as it has a name: whoever
// holds the root key may name the key later, and checkpoints of before are then good.
Result<std::string> own_log_origin(storage::Store& store, const PublicKey<LogRole>& own) {
  RESGUARDO_TRY(auto origin, log_origin(store));
  RESGUARDO_TRY(const auto ended, ended_logs(store));
  if (origin.empty() || ended.empty()) return origin;
  RESGUARDO_TRY(const auto roster, newest_roster(store));
  const bool ours = std::ranges::any_of(
      roster.log_keys(), [&](const std::string& key) { return equal(as_bytes(key), own.view()); });
  return ours ? origin : std::string();
}

Status end_logs_of_rosters(storage::Store& store) {
  RESGUARDO_TRY(const auto rosters, kept(store, Kept::kRoster));
  for (const Bytes& file : rosters) {
    RESGUARDO_TRY(const auto roster, parsed_roster(file));
    RESGUARDO_CHECK(end_log(store, roster.log_origin()));
  }
  return success();
}

Result<std::vector<std::string>> ended_logs(storage::Store& store) {
  RESGUARDO_TRY(const auto fact, store.fact(kEndedLogs));
  std::vector<std::string> names;
  if (!fact) return names;
  std::istringstream lines{to_string(*fact)};
  for (std::string line; std::getline(lines, line);) names.push_back(line);
  return names;
}

// Names of logs hold no line ends (crypto/format/plain_name.h).
Status end_log(storage::Store& store, std::string_view origin) {
  RESGUARDO_TRY(const auto before, ended_logs(store));
  if (origin.empty() || std::ranges::find(before, origin) != before.end()) return success();
  std::string text;
  for (const std::string& name : before) text.append(name).append("\n");
  text.append(origin).append("\n");
  return store.set_fact(kEndedLogs, as_bytes(text));
}

Status close_log_day(storage::Store& store, const LogKey& key, Day day) {
  RESGUARDO_TRY(const auto last, store.last_checkpoint());
  if (last && last->day >= day) return success();
  RESGUARDO_TRY(const auto waiting, store.log_entries());
  if (!last && waiting.empty()) return success();
  RESGUARDO_TRY(auto origin, own_log_origin(store, key.public_key()));
  if (origin.empty()) return Error{Fault::kNotFound, "no roster names this server's log"};
  TreeBuilder builder(key, std::move(origin), day);
  const Status closed = store.turn_over_log(day, builder);
  if (!closed.ok() && closed.error().fault == Fault::kConflict) return success();
  return closed;
}

Result<storage::StoredCheckpoint> own_checkpoint(storage::Store& store, const LogKey& key,
                                                 std::string_view note) {
  constexpr Error kNotOurs = {Fault::kUnauthentic, "this log never made that checkpoint"};
  RESGUARDO_TRY(const auto given, parse_checkpoint(note));
  const auto day = checkpoint_day(given.checkpoint);
  if (!day || !verify_checkpoint(given, key.public_key())) return kNotOurs;
  RESGUARDO_TRY(auto stored, store.checkpoint_of(*day));
  if (!stored) return kNotOurs;
  RESGUARDO_TRY(const auto ours, parse_note(stored->note));
  if (ours.text != given.note.text) return kNotOurs;
  return std::move(*stored);
}

void LogDays::run(TimePoint now) {
  const Day today = day_of(now);
  const Day yesterday{today.number - 1};
  if (closed_ != yesterday && close_log_day(store_, key_, yesterday).ok()) closed_ = yesterday;
  const auto last = store_.last_checkpoint();
  if (!last.ok()) return;
  age_ = *last ? today.number - (*last)->day.number : kNone;
}

}  // namespace resguardo::commands
