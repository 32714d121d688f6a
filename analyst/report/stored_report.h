// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/secret_text.h"
#include "crypto/format/media_layout.h"
#include "crypto/seal/roster.h"

namespace resguardo::analyst {

// What the server's log says of a report, compared with what came in the bundle.
enum class LogVerdict : std::uint8_t { kNotLogged = 0, kFits = 1, kDiffers = 2 };

// Whether a segment's recipients are who they should be.
enum class RosterVerdict : std::uint8_t {
  kUnknownRoster = 0,  // it names a roster that root did not sign, or that we do not have
  kFits = 1,
  kOtherMembers = 2,  // sealed for others than the roster's active members
};

// A segment as the vault keeps it: what could be opened, and what was wrong.
struct StoredSegment {
  Digest digest;  // BLAKE2b-256 of its header: its name
  ReportId report;
  std::uint32_t index = 0;
  Digest form;
  Digest roster;
  Week week;
  Day day;
  std::uint64_t rows = 0;    // that came
  std::uint64_t opened = 0;  // that opened; fewer: unreadable from there
  bool final = false;
  RosterVerdict roster_verdict = RosterVerdict::kUnknownRoster;
  Bytes chain;  // running digest of header and rows, for the log
  // Streams (1 testimony, 2 identity) that only a quorum opens, and those of them that it opened.
  std::uint8_t quorum = 0;
  std::uint8_t combined = 0;
};

// What an addendum's record says, as far as it is open here.
enum class AddendumBrings : std::uint8_t {
  kUnknown = 0,  // not all of it is open here
  kNothing = 1,  // its file is lost, or it names none
  kFile = 2,
};

// What is sealed of a report, as the log's entries cover it: a segment, and if it is an addendum
// (crypto/format/media_layout.h) what came of its file.
struct SealedPart {
  std::uint32_t index = 0;
  Digest chain;
  std::vector<Digest>
      files{};              // SHA-256 of the ciphertext; of more than one if it is not sure whose
  bool whole_file = false;  // nothing of it is to come
  AddendumBrings brings = AddendumBrings::kUnknown;
};

// What is here of a file that an addendum brings the key of.
enum class FileState : std::uint8_t {
  kNotWhole = 0,  // chunks are to come, or nobody has looked yet
  kOpens = 1,     // all of it came, and opens to the file that was sent
  kDamaged = 2,   // all of it came, and does not
};
struct StoredFile {
  Digest segment;  // the addendum
  MediaId media;
  std::uint64_t chunks = 0;  // that it should have
  std::uint64_t here = 0;
  FileState state = FileState::kNotWhole;
};

// Exact bytes of a pb::Record: hostile input until parsed.
struct StoredRecord {
  Digest segment;
  std::uint64_t sequence = 0;
  StreamId stream = StreamId::kTestimony;
  SecretBuffer content;
};

struct StoredReport {
  ReportId id;
  Day day;  // of its last turn, as the server said
  LogVerdict log = LogVerdict::kNotLogged;
  bool withdrawal_claimed = false;  // the log holds a WITHDRAWAL; nothing has verified it
  bool addendum_absent = false;     // the log holds an ADDENDUM that did not come
  // Segments that a log covers with a receipt in the place of another, by that one's token.
  std::set<Digest> new_receipts;
  std::vector<StoredFile> files;        // of addenda, unless lost
  std::vector<StoredSegment> segments;  // by index, then digest
  std::vector<StoredRecord> records;    // by segment as above, sequence, stream
};

}  // namespace resguardo::analyst
