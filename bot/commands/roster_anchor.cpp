// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/roster_anchor.h"

namespace resguardo::commands {
namespace {

using Root = std::optional<PublicKey<RootRole>>;

constexpr std::size_t kRoot = 32;
constexpr std::size_t kOldHead = 8 + Digest::kSize;
constexpr std::size_t kHead = kOldHead + 3 * kRoot;
constexpr std::size_t kEntry = MemberId::kSize + 8 + Digest::kSize;
static_assert((kHead - kOldHead) % kEntry != 0, "the two forms differ in length");

void put_number(Bytes& bytes, std::uint64_t number) {
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}
void put(Bytes& bytes, ByteView more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}
void put_root(Bytes& bytes, const Root& root) {
  const Bytes none(kRoot, 0);
  put(bytes, root ? root->view() : ByteView(none));
}

std::uint64_t get_number(ByteView bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number |= std::uint64_t{bytes[i]} << (8 * i);
  return number;
}
// False: neither zeros nor a key.
bool get_root(ByteView bytes, Root& root) {
  if (equal(bytes, Bytes(kRoot, 0))) return true;
  const auto key = PublicKey<RootRole>::from_bytes(bytes);
  if (key.ok()) root = *key;
  return key.ok();
}

bool has_head(std::size_t size, std::size_t head) {
  return size >= head && (size - head) % kEntry == 0;
}

}  // namespace

Bytes write_anchor(const RosterAnchor& anchor) {
  Bytes bytes;
  put_number(bytes, anchor.number);
  put(bytes, anchor.digest.view());
  for (const Root& root : {anchor.pin, anchor.root, anchor.next_root}) put_root(bytes, root);
  for (const ListAnchor& list : anchor.lists) {
    put(bytes, list.member.view());
    put_number(bytes, list.number);
    put(bytes, list.digest.view());
  }
  return bytes;
}

std::optional<RosterAnchor> read_anchor(ByteView bytes) {
  const bool with_roots = has_head(bytes.size(), kHead);
  if (!with_roots && !has_head(bytes.size(), kOldHead)) return std::nullopt;
  RosterAnchor anchor;
  anchor.number = get_number(bytes);
  anchor.digest = *Digest::from(bytes.subspan(8, Digest::kSize));
  if (with_roots && !(get_root(bytes.subspan(kOldHead, kRoot), anchor.pin) &&
                      get_root(bytes.subspan(kOldHead + kRoot, kRoot), anchor.root) &&
                      get_root(bytes.subspan(kOldHead + 2 * kRoot, kRoot), anchor.next_root)))
    return std::nullopt;
  for (std::size_t at = with_roots ? kHead : kOldHead; at < bytes.size(); at += kEntry)
    anchor.lists.push_back({*MemberId::from(bytes.subspan(at, MemberId::kSize)),
                            get_number(bytes.subspan(at + MemberId::kSize)),
                            *Digest::from(bytes.subspan(at + MemberId::kSize + 8, Digest::kSize))});
  return anchor;
}

}  // namespace resguardo::commands
