// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/row_pack.h"

#include <array>

namespace resguardo::analyst {
namespace {

constexpr std::size_t kHead = 1 + 3;
constexpr std::size_t kTooLong = std::size_t{1} << 24U;

}  // namespace

void RowPack::clear() {
  bytes_.resize(0);
  last_ = -1;
}

void RowPack::append(std::uint8_t key, ByteView content) {
  const std::array<std::uint8_t, kHead> head = {
      key, static_cast<std::uint8_t>(content.size() >> 16U),
      static_cast<std::uint8_t>(content.size() >> 8U), static_cast<std::uint8_t>(content.size())};
  bytes_.append(head);
  bytes_.append(content);
  last_ = key;
}

Status RowPack::put(std::uint8_t key, ByteView content) {
  if (content.size() >= kTooLong) return Error{Fault::kRefused, "a row that is too long"};
  if (key > last_) {
    append(key, content);
    return success();
  }
  RowPack one;
  one.append(key, content);
  RESGUARDO_TRY(*this, merged(view(), one.view()));
  return success();
}

Result<RowPack> RowPack::merged(ByteView older, ByteView newer) {
  RowPack both;
  PackReader old(older);
  PackReader late(newer);
  RESGUARDO_TRY(bool more_old, old.next());
  RESGUARDO_TRY(bool more_late, late.next());
  while (more_old || more_late) {
    const bool first_old = more_old && (!more_late || old.key() <= late.key());
    const bool twice = first_old && more_late && old.key() == late.key();
    const PackReader& next = first_old ? old : late;
    both.append(next.key(), next.content());
    if (!first_old || twice) {
      RESGUARDO_TRY(more_late, late.next());
    }
    if (first_old) {
      RESGUARDO_TRY(more_old, old.next());
    }
  }
  return both;
}

Result<bool> PackReader::next() {
  constexpr Error kNone = {Fault::kMalformed, "what the vault holds of a segment is damaged"};
  if (rest_.empty()) return false;
  if (rest_.size() < kHead || rest_[0] <= key_) return kNone;
  key_ = rest_[0];
  const std::size_t length = std::size_t{rest_[1]} << 16U | std::size_t{rest_[2]} << 8U | rest_[3];
  rest_ = rest_.subspan(kHead);
  if (rest_.size() < length) return kNone;
  content_ = rest_.first(length);
  rest_ = rest_.subspan(length);
  return true;
}

}  // namespace resguardo::analyst
