// SPDX-License-Identifier: AGPL-3.0-or-later
#include <cstdio>

#include "analyst/proof/proof.h"
#include "analyst/proof/proof_names.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/log/cosignature.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/log_proof.h"
#include "crypto/log/segment_chain.h"
#include "crypto/open/segment_header.h"
#include "proto/envelope.pb.h"

namespace resguardo::analyst {

using program::Outcome;
using program::Problem;

namespace {

Problem broken(const std::string& file, std::string what) {
  return {file, std::move(what), "this proof proves nothing"};
}

Outcome<const Bytes*> file_of(const ProofFiles& files, const std::string& name) {
  const auto at = files.find(name);
  if (at == files.end()) return broken(name, "is missing");
  return &at->second;
}

Outcome<Done> check_log(const ProofFiles& files, const PublicKey<RootRole>& root, ByteView entry,
                        ProvenReport& proven) {
  RESGUARDO_TRY(const Bytes* text, file_of(files, "proof.tlog-proof"));
  RESGUARDO_TRY(const Bytes* roster_file, file_of(files, "roster.bin"));
  const auto proof = parse_log_proof(as_text(*text));
  if (!proof.ok()) return broken("proof.tlog-proof", proof.error().why.c_str());
  const auto note = parse_checkpoint(proof->checkpoint);
  if (!note.ok()) return broken("proof.tlog-proof", note.error().why.c_str());
  const auto roster = verify_alone(*roster_file, root, std::nullopt);
  if (!roster.ok()) return broken("roster.bin", roster.error().why.c_str());
  if (!names_signer(*roster, *note))
    return broken("proof.tlog-proof", "its checkpoint is signed by a key the roster does not name");
  if (!proves(*proof, entry))
    return broken("proof.tlog-proof", "does not lead from entry.bin to its root");
  const auto day = checkpoint_day(note->checkpoint);
  if (!day) return broken("proof.tlog-proof", "its checkpoint has no day");
  proven.origin = note->checkpoint.origin;
  proven.index = proof->index;
  proven.size = note->checkpoint.size;
  proven.checkpoint = *day;
  for (const auto& witness : roster->witnesses())
    if (find_witness_signature(*note, witness.key)) proven.witnesses.push_back(witness.label);
  return Done{};
}

Outcome<std::vector<Bytes>> rows_in(const std::string& name, ByteView file) {
  std::vector<Bytes> rows;
  while (!file.empty()) {
    constexpr std::size_t kLength = 4;
    if (file.size() < kLength) return broken(name, "is cut short");
    std::size_t size = 0;
    for (std::size_t i = 0; i < kLength; ++i) size |= std::size_t{file[i]} << (8 * i);
    file = file.subspan(kLength);
    if (file.size() < size) return broken(name, "is cut short");
    rows.push_back(to_bytes(file.first(size)));
    file = file.subspan(size);
  }
  return rows;
}

using Segments = std::vector<std::vector<Bytes>>;

Outcome<Segments> check_segments(const ProofFiles& files, const LogFact& fact,
                                 const ProvenReport& proven) {
  Segments segments;
  std::vector<Digest> chains;
  for (;;) {
    const std::string header_file = header_name(segments.size());
    const std::string rows_file = rows_name(segments.size());
    if (!files.contains(header_file) && !segments.empty()) break;
    RESGUARDO_TRY(const Bytes* header, file_of(files, header_file));
    RESGUARDO_TRY(const Bytes* packed_rows, file_of(files, rows_file));
    const auto claims = open::read_claims(*header);
    if (!claims.ok() || !equal(claims->report.view(), fact.id))
      return broken(header_file, "is not of the report that entry.bin names");
    RESGUARDO_TRY(auto rows, rows_in(rows_file, *packed_rows));
    auto chain = SegmentChain::begin(*header);
    for (const Bytes& row : rows) chain.add(row);
    chains.push_back(chain.digest());
    segments.push_back(std::move(rows));
  }
  std::vector<Digest> file;
  if (proven.file) file.push_back(*proven.file);
  if (report_digest(chains, file) != fact.digest)
    return broken("entry.bin", "names another digest than that of the segments");
  return segments;
}

// Only an addendum brings a file.
Outcome<std::optional<Digest>> file_digest(const ProofFiles& files, bool addendum) {
  const auto at = files.find(file_digest_name());
  if (at == files.end()) return std::optional<Digest>();
  const auto digest = Digest::from(at->second);
  if (!digest || !addendum) return broken(file_digest_name(), "does not belong there");
  return digest;
}

Outcome<Done> check_record(const std::string& name, ByteView record, const Segments& segments) {
  std::size_t segment = 0;
  std::size_t row = 0;
  std::array<char, 10> stream{};
  const int read =
      std::sscanf(name.c_str(), "record-%3zu-%6zu-%9[a-z].bin", &segment, &row, stream.data());
  const std::string_view which = stream.data();
  if (read != 3 || (which != "testimony" && which != "identity") || segment >= segments.size() ||
      row >= segments[segment].size())
    return broken(name, "names no row of the segments");
  const auto sealed = parse_strict<pb::SealedRow>(segments[segment][row]);
  const auto digest = record_digest(record);
  if (!sealed.ok() || !digest.ok()) return broken(name, "is no record");
  const std::string& expected =
      which == "testimony" ? sealed->testimony_digest() : sealed->identity_digest();
  if (digest->str() != expected) return broken(name, "is not what was sealed in its row");
  return Done{};
}

}  // namespace

Outcome<ProvenReport> check_proof(const ProofFiles& files, const PublicKey<RootRole>& root) {
  ProvenReport proven;
  RESGUARDO_TRY(const Bytes* entry, file_of(files, "entry.bin"));
  const auto fact = parse_log_entry(*entry);
  if (!fact.ok()) return broken("entry.bin", fact.error().why.c_str());
  const auto report = ReportId::from(fact->id);
  proven.addendum = fact->kind == LogKind::kAddendum;
  if (!report ||
      (fact->kind != LogKind::kReport && fact->kind != LogKind::kIncomplete && !proven.addendum))
    return broken("entry.bin", "is not the entry of a report");
  RESGUARDO_TRY(proven.file, file_digest(files, proven.addendum));
  proven.report = *report;
  proven.logged = fact->day;
  RESGUARDO_CHECK(check_log(files, root, *entry, proven));
  if (proven.logged > proven.checkpoint)
    return broken("entry.bin", "is dated later than its checkpoint");
  RESGUARDO_TRY(const Segments segments, check_segments(files, *fact, proven));
  proven.segments = segments.size();
  for (const auto& rows : segments) proven.rows += rows.size();
  for (const auto& [name, content] : files) {
    if (!name.starts_with("record-")) continue;
    RESGUARDO_CHECK(check_record(name, content, segments));
    proven.records.push_back(name);
  }
  return proven;
}

}  // namespace resguardo::analyst
