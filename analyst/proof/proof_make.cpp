// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>
#include <optional>

#include "analyst/import/vault_shelf.h"
#include "analyst/proof/proof.h"
#include "analyst/proof/proof_names.h"
#include "analyst/vault/vault_media.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/log_proof.h"
#include "crypto/log/merkle_tree.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::analyst {

using program::at;
using program::Outcome;
using program::Problem;

namespace {

struct Logged {
  std::string origin;
  std::uint64_t position = 0;
  Bytes entry;
  LogFact fact;
};

Problem wrong(const ReportId& report, std::string what, std::string mend = "") {
  return {to_hex(report.view()), std::move(what), std::move(mend)};
}

// The entry that covers the report from its first segment on.
Outcome<Logged> logged_entry(VaultLog& log, const ReportId& report) {
  RESGUARDO_TRY(const auto entries, at("vault", log.about(report.view())));
  bool waits = false;
  for (const VaultLog::Entry& entry : entries) {
    auto fact = parse_log_entry(entry.entry);
    if (!fact.ok()) continue;
    if (fact->kind != LogKind::kReport && fact->kind != LogKind::kIncomplete) continue;
    waits = waits || !entry.position;
    if (entry.position)
      return Logged{entry.origin, *entry.position, entry.entry, std::move(fact).value()};
  }
  return waits
             ? wrong(report, "waits for a checkpoint of its log", "import a bundle of a later day")
             : wrong(report, "is in no log that this vault has verified");
}

Outcome<Bytes> log_proof(VaultLog& log, const Logged& logged, const KeptCheckpoint& kept) {
  ProofMaker maker(inclusion_ranges(logged.position, kept.size));
  RESGUARDO_CHECK(
      at("vault", log.leaves(kept.origin, kept.size, [&](std::uint64_t, const Digest& leaf) {
        maker.add(leaf);
        return success();
      })));
  LogProof proof;
  proof.index = logged.position;
  RESGUARDO_TRY(proof.path, at("vault", maker.proof()));
  proof.checkpoint = kept.note;
  return to_bytes(as_bytes(log_proof_text(proof)));
}

// The newest roster under which the checkpoint is believed.
Outcome<Bytes> naming_roster(Vault& vault, const KeptCheckpoint& kept) {
  RESGUARDO_TRY(const auto note, at("vault", parse_checkpoint(kept.note)));
  RESGUARDO_TRY(const RosterShelf shelf, at("vault", shelf_of(vault)));
  Bytes found;
  for (const RosterShelf::Entry& entry : shelf.entries())
    if (names_signer(entry.roster, note)) found = to_bytes(entry.roster.file());
  if (found.empty()) return Problem{"vault", "holds no roster that names this log's key", ""};
  return found;
}

void add_rows(Bytes& file, const std::vector<Bytes>& rows) {
  for (const Bytes& row : rows) {
    for (unsigned shift = 0; shift < 32; shift += 8)
      file.push_back(static_cast<std::uint8_t>(row.size() >> shift));
    file.insert(file.end(), row.begin(), row.end());
  }
}

// Rows counted through the report; where one of them lies.
struct Place {
  std::size_t segment = 0;
  std::uint64_t sequence = 0;
};

class Sealed {
 public:
  Outcome<Done> add(Vault& vault, const StoredSegment& segment, ProofFiles& files) {
    RESGUARDO_TRY(const auto sealed, at("vault", vault.sealed(segment.digest)));
    auto chain = SegmentChain::begin(sealed.header);
    for (std::uint64_t row = 0; row < sealed.rows.size(); ++row) {
      chain.add(sealed.rows[row]);
      places_.push_back({chains_.size(), row});
    }
    files[header_name(chains_.size())] = sealed.header;
    add_rows(files[rows_name(chains_.size())], sealed.rows);
    chains_.push_back(chain.digest());
    return Done{};
  }
  bool covers(const LogFact& fact) const { return report_digest(chains_) == fact.digest; }
  Digest digest_with(const Digest& file) const { return report_digest(chains_, std::array{file}); }
  const std::vector<Place>& places() const { return places_; }

