// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_fixity.h"

#include <optional>
#include <utility>

#include "analyst/vault/segment_packs.h"
#include "analyst/vault/vault_log.h"
#include "analyst/vault/vault_state.h"
#include "crypto/base/hash.h"
#include "crypto/base/sha256.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/log/merkle_tree.h"
#include "crypto/log/segment_chain.h"
#include "proto/envelope.pb.h"

namespace resguardo::analyst {

struct VaultFixity::Segment {
  Digest digest;
  std::string where;
  std::uint64_t rows = 0;
  Bytes chain;
};

void VaultFixity::broken(std::string where, StaticText what) {
  found_.broken.push_back({std::move(where), what});
}

void VaultFixity::step() {
  ++done_;
  if (tell_) tell_(done_);
}

Result<std::uint64_t> VaultFixity::size() {
  RESGUARDO_TRY(auto count, vault_.state_->database.prepare(
                                "SELECT (SELECT count(*) FROM segments)"
                                " + (SELECT count(*) FROM media WHERE ciphertext IS NOT NULL)"));
  RESGUARDO_TRY(auto rows, count.query());
  RESGUARDO_TRY(const bool there, rows.next());
  return there ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
}

// Of a record: what its row says that it was sealed over.
Status VaultFixity::check_records(const Segment& segment, const SealedDigests& sealed) {
  const auto check = [&](std::uint64_t sequence, StreamId stream, ByteView content) {
    const auto row = sealed.find(sequence);
    if (row == sealed.end()) return success();
    ++found_.records;
    const auto digest = record_digest(content);
    if (!digest.ok() || digest->str() != row->second.at(static_cast<std::size_t>(stream)))
      broken(segment.where + ", row " + std::to_string(sequence + 1),
             "what was opened is not what was sealed");
    return success();
  };
  return visit_records(vault_.state_->database, segment.digest, check);
}

Status VaultFixity::check_sealed(const Segment& segment, SealedDigests& sealed) {
  std::optional<SegmentChain> chain;
  std::uint64_t count = 0;
  const auto check_header = [&](ByteView header) {
    if (blake2b(header) != segment.digest) broken(segment.where, "its header was changed");
    chain = SegmentChain::begin(header);
    return success();
  };
  const auto add = [&](std::uint64_t sequence, ByteView row) {
    const auto parsed = parse_strict<pb::SealedRow>(row);
    sealed[sequence] = parsed.ok()
                           ? std::array{parsed->testimony_digest(), parsed->identity_digest()}
                           : std::array<std::string, 2>{};
    if (count == segment.rows) return success();
    ++count;
    chain->add(row);
    return success();
  };
  RESGUARDO_CHECK(visit_sealed(vault_.state_->database, segment.digest, check_header, add));
  found_.rows += count;
  if (count == 0 && segment.rows > 0)
    ++found_.without_rows;
  else if (!equal(chain->digest().view(), segment.chain))
    broken(segment.where, "its sealed rows are not those that came");
  return success();
}

Status VaultFixity::check_segment(const Segment& segment) {
  ++found_.segments;
  SealedDigests sealed;
  auto checked = check_sealed(segment, sealed);
  if (checked.ok()) checked = check_records(segment, sealed);
  if (checked.ok() ||
      (checked.error().fault != Fault::kMalformed && checked.error().fault != Fault::kNotFound))
    return checked;
  broken(segment.where, "what is kept of it is damaged");
  return success();
}

Status VaultFixity::check_segments() {
  RESGUARDO_TRY(auto all,
                vault_.state_->database.prepare("SELECT digest, report, position, rows, chain"
                                                " FROM segments ORDER BY report, position"));
  RESGUARDO_TRY(auto rows, all.query());
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    Segment segment;
    RESGUARDO_TRY(segment.digest, id_column<Digest>(rows, 0));
    segment.where = "report " + to_hex(rows.bytes(1)).substr(0, 8) + ", segment " +
                    std::to_string(rows.integer(2));
    segment.rows = static_cast<std::uint64_t>(rows.integer(3));
    segment.chain = to_bytes(rows.bytes(4));
    RESGUARDO_CHECK(check_segment(segment));
    step();
  }
}

Status VaultFixity::check_files() {
  auto& database = vault_.state_->database;
  RESGUARDO_TRY(auto all, database.prepare("SELECT media, ciphertext FROM media"
                                           " WHERE ciphertext IS NOT NULL ORDER BY media"));
  RESGUARDO_TRY(auto chunks, database.prepare("SELECT number, sealed FROM media_chunks"
                                              " WHERE media = ? ORDER BY number"));
  RESGUARDO_TRY(auto files, all.query());
  for (;;) {
    RESGUARDO_TRY(const bool more, files.next());
    if (!more) return success();
    Sha256 hash;
    {
      RESGUARDO_TRY(auto rows, chunks.query(files.bytes(0)));
      for (std::int64_t next = 0;; ++next) {
        RESGUARDO_TRY(const bool another, rows.next());
        if (!another || rows.integer(0) != next) break;
        hash.add(rows.bytes(1));
      }
    }
    ++found_.files;
    if (!equal(hash.finish().view(), files.bytes(1)))
      broken("file " + to_hex(files.bytes(0)).substr(0, 8), "it is not the file that came");
    step();
  }
}

// What is named by its digest.
Status VaultFixity::check_named() {
  struct Named {
    StaticText sql;
    const char* where;
    std::uint64_t& count;
  };
  for (const Named& named :
       {Named{"SELECT digest, form FROM questionnaires", "questionnaire ", found_.forms},
        Named{"SELECT file_digest, file FROM rosters", "roster ", found_.rosters}}) {
    RESGUARDO_TRY(auto all, vault_.state_->database.prepare(named.sql));
    RESGUARDO_TRY(auto rows, all.query());
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) break;
      ++named.count;
      if (!equal(blake2b(rows.bytes(1)).view(), rows.bytes(0)))
        broken(named.where + to_hex(rows.bytes(0)).substr(0, 8), "it was changed");
    }
  }
  return success();
}

Status VaultFixity::check_logs() {
  RESGUARDO_TRY(const auto logs, VaultLog(vault_).all());
  for (const KeptCheckpoint& log : logs) {
    CompactTree tree;
    RESGUARDO_CHECK(vault_.visit_log(log.origin, [&](ByteView entry) -> Status {
      tree.append(leaf_hash(entry));
      return success();
    }));
    found_.log_entries += tree.size();
    if (tree.size() != log.size || tree.encode() != log.tree)
      broken("log", "its entries are not those of its checkpoint");
  }
  return success();
}

Result<FixityFindings> VaultFixity::check(const std::function<void(std::uint64_t)>& done) {
  found_ = {};
  done_ = 0;
  tell_ = done;
  RESGUARDO_CHECK(check_segments());
  RESGUARDO_CHECK(check_files());
  RESGUARDO_CHECK(check_named());
  RESGUARDO_CHECK(check_logs());
  return std::move(found_);
}

}  // namespace resguardo::analyst
