// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/locked_slab.h"
#include "crypto/format/media_layout.h"
#include "crypto/log/log_entry.h"
#include "crypto/seal/roster.h"
#include "proto/bundle.pb.h"
#include "proto/record.pb.h"
#include "tests/support/seeded_random.h"

namespace resguardo::testing_support {

// One turn of a report to make: what goes into each stream.
struct ScriptTurn {
  std::vector<pb::Entry> testimony;
  std::vector<pb::Entry> identity;
  std::string message;  // 16 bytes or none
};
struct ScriptSegment {
  std::vector<ScriptTurn> turns;
  bool finished = true;  // its last turn carries FINAL
};
// A report to make. The last turn of the last segment gets a pb::Final with true totals, unless
// `complete` is off.
struct ScriptReport {
  std::vector<ScriptSegment> segments;
  bool complete = true;
  bool logged = true;
  std::string mailbox{};                // public key in the Final
  std::optional<Digest> key_hash = {};  // of its withdrawal key; else zeros
  std::optional<std::vector<std::string>> consent{};  // purposes; else research
};

// A file to make: what its addendum says, and its sealed chunks.
struct ScriptFile {
  std::string content{};
  std::string mime = "image/jpeg";
  std::string file_name{};
  bool lost = false;
  bool logged = true;
  bool identity = false;  // its record stands in the identity
};

MediaId media_id(std::uint8_t fill);
// What the turn says in which a file is sent.
pb::Entry sent_entry(const MediaId& file, const std::string& node, const std::string& caption = "");

pb::Entry answer_entry(const std::string& node, const std::string& text,
                       const std::vector<std::string>& codes = {});
ScriptTurn say(const std::string& node, const std::string& text,
               const std::vector<std::string>& codes = {});

// Frames of a bundle as a server would export it, sealed by the code that seals in the server; its
// log entries wait for a checkpoint.
// Tests may change frames before they write them. A failure throws.
class BundleMaker {
 public:
  BundleMaker(VerifiedRoster roster, std::string form, TimePoint now, std::uint64_t seed);
  ReportId add(const ScriptReport& report);
  void log(Bytes entry) { log_.push_back(std::move(entry)); }
  // One more segment of an existing report with an index of one's choice.
  void add_segment(const ReportId& report, std::uint32_t index, const ScriptSegment& segment);

  // The addendum that brings a file, its entry in the log and its chunks.
  void add_file(const ReportId& report, const MediaId& file, const ScriptFile& script);

  // What a courier can do who has no secret: in the place of the last addendum and of all chunks
  // stands another, sealed with the bundle's public keys. The log stays as it was.
  void forge_addendum(const ReportId& report, std::uint32_t index,
                      const std::vector<pb::Entry>& testimony);

  std::vector<pb::BundleFrame>& rows() { return segments_; }
  std::vector<pb::BundleFrame>& chunks() { return chunks_; }
  std::vector<pb::BundleFrame> frames() const;  // in the order of a bundle, without the end
  std::string bytes() const;

 private:
  Digest seal(const ReportId& report, std::uint32_t index, const ScriptSegment& segment,
              const pb::Final* final);
  Bytes record(const std::vector<pb::Entry>& entries, const std::string& message);

  VerifiedRoster roster_;
  std::string form_;
  Digest form_digest_;
  TimePoint now_;
  SeededRandom ids_;
  std::unique_ptr<LockedSlab> slab_;
  std::vector<pb::BundleFrame> segments_;
  std::vector<pb::BundleFrame> chunks_;
  std::vector<Bytes> log_;
  pb::Final final_;  // running totals of the report being made
  Digest testimony_, identity_;
  std::uint64_t rows_ = 0;
};

// The frames as a file's bytes, with true checks and totals.
std::string write_bundle(const std::vector<pb::BundleFrame>& frames, bool last_part = true);

// The same bundle in parts of so many segments, as `export --split` makes them.
std::vector<std::string> write_parts(const std::vector<pb::BundleFrame>& frames,
                                     std::size_t segments_each);

}  // namespace resguardo::testing_support
