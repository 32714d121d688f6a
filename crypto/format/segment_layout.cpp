// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/segment_layout.h"

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

std::uint8_t byte_of(std::uint64_t value, std::size_t index) {
  return static_cast<std::uint8_t>(value >> (8 * index));
}

}  // namespace

void write_envelope_plain(ByteView set_secret, const Digest& bound_to, std::uint32_t index,
                          std::span<std::uint8_t, kEnvelopePlainSize> out) {
  auto next = std::copy_n(set_secret.begin(), kSetSecretSize, out.begin());
  next = std::copy(bound_to.bytes.begin(), bound_to.bytes.end(), next);
  for (std::size_t i = 0; i < sizeof index; ++i) *next++ = byte_of(index, i);
}

bool envelope_fits(std::span<const std::uint8_t, kEnvelopePlainSize> plain, const Digest& bound_to,
                   std::uint32_t index) {
  if (!equal(plain.subspan(kSetSecretSize, 32), bound_to.view())) return false;
  for (std::size_t i = 0; i < sizeof index; ++i)
    if (plain[kSetSecretSize + 32 + i] != byte_of(index, i)) return false;
  return true;
}

RowContext row_context(const Digest& header_digest, std::uint8_t compartment,
                       std::uint64_t sequence) {
  RowContext context{};
  auto next = std::copy(header_digest.bytes.begin(), header_digest.bytes.end(), context.begin());
  *next++ = compartment;
  for (std::size_t i = 0; i < sizeof sequence; ++i) *next++ = byte_of(sequence, i);
  return context;
}

Result<Digest> record_digest(ByteView record) {
  constexpr std::uint8_t kSaltTag = 1 << 3 | 2;
  if (record.size() < 2 + kRecordSaltSize || record[0] != kSaltTag || record[1] != kRecordSaltSize)
    return Error{Fault::kMalformed, "a record must start with its salt"};
  return blake2b({record.subspan(2, kRecordSaltSize), record});
}

}  // namespace resguardo
