// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/log_judge.h"

namespace resguardo::analyst {
namespace {

// A server's clock may be behind by this much before it stops.
constexpr std::int32_t kClockDays = 1;

}  // namespace

void LogJudge::accuse(std::string what) {
  if (!accusation_) accusation_ = std::move(what);
}

Status LogJudge::header(const pb::BundleHeader& header) {
  found_.origin = header.log_origin();
  if (!header.since_checkpoint().empty()) {
    auto since = parse_checkpoint(header.since_checkpoint());
    if (since.ok() && since->checkpoint.origin == found_.origin)
      since_ = std::move(since).value();
    else
      accuse("it goes on from a checkpoint that is none of this log");
    since_tree_ = to_bytes(as_bytes(header.since_tree()));
  }
  if (known_ == nullptr) return success();
  RESGUARDO_TRY(kept_, known_->kept(found_.origin));
  RESGUARDO_TRY(const auto promises, known_->promises(found_.origin));
  for (const LogPromise& promise : promises) promises_.emplace(promise.leaf, promise);
  return success();
}

Status LogJudge::entry(const pb::BundleLogEntry& entry, const LogFact& fact) {
  const Digest leaf = leaf_hash(as_bytes(entry.entry()));
  if (entry.pending()) {
    ++found_.waiting;
    if (entry.index() != 0) accuse("an entry that waits and has a place");
    return success();
  }
  promises_.erase(leaf);
  if (entry.index() == 0 && fact.kind == LogKind::kRestart)
    restart_ = to_bytes(as_bytes(entry.entry()));
  return place(entry.index(), leaf, fact);
}

// True if the bundle said so.
bool LogJudge::go_on_from_since(std::uint64_t index) {
  if (!since_ || since_->checkpoint.size != index) return false;
  if (keeps_) {
    found_.behind = since_->checkpoint;
    return true;
  }
  auto tree = CompactTree::decode(since_tree_);
  if (!tree.ok() || tree->size() != index || tree->root() != since_->checkpoint.root) {
    accuse("it goes on from another tree than that of its earlier checkpoint");
    return true;
  }
  tree_ = std::move(tree).value();
  began_ = true;
  return true;
}

// Everything before a bundle's first entry comes from what we know.
Status LogJudge::start_at(std::uint64_t index) {
  tree_.emplace();
  began_ = index == 0;
  if (index == 0) return success();
  if (!kept_ || index > kept_->size) {
    if (go_on_from_since(index)) return success();
    const std::uint64_t from = kept_ ? kept_->size : 0;
    accuse("entry " + std::to_string(from) + " is missing: the bundle begins with entry " +
           std::to_string(index));
    return success();
  }
  began_ = true;
  return known_->leaves(found_.origin, index, [this](std::uint64_t, const Digest& leaf) {
    tree_->append(leaf);
    return success();
  });
}

Status LogJudge::place(std::uint64_t index, const Digest& leaf, const LogFact& fact) {
  if (!tree_) RESGUARDO_CHECK(start_at(index));
  if (began_ && index != tree_->size()) {
    accuse(index > tree_->size() ? "entry " + std::to_string(tree_->size()) + " is missing"
                                 : "entry " + std::to_string(index) + " comes twice");
    began_ = false;
  }
  if (began_) tree_->append(leaf);
  ++found_.entries;
  RESGUARDO_CHECK(compare_known(index, leaf));
  check_date(index, fact);
  return success();
}

Status LogJudge::compare_known(std::uint64_t index, const Digest& leaf) {
  if (!kept_ || accusation_) return success();
  RESGUARDO_TRY(const auto before, known_->position_of(found_.origin, leaf));
  contradicts_ = before ? *before != index : index < kept_->size;
  if (!contradicts_) return success();
  if (before && *before == index + 1) {
    accuse("entry " + std::to_string(index) + " is missing: what was entry " +
           std::to_string(*before) + " stands in its place");
  } else if (before) {
    accuse("the entries were reordered: what was entry " + std::to_string(*before) +
           " is now entry " + std::to_string(index));
  } else {
    accuse("entry " + std::to_string(index) + " was altered");
  }
  return success();
}

void LogJudge::check_date(std::uint64_t index, const LogFact& fact) {
  if (index > 0 && fact.day.number + kClockDays < latest_.number)
    accuse("entry " + std::to_string(index) + " is back-dated: it says " + to_string(fact.day) +
           ", after entry " + std::to_string(latest_index_) + " of " + to_string(latest_));
  // An earlier checkpoint would have covered it.
  if (kept_ && index >= kept_->size && fact.day.number + kClockDays < kept_->day.number)
    accuse("entry " + std::to_string(index) + " is back-dated: it says " + to_string(fact.day) +
           ", and the checkpoint of " + to_string(kept_->day) + " did not have it");
  if (fact.day > latest_) {
    latest_ = fact.day;
    latest_index_ = index;
  }
}

}  // namespace resguardo::analyst
