// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/store.h"

namespace resguardo::storage {

// Recognisable values: number n everywhere in what belongs to n; no two kinds share a byte string.
template <class Id>
Id numbered(std::uint32_t kind, std::uint32_t n) {
  Id id;
  for (std::size_t at = 0; at < Id::kSize; ++at)
    id.bytes[at] =
        static_cast<std::uint8_t>((((n << 3) + kind) * 2654435761U) >> (8 * (at % 4)) ^ (at * 37));
  return id;
}
inline ConversationTag tag(std::uint32_t n) {
  return numbered<ConversationTag>(1, n);
}
inline DedupeTag dedupe(std::uint32_t n) {
  return numbered<DedupeTag>(2, n);
}
inline ReportId report_id(std::uint32_t n) {
  return numbered<ReportId>(3, n);
}
inline Digest segment_id(std::uint32_t n) {
  return numbered<Digest>(4, n);
}
inline ReceiptLookup receipt(std::uint32_t n) {
  return numbered<ReceiptLookup>(5, n);
}
inline MediaId media_id(std::uint32_t n) {
  return numbered<MediaId>(7, n);
}
inline Bytes text(std::string_view words) {
  return to_bytes(as_bytes(words));
}

constexpr Day kDay{20000};

// Turns as the bot makes them.
Turn state_turn(std::uint32_t delivery, std::uint32_t conversation, std::uint64_t expected,
                std::string_view state);
// Adds to `turn` a part of a report; segment numbers that start at sequence 0 bring a header.
void add_row(Turn& turn, std::uint32_t report, std::uint32_t segment, std::uint64_t sequence,
             std::string_view row);
void close(Turn& turn, std::uint32_t report);  // with a log entry and a receipt
void erase(Turn& turn, std::uint32_t report);

// The turn takes file n for its report.
void take_media(Turn& turn, std::uint32_t media);
// What is sealed of file n, and the file written and kept, held until it goes.
std::string sealed_media(std::uint32_t media);
std::unique_ptr<MediaFile> keep_media(Store& store, std::uint32_t media);
// The addendum that brings file n, kept or lost, in a segment of its own.
enum class Fetched : std::uint8_t { kKept, kLost };
Turn addendum(std::uint32_t report, std::uint32_t media, std::uint32_t segment,
              Fetched fetched = Fetched::kKept);
// What the log says of it once it is dated.
Bytes addendum_entry(std::uint32_t media, Day day);

// A short scenario with everything in it: three conversations side by side, one of them over
// midnight, one report closed, one erased, one ended without its reporter, one left open, a second
// segment, and rows of more than one page.
std::vector<Turn> short_script();

// A turn of the script as it is recorded: an end without a reporter names the version that the
// report has now.
Turn up_to_date(Store& store, Turn turn);
Result<Recorded> play(Store& store, const Turn& turn);

// Everything about a script's turns that a store shows, as text: equal texts, equal stores.
std::string dump(Store& store, const std::vector<Turn>& script);

}  // namespace resguardo::storage
