// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/header_wrap.h"

#include "storage/slot_wrap.h"

namespace resguardo::storage {
namespace {

constexpr std::string_view kHeaderKind = "header";

Bytes place_bytes(const HeaderPlace& place) {
  Bytes all = to_bytes(place.report.view());
  for (unsigned shift = 0; shift < 32; shift += 8)
    all.push_back(static_cast<std::uint8_t>(place.ordinal >> shift));
  all.insert(all.end(), place.segment.bytes.begin(), place.segment.bytes.end());
  return all;
}

}  // namespace

Result<Bytes> wrap_header(ByteView header, const HeaderPlace& place, const SecretBytes& slot_key) {
  return wrap_under_slot(header, kHeaderKind, place_bytes(place), slot_key);
}

Result<Bytes> unwrap_header(ByteView wrapped, const HeaderPlace& place,
                            const SecretBytes& slot_key) {
  return unwrap_under_slot(wrapped, kHeaderKind, place_bytes(place), slot_key);
}

}  // namespace resguardo::storage
