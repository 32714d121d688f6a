// SPDX-License-Identifier: AGPL-3.0-or-later
// Key files: only what lock() could have written is taken, and nothing opens that was not locked.
// Argon2id is never run: its cost is bounded before (LockCost), and a fuzzer would do nothing else.
#include "crypto/format/armour.h"
#include "crypto/open/locked_key.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

SecretBytes wrapping_key() {
  Bytes key = fuzzing::seeded("wrapping key");
  return SecretBytes::take(key).value();
}

void check(ByteView text) {
  static const SecretBytes wrapping = wrapping_key();
  static const Bytes epoch = fuzzing::seeded("epoch");
  const auto file = open::LockedKey::parse(text);
  if (!file.ok()) return;
  const auto bytes = dearmour(ArmourKind::kLockedKey, as_text(text));
  require(bytes.ok() && armour(ArmourKind::kLockedKey, *bytes) == as_text(text));
  const open::KeyNotice& notice = file->notice();
  require(!notice.label.empty() && notice.label.size() <= 100);
  require(notice.week.has_value() == (notice.kind == open::KeyKind::kEpoch));
  require(notice.public_key.empty() ||
          (notice.public_key.size() == 32 && notice.kind != open::KeyKind::kVault));
  // What opens is what the corpus locked.
  if (const auto secret = file->unlock_under(wrapping); secret.ok())
    require(secret->read([](ByteView plain) { return equal(plain, epoch); }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  check(input);
  check(as_bytes(armour(ArmourKind::kLockedKey, input)));
  return 0;
}
