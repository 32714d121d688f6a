// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/format/media_layout.h"
#include "crypto/seal/segment_writer.h"
#include "crypto/session/sender_memory.h"

namespace resguardo::intake {

// What a turn is about, beside what was said in it.
struct TurnStamp {
  TimePoint time;
  Tag16 message{};                    // keyed hash of the message's id
  std::optional<Tag16> target;        // of the message that is corrected or taken back
  std::optional<MediaId> media = {};  // of the file that was sent, if it is to be fetched
};

// The facts of a report's last record.
struct FinalFacts {
  std::uint64_t rows = 0;
  std::uint32_t segments = 0;
  Bytes testimony_digest;
  Bytes identity_digest;
  Bytes mailbox_public_key;
  std::string form_id;
  std::string form_version;
  std::string channel;  // identity stream only
  std::string language;
  std::vector<std::string> consent;
  std::uint32_t first_segment = 0;  // of an addition
};

// Both streams' records of one turn, in protobuf wire format, straight into wiping memory. A
// stream that has nothing to say gets one Padding entry.
TurnRecords records_of(const std::vector<dialogue::Given>& given, const TurnStamp& stamp,
                       RandomSource& salts);
TurnRecords padding_records(TimePoint time, RandomSource& salts);
TurnRecords pause_records(TimePoint time, RandomSource& salts);
TurnRecords final_records(const FinalFacts& facts, TimePoint time, RandomSource& salts);

}  // namespace resguardo::intake
