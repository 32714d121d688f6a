// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "crypto/log/checkpoint.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"
#include "proto/bundle.pb.h"
#include "tests/support/seeded_random.h"

namespace resguardo::testing_support {

// A server's log as its operator may write it: the operator holds the log key, and signs whatever
// `entries` holds. Honest as long as entries are only added.
struct LogServer {
  std::string origin = "resguardo.example/log";
  LogKey key = LogKey::generate().value();
  SeededRandom salts{5};
  std::vector<Bytes> entries;
  std::vector<Bytes> waiting;

  LogFact fact(int number, Day day, LogKind kind = LogKind::kReport) const {
    LogFact made;
    made.kind = kind;
    made.id = Bytes(16, static_cast<std::uint8_t>(number));
    made.digest = Digest{{static_cast<std::uint8_t>(number)}};
    made.day = day;
    return made;
  }
  void add(int number, Day day, LogKind kind = LogKind::kReport) {
    entries.push_back(make_log_entry(fact(number, day, kind), salts));
  }
  std::string note(Day day) const { return note_over(entries.size(), day, key); }
  std::string note_over(std::size_t size, Day day, const LogKey& signer) const {
    CompactTree tree;
    for (std::size_t at = 0; at < size; ++at) tree.append(leaf_hash(entries[at]));
    return sign_checkpoint(signer, dated_checkpoint(origin, size, tree.root(), day)).value();
  }
  // Log entries from `since` on, those that wait, and the checkpoint.
  std::vector<pb::BundleFrame> frames(Day day, std::size_t since = 0) const {
    std::vector<pb::BundleFrame> frames;
    for (std::size_t at = since; at < entries.size(); ++at) {
      auto& entry = *frames.emplace_back().mutable_log_entry();
      entry.set_index(at);
      entry.set_entry(to_string(entries[at]));
    }
    for (const Bytes& one : waiting) {
      auto& entry = *frames.emplace_back().mutable_log_entry();
      entry.set_pending(true);
      entry.set_entry(to_string(one));
    }
    frames.emplace_back().mutable_checkpoint()->set_note(note(day));
    return frames;
  }
  // A bundle's frames with its log entries in this log, those that are new appended, under a
  // checkpoint of that day.
  std::vector<pb::BundleFrame> logged(std::vector<pb::BundleFrame> bundle, Day day) {
    std::vector<pb::BundleFrame> rest;
    for (pb::BundleFrame& frame : bundle) {
      if (!frame.has_log_entry()) {
        rest.push_back(std::move(frame));
        continue;
      }
      Bytes entry = to_bytes(as_bytes(frame.log_entry().entry()));
      if (std::ranges::find(entries, entry) == entries.end()) entries.push_back(std::move(entry));
    }
    rest.front().mutable_header()->set_log_origin(origin);
    rest.front().mutable_header()->set_day(day.number);
    const auto log = frames(day);
    rest.insert(rest.begin() + 3, log.begin(), log.end() - 1);
    rest.push_back(log.back());
    return rest;
  }
};

}  // namespace resguardo::testing_support
