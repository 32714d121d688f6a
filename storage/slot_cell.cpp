// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/slot_cell.h"

#include <sodium.h>

#include <algorithm>

namespace resguardo::storage {
namespace {

constexpr std::size_t kSlotNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
static_assert(kSlotNonce + crypto_aead_xchacha20poly1305_ietf_ABYTES == kSlotAround);

std::array<std::uint8_t, 4> u32le(std::uint32_t number) {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t at = 0; at < bytes.size(); ++at)
    bytes[at] = static_cast<std::uint8_t>(number >> (8 * at));
  return bytes;
}

std::uint32_t u32le_at(ByteView bytes) {
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < 4; ++at) number |= std::uint32_t{bytes[at]} << (8 * at);
  return number;
}

}  // namespace

Status seal_slot(std::span<std::uint8_t> out, ByteView content, std::uint32_t place,
                 const SecretBytes& key) {
  randombytes_buf(out.data(), kSlotNonce);
  const auto where = u32le(place);
  const int sealed = key.read([&](ByteView with) {
    return crypto_aead_xchacha20poly1305_ietf_encrypt(
        out.data() + kSlotNonce, nullptr, content.data(), content.size(), where.data(),
        where.size(), nullptr, out.data(), with.data());
  });
  if (sealed != 0) return Error{Fault::kUnavailable, "a slot cannot be sealed"};
  return success();
}

bool open_slot(ByteView sealed, std::span<std::uint8_t> content, std::uint32_t place,
               const SecretBytes& key) {
  const auto where = u32le(place);
  return key.read([&](ByteView with) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
               content.data(), nullptr, nullptr, sealed.data() + kSlotNonce,
               sealed.size() - kSlotNonce, where.data(), where.size(), sealed.data(),
               with.data()) == 0;
  });
}

SlotContent::SlotContent(SlotState state, const ReportId& report) {
  bytes_[0] = static_cast<std::uint8_t>(state);
  std::copy(report.bytes.begin(), report.bytes.end(), bytes_.begin() + 1);
}

void SlotContent::put(const SlotErasure& erasure) {
  const auto cell = u32le(erasure.cell);
  const auto day = u32le(static_cast<std::uint32_t>(erasure.day.number));
  auto to = std::copy(cell.begin(), cell.end(), bytes_.begin() + kRest);
  to = std::copy(day.begin(), day.end(), to);
  *to++ = static_cast<std::uint8_t>(erasure.entry.size());
  *to++ = static_cast<std::uint8_t>(erasure.entry.size() >> 8);
  std::copy(erasure.entry.begin(), erasure.entry.end(), to);
}

FoundSlot SlotContent::found() const {
  FoundSlot found;
  if (bytes_[0] > static_cast<std::uint8_t>(SlotState::kEnd)) return found;
  found.state = static_cast<SlotState>(bytes_[0]);
  std::copy_n(bytes_.begin() + 1, ReportId::kSize, found.report.bytes.begin());
  return found;
}

SlotErasure SlotContent::erasure() const {
  const ByteView from = ByteView(bytes_).subspan(kRest);
  const std::size_t size = from[8] + (std::size_t{from[9]} << 8);
  return {u32le_at(from), found().report, Day{static_cast<std::int32_t>(u32le_at(from.subspan(4)))},
          to_bytes(ByteView(bytes_).subspan(kEntry, std::min(size, kMostErasureEntry)))};
}

}  // namespace resguardo::storage
