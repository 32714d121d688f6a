// SPDX-License-Identifier: AGPL-3.0-or-later
// Reads lines "KIND HEX" and says of each what the product's code makes of it; check_agreement.py
// asks the second reader the same. One line for each: "no", or what was read of it.
#include <iostream>
#include <set>
#include <sstream>

#include "analyst/import/bundle_walk.h"
#include "crypto/base/initialise.h"
#include "crypto/log/checkpoint.h"
#include "crypto/log/log_entry.h"
#include "crypto/open/locked_key.h"
#include "crypto/open/quorum_files.h"
#include "crypto/open/record_parser.h"
#include "crypto/open/segment_reader.h"
#include "crypto/seal/roster_content.h"
#include "tests/fuzz/require.h"

namespace resguardo {
namespace {

const std::string kNo = "no";

std::string yes(bool holds) {
  return holds ? "yes" : kNo;
}

// The keys of make_segment_vectors.py's first member.
open::AnalystKeys reader() {
  const auto epoch = [] {
    Bytes secret = fuzzing::seeded("epoch key 1");
    return open::SecretKey<EpochRole>::from_secret(SecretBytes::take(secret).value()).value();
  };
  MemberId id;
  id.bytes.fill(1);
  open::AnalystKeys keys(id, open::SecretKey<AnalystRole>::generate().value());
  keys.add_epoch(parse_week("2026-W47").value(), epoch());
  keys.set_reserve(epoch());
  return keys;
}

// How many rows open, and a digest of what was in them.
std::string segment(ByteView input) {
  static const open::AnalystKeys keys = reader();
  fuzzing::Pieces pieces(input);
  auto opened = open::SegmentReader::begin(pieces.next(), keys);
  if (!opened.ok()) return kNo;
  std::size_t rows = 0;
  Digest words;
  while (!pieces.done()) {
    const auto row = opened->next(pieces.next());
    if (!row.ok()) break;
    words = blake2b({words.view(), row->testimony.view(), row->identity.view()});
    ++rows;
  }
  return std::to_string(rows) + " " + to_hex(words.view());
}

std::string roster(ByteView input) {
  const auto file = read_roster_file(input);
  if (!file.ok()) return kNo;
  const auto checked = check_roster_file(*file);
  if (!checked.ok()) return kNo;
  return to_hex(checked->roster.digest.view()) + " " + to_hex(checked->lists_digest.view());
}

std::string checkpoint(ByteView input) {
  const auto parsed = parse_checkpoint(as_text(input));
  const auto key = PublicKey<LogRole>::from_bytes(
      parse_hex("9b1f84791cfc7663045854d389deb5ca95449d875f276a83840b060ab39cfc71").value());
  if (!parsed.ok() || parsed->checkpoint.origin != "resguardo.example/log" ||
      !verify_checkpoint(*parsed, *key))
    return kNo;
  return std::to_string(parsed->checkpoint.size) + " " + to_hex(parsed->checkpoint.root.view());
}

// Counts what is whole. What the log says is judged by others.
class Counter final : public analyst::BundleVisitor {
 public:
  using Seen = program::Outcome<Done>;
  Seen header(const pb::BundleHeader&) override { return Done{}; }
  Seen roster(ByteView) override { return count(rosters_); }
  Seen questionnaire(ByteView, const Digest&) override { return count(forms_); }
  Seen segment(const analyst::WalkedSegment& segment) override {
    reports_.insert(segment.claims.report);
    return count(segments_);
  }
  Seen row(ByteView) override { return count(rows_); }
  Seen media_chunk(const analyst::WalkedChunk&) override { return count(chunks_); }
  Seen log_entry(const pb::BundleLogEntry& entry) override {
    if (!parse_log_entry(as_bytes(entry.entry())).ok()) return program::Problem{"log", "", ""};
    return count(entries_);
  }
  Seen checkpoint(const std::string&) override { return Done{}; }

  std::string told() const {
    std::ostringstream text;
    text << "whole " << rosters_ << " " << forms_ << " " << entries_ << " " << segments_ << " "
         << rows_ << " " << chunks_ << " " << reports_.size();
    return text.str();
  }

 private:
  static Seen count(std::uint64_t& what) {
    ++what;
    return Done{};
  }
  std::uint64_t rosters_ = 0, forms_ = 0, entries_ = 0, segments_ = 0, rows_ = 0, chunks_ = 0;
  std::set<ReportId> reports_;
};

// Where it stops being whole, or what was counted.
std::string bundle(ByteView input) {
  std::istringstream in(to_string(input));
  Counter counter;
  const auto walked = analyst::walk_bundle(in, counter);
  if (!walked.ok()) return "problem";
  if (!*walked) return counter.told();
  const BundlePlace& place = (*walked)->place;
  std::ostringstream text;
  text << "damaged " << place.frame << " " << place.offset;
  return text.str();
}

std::string verdict(const std::string& kind, ByteView input) {
  if (kind == "record") return yes(open::parse_record(SecretBuffer(input)).ok());
  if (kind == "header") return yes(open::read_claims(input).ok());
  if (kind == "segment") return segment(input);
  if (kind == "roster") return roster(input);
  if (kind == "key") return yes(open::LockedKey::parse(input).ok());
  if (kind == "request") return yes(open::read_request(input).ok());
  if (kind == "grant") return yes(open::read_grant(input).ok());
  if (kind == "entry") return yes(parse_log_entry(input).ok());
  if (kind == "checkpoint") return checkpoint(input);
  if (kind == "bundle") return bundle(input);
  return "unknown kind";
}

}  // namespace
}  // namespace resguardo

int main() {
  using namespace resguardo;
  if (!initialise_crypto().ok()) return 1;
  for (std::string kind, hex; std::cin >> kind;) {
    std::getline(std::cin, hex);
    const auto input = parse_hex(hex.substr(1));
    if (!input.ok()) return 1;
    std::cout << verdict(kind, *input) << "\n";
  }
  return std::cout.good() ? 0 : 1;
}