 private:
  std::vector<Digest> chains_;
  std::vector<Place> places_;
};

Outcome<Done> add_records(const StoredReport& report, const std::vector<Place>& places,
                          const ShownRecords& shown, ProofFiles& files) {
  for (const std::uint64_t row : shown.rows) {
    if (row == 0 || row > places.size())
      return program::usage_problem("--record", std::to_string(row) + " is not one of its rows",
                                    "they are counted from 1 to " + std::to_string(places.size()));
    const Place& place = places[row - 1];
    const Digest& segment = report.segments[place.segment].digest;
    bool found = false;
    for (const StoredRecord& record : report.records) {
      const bool identity = record.stream == StreamId::kIdentity;
      if (record.segment != segment || record.sequence != place.sequence) continue;
      if (identity && !shown.identity) continue;
      found = true;
      files[record_name(place.segment, place.sequence, identity)] = to_bytes(record.content.view());
    }
    if (!found)
      return wrong(report.id, "row " + std::to_string(row) + " is not open in this vault");
  }
  return Done{};
}

// What every proof holds beside the segments.
Outcome<ProofFiles> frame_of(Vault& vault, VaultLog& log, const ReportId& id,
                             const Logged& logged) {
  RESGUARDO_TRY(const auto kept, at("vault", log.kept(logged.origin)));
  if (!kept || logged.position >= kept->size)
    return wrong(id, "is in no log that this vault has verified");
  ProofFiles files;
  files["entry.bin"] = logged.entry;
  RESGUARDO_TRY(files["proof.tlog-proof"], log_proof(log, logged, *kept));
  RESGUARDO_TRY(files["roster.bin"], naming_roster(vault, *kept));
  return files;
}

Outcome<ProofFiles> finished(Vault& vault, ProofFiles files) {
  RESGUARDO_TRY(const auto proven, check_proof(files, vault.root()));
  files["README.txt"] = to_bytes(as_bytes(proof_readme(proven, vault.root())));
  return files;
}

// The addendum that brought this file.
struct Addendum {
  StoredSegment segment;
  StoredFile file;
};

Outcome<Addendum> addendum_of(const StoredReport& report, const std::string& file) {
  std::optional<Addendum> found;
  for (const StoredFile& one : report.files) {
    if (!to_hex(one.media.view()).starts_with(file)) continue;
    if (found) return wrong(report.id, file + " begins more than one of its files", "give more");
    for (const StoredSegment& segment : report.segments)
      if (segment.digest == one.segment) found = Addendum{segment, one};
  }
  if (!found || file.empty())
    return wrong(report.id, "has no file " + file + " whose key came", "`show` names its files");
  if (found->file.state == FileState::kNotWhole)
    return wrong(report.id, "file " + file + " is not here whole, and the log names all of it",
                 "import the bundle that holds it");
  return std::move(*found);
}

// The entry over this chain and this ciphertext.
Outcome<Logged> addendum_entry(VaultLog& log, const ReportId& report, const Digest& digest) {
  RESGUARDO_TRY(const auto entries, at("vault", log.about(report.view())));
  bool waits = false;
  for (const VaultLog::Entry& entry : entries) {
    auto fact = parse_log_entry(entry.entry);
    if (!fact.ok() || fact->kind != LogKind::kAddendum || fact->digest != digest) continue;
    waits = waits || !entry.position;
    if (entry.position)
      return Logged{entry.origin, *entry.position, entry.entry, std::move(fact).value()};
  }
  return waits
             ? wrong(report, "waits for a checkpoint of its log", "import a bundle of a later day")
             : wrong(report, "has a file that is in no log that this vault has verified");
}

}  // namespace

Outcome<ProofFiles> make_proof(Vault& vault, const ReportId& id, const ShownRecords& shown) {
  VaultLog log(vault);
  RESGUARDO_TRY(const Logged logged, logged_entry(log, id));
  RESGUARDO_TRY(auto files, frame_of(vault, log, id, logged));
  RESGUARDO_TRY(const StoredReport report, at(to_hex(id.view()), vault.report(id)));
  Sealed sealed;
  for (const StoredSegment& segment : report.segments) {
    const bool covered = sealed.places().size() > 0 && sealed.covers(logged.fact);
    if (covered || segment.index >= kFirstAddendum) break;  // an addendum's follow
    RESGUARDO_CHECK(sealed.add(vault, segment, files));
  }
  if (!sealed.covers(logged.fact))
    return wrong(id, "its rows here are not those that were logged",
                 "import its bundle again; `list` says what is wrong with it");
  RESGUARDO_CHECK(add_records(report, sealed.places(), shown, files));
  return finished(vault, std::move(files));
}

Outcome<ProofFiles> make_file_proof(Vault& vault, const ReportId& id, const std::string& file,
                                    const ShownRecords& shown) {
  VaultLog log(vault);
  RESGUARDO_TRY(StoredReport report, at(to_hex(id.view()), vault.report(id)));
  RESGUARDO_TRY(const Addendum addendum, addendum_of(report, file));
  RESGUARDO_TRY(const auto ciphertext,
                at("vault", VaultMedia(vault).ciphertext(addendum.file.media)));
  ProofFiles segment_files;
  Sealed sealed;
  RESGUARDO_CHECK(sealed.add(vault, addendum.segment, segment_files));
  RESGUARDO_TRY(const Logged logged, addendum_entry(log, id, sealed.digest_with(ciphertext)));
  RESGUARDO_TRY(auto files, frame_of(vault, log, id, logged));
  files.merge(segment_files);
  files[file_digest_name()] = to_bytes(ciphertext.view());
  report.segments = {addendum.segment};
  RESGUARDO_CHECK(add_records(report, sealed.places(), shown, files));
  return finished(vault, std::move(files));
}

}  // namespace resguardo::analyst
