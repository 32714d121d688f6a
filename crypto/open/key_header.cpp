// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/key_header.h"

#include <array>

#include "crypto/format/plain_name.h"

namespace resguardo::open {
namespace {

struct Shape {
  KeyKind kind;
  pb::KeyKind wire;
  std::size_t secret_size;
  bool public_key, member, week, wrapping, passphrase;
};

constexpr std::array<Shape, 7> kShapes = {{
    {KeyKind::kRoot, pb::KEY_ROOT, 64, true, false, false, false, true},
    {KeyKind::kAnalyst, pb::KEY_ANALYST, 64, true, true, false, false, true},
    {KeyKind::kEpoch, pb::KEY_EPOCH, 32, true, true, true, true, false},
    {KeyKind::kReserve, pb::KEY_EPOCH_RESERVE, 32, true, true, false, true, false},
    {KeyKind::kWrapping, pb::KEY_WRAPPING, 32, false, true, false, true, true},
    {KeyKind::kResearcher, pb::KEY_RESEARCHER, 64, true, false, false, false, true},
    {KeyKind::kVault, pb::KEY_VAULT, 32, false, false, false, false, true},
}};

constexpr const Shape& shape_of(KeyKind kind) {
  return kShapes.at(static_cast<std::size_t>(kind));
}

constexpr bool shapes_are_in_order() {
  for (std::size_t i = 0; i < kShapes.size(); ++i)
    if (static_cast<std::size_t>(kShapes.at(i).kind) != i) return false;
  return true;
}
static_assert(shapes_are_in_order());

bool fits(const Shape& shape, const KeyNotice& notice) {
  return notice.public_key.size() == (shape.public_key ? 32U : 0U) &&
         notice.member.has_value() == shape.member && notice.week.has_value() == shape.week &&
         notice.wrapping.has_value() == shape.wrapping;
}

// Absent, or exactly of its length.
template <class Id>
bool read_id(const std::string& field, std::optional<Id>& id) {
  id = Id::from(as_bytes(field));
  return id.has_value() || field.empty();
}

}  // namespace

pb::KeyFileHeader header_of(const KeyNotice& notice) {
  pb::KeyFileHeader header;
  header.set_format(1);
  header.set_kind(shape_of(notice.kind).wire);
  header.set_label(notice.label);
  header.set_public_key(to_string(notice.public_key));
  if (notice.member) header.set_member_id(notice.member->str());
  if (notice.week) header.set_week(to_string(*notice.week));
  if (notice.wrapping) header.set_wrapping_id(notice.wrapping->str());
  return header;
}

Result<KeyNotice> notice_of(const pb::KeyFileHeader& header) {
  const Error malformed{Fault::kMalformed, "not the header of a key file"};
  if (header.format() != 1)
    return Error{Fault::kMalformed, "a key file of another version: use a newer resguardo-analyst"};
  for (const Shape& shape : kShapes) {
    if (shape.wire != header.kind()) continue;
    KeyNotice notice;
    notice.kind = shape.kind;
    notice.label = header.label();
    notice.public_key = to_bytes(as_bytes(header.public_key()));
    if (!read_id(header.member_id(), notice.member)) return malformed;
    if (!read_id(header.wrapping_id(), notice.wrapping)) return malformed;
    if (!header.week().empty()) {
      notice.week = parse_week(header.week());
      if (!notice.week) return malformed;
    }
    if (!is_plain_name(notice.label) || !fits(shape, notice)) return malformed;
    return notice;
  }
  return malformed;
}

bool locked_by_passphrase(KeyKind kind) {
  return shape_of(kind).passphrase;
}

std::size_t secret_size(KeyKind kind) {
  return shape_of(kind).secret_size;
}

}  // namespace resguardo::open
