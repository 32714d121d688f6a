// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/padding.h"

#include <sodium.h>

namespace resguardo {
namespace {
constexpr std::size_t kSmallestPadded = 256;
constexpr std::size_t kStep = 4096;
constexpr std::uint8_t kPaddingBegins = 0x80;
}  // namespace

std::size_t size_class(std::size_t length) {
  const std::size_t needed = length + 1;
  for (std::size_t size = kSmallestPadded; size < kStep; size *= 2)
    if (needed <= size) return size;
  return (needed + kStep - 1) / kStep * kStep;
}

bool is_size_class(std::size_t size) {
  return size > 0 && size <= kMaxSizeClass && size_class(size - 1) == size;
}

Status pad_record(SecretBuffer& record, std::size_t target) {
  if (!is_size_class(target) || record.size() >= target)
    return Error{Fault::kRefused, "a record does not fit its size class"};
  const std::size_t length = record.size();
  record.resize(target);
  std::size_t padded = 0;
  if (sodium_pad(&padded, record.span().data(), length, target, target) != 0 || padded != target)
    return Error{Fault::kRefused, "a record could not be padded"};
  return success();
}

Result<std::size_t> unpadded_length(ByteView padded) {
  if (!is_size_class(padded.size())) return Error{Fault::kMalformed, "not a record's size"};
  std::size_t length = 0;
  if (sodium_unpad(&length, padded.data(), padded.size(), padded.size()) != 0)
    return Error{Fault::kMalformed, "a record is not padded as it must be"};
  return length;
}

Result<std::size_t> unpadded_length_offline(ByteView padded) {
  if (!is_size_class(padded.size())) return Error{Fault::kMalformed, "not a record's size"};
  std::size_t end = padded.size();
  while (end > 0 && padded[end - 1] == 0) --end;
  if (end == 0 || padded[end - 1] != kPaddingBegins)
    return Error{Fault::kMalformed, "a record is not padded as it must be"};
  return end - 1;
}

}  // namespace resguardo
