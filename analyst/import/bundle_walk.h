// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>

#include "crypto/format/bundle.h"
#include "crypto/format/media_layout.h"
#include "crypto/open/segment_reader.h"
#include "program/problem.h"

namespace resguardo::analyst {

// A segment as it comes: what the server says of it, and what its header says.
struct WalkedSegment {
  const pb::BundleSegment& sent;
  const open::SegmentHead& head;
  const open::SegmentClaims& claims;  // the head's
  Digest digest;                      // BLAKE2b-256 of the header
};

// A piece of a sealed file.
struct WalkedChunk {
  MediaId file;
  std::uint32_t number = 0;  // of its chunks, from 0
  ByteView sealed;
};

// Who listens to a walk. A problem ends it.
class BundleVisitor {
 public:
  virtual ~BundleVisitor() = default;
  virtual program::Outcome<Done> header(const pb::BundleHeader& header) = 0;
  virtual program::Outcome<Done> roster(ByteView file) = 0;
  virtual program::Outcome<Done> questionnaire(ByteView form, const Digest& digest) = 0;
  virtual program::Outcome<Done> segment(const WalkedSegment& segment) = 0;
  virtual program::Outcome<Done> row(ByteView row) = 0;
  virtual program::Outcome<Done> media_chunk(const WalkedChunk& chunk) = 0;
  virtual program::Outcome<Done> log_entry(const pb::BundleLogEntry& entry) = 0;
  virtual program::Outcome<Done> checkpoint(const std::string& note) = 0;
  virtual program::Outcome<Done> end(const pb::BundleEnd&) { return Done{}; }
  virtual void reached(const BundlePlace&) {}  // after each frame
};

// A segment of which not every row came.
struct CutSegment {
  ReportId report;
  std::uint32_t index = 0;
  std::uint64_t rows = 0;       // that were whole
  std::uint64_t announced = 0;  // that there should be
};

// A file of which more chunks may have been to come.
struct CutFile {
  MediaId file;
  std::uint64_t chunks = 0;  // the place of the next one among the file's
};

// Where a bundle stopped being whole.
struct Damage {
  BundlePlace place;
  std::string why;
  std::optional<CutSegment> cut;  // nullopt: it lies before, between or behind segments
  std::optional<CutFile> file;
};

// Goes through a bundle frame by frame, constant memory: frame checks, order, totals, digests of
// questionnaires, soundness of segment headers. Everything visited before the damage was whole.
// nullopt: all of it was. A problem: the file cannot be read (to its end: the stick was pulled
// out), or the visitor's own.
program::Outcome<std::optional<Damage>> walk_bundle(const std::filesystem::path& file,
                                                    BundleVisitor& visitor);
program::Outcome<std::optional<Damage>> walk_bundle(std::istream& in, BundleVisitor& visitor);

// Told the same way everywhere: "frame 12, byte 5123"; with damage, also the report that it cuts:
// "frame 12, byte 5123, in report 5af84745, segment 0 after 3 of 16 rows", or the file:
// "frame 80, byte 951234, in file 0d5c9a11 after 12 chunks".
std::string place_text(const BundlePlace& place);
std::string place_text(const Damage& damage);

}  // namespace resguardo::analyst
