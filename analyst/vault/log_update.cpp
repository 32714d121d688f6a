// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_log.h"
#include "analyst/vault/vault_state.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"

namespace resguardo::analyst {

using sqlcipher::Statement;

struct VaultLog::Update::State {
  sqlcipher::Connection& database;
  sqlcipher::Transaction transaction;
  std::string origin;
  CompactTree tree;
  bool grown = false;
  Statement put_entry;
  Statement find_entry;
  Statement put_promise;
  std::int64_t promises;  // how many more are kept
};

VaultLog::Update::Update(std::unique_ptr<State> state) : state_(std::move(state)) {}
VaultLog::Update::Update(Update&&) noexcept = default;
VaultLog::Update::~Update() = default;

Result<VaultLog::Update> VaultLog::begin(std::string_view origin) {
  auto& database = vault_.state_->database;
  RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(database));
  RESGUARDO_TRY(const auto kept_before, kept(origin));
  CompactTree tree;
  if (kept_before) {
    RESGUARDO_TRY(tree, CompactTree::decode(kept_before->tree));
  }
  RESGUARDO_TRY(auto put_entry, database.prepare("INSERT INTO log_entries (origin, position, leaf,"
                                                 " kind, subject, week, entry)"
                                                 " VALUES (?, ?, ?, ?, ?, ?, ?)"));
  RESGUARDO_TRY(auto find_entry, database.prepare("SELECT entry FROM log_entries"
                                                  " WHERE origin = ? AND position = ?"));
  RESGUARDO_TRY(auto put_promise,
                database.prepare("INSERT INTO log_promises (origin, leaf, subject, day, entry)"
                                 " SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM"
                                 " log_entries WHERE origin = ?1 AND leaf = ?2)"
                                 " ON CONFLICT DO NOTHING"));
  RESGUARDO_TRY(auto count, database.prepare("SELECT count(*) FROM log_promises WHERE origin = ?"));
  RESGUARDO_TRY(auto counted, count.query(origin));
  RESGUARDO_TRY(const bool there, counted.next());
  const std::int64_t promises = most_promises_ - (there ? counted.integer(0) : 0);
  return Update(std::make_unique<Update::State>(Update::State{
      database, std::move(transaction), std::string(origin), std::move(tree), false,
      std::move(put_entry), std::move(find_entry), std::move(put_promise), promises}));
}

Status VaultLog::Update::add(std::uint64_t position, ByteView entry) {
  constexpr Error kOther = {Fault::kConflict, "the server's log says something else than before"};
  const std::string_view origin = state_->origin;
  if (position < state_->tree.size()) {
    RESGUARDO_TRY(auto rows, state_->find_entry.query(origin, position));
    RESGUARDO_TRY(const bool there, rows.next());
    return there && equal(rows.bytes(0), entry) ? success() : Status(kOther);
  }
  if (position > state_->tree.size()) return kOther;
  RESGUARDO_TRY(const auto fact, parse_log_entry(entry));
  const Digest leaf = leaf_hash(entry);
  state_->tree.append(leaf);
  state_->grown = true;
  const auto week = fact.week ? std::optional(to_string(*fact.week)) : std::nullopt;
  const auto week_text = week ? std::optional(std::string_view(*week)) : std::nullopt;
  return state_->put_entry.run(origin, position, leaf, static_cast<int>(fact.kind), fact.id,
                               week_text, entry);
}

Status VaultLog::Update::promise(ByteView entry, Day bundle) {
  RESGUARDO_TRY(const auto fact, parse_log_entry(entry));
  if (state_->promises <= 0) return success();
  RESGUARDO_CHECK(state_->put_promise.run(std::string_view(state_->origin), leaf_hash(entry),
                                          fact.id, bundle.number, entry));
  state_->promises -= state_->database.changes();
  return success();
}

Status VaultLog::Update::commit(const std::optional<KeptCheckpoint>& checkpoint) {
  auto& database = state_->database;
  if (state_->grown && !checkpoint) return Error{Fault::kConflict, "entries without a checkpoint"};
  if (checkpoint) {
    if (checkpoint->origin != state_->origin || checkpoint->tree != state_->tree.encode())
      return Error{Fault::kConflict, "the log changed while it was read"};
    RESGUARDO_TRY(auto put, database.prepare("INSERT INTO logs (origin, size, day, tree, note)"
                                             " VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin)"
                                             " DO UPDATE SET size = excluded.size, day ="
                                             " excluded.day, tree = excluded.tree, note ="
                                             " excluded.note"));
    RESGUARDO_CHECK(put.run(std::string_view(checkpoint->origin), checkpoint->size,
                            checkpoint->day.number, checkpoint->tree,
                            std::string_view(checkpoint->note)));
  }
  RESGUARDO_TRY(auto forget,
                database.prepare("DELETE FROM log_promises AS p WHERE origin = ? AND EXISTS (SELECT"
                                 " 1 FROM log_entries AS e WHERE e.origin = p.origin AND"
                                 " e.leaf = p.leaf)"));
  RESGUARDO_CHECK(forget.run(std::string_view(state_->origin)));
  return state_->transaction.commit();
}

}  // namespace resguardo::analyst
