// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/locked_key.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <functional>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "proto/key_file.pb.h"
#include "tests/crypto/open/fixed.h"
#include "tests/support/key_samples.h"

namespace resguardo::open {
namespace {

using testing_support::fast_cost;
using testing_support::secret_of;

SecretKey<RootRole> a_root() {
  return SecretKey<RootRole>::generate().value();
}

// The file with a change to its header, sealed again as it was: only the lock can notice.
std::string with_header(const std::string& text,
                        const std::function<void(pb::KeyFileHeader&)>& change) {
  auto file = parse_strict<pb::KeyFile>(dearmour(ArmourKind::kLockedKey, text).value()).value();
  auto header = parse_strict<pb::KeyFileHeader>(as_bytes(file.header())).value();
  change(header);
  file.set_header(to_string(serialize_canonical(header)));
  return armour(ArmourKind::kLockedKey, serialize_canonical(file));
}

Fault parse_fault(const std::string& text) {
  const auto key = LockedKey::parse(as_bytes(text));
  EXPECT_FALSE(key.ok());
  return key.ok() ? Fault::kNotFound : key.error().fault;
}

KeyNotice epoch_notice(const SecretKey<EpochRole>& key) {
  KeyNotice notice;
  notice.kind = KeyKind::kEpoch;
  notice.label = "an analyst";
  notice.public_key = to_bytes(key.public_key().view());
  notice.member = MemberId{{1}};
  notice.week = parse_week("2026-W47");
  notice.wrapping = WrappingId{{2}};
  return notice;
}

TEST(LockedKeyTest, OpensWithItsPassphraseOnly) {
  const auto root = a_root();
  const auto text = lock_key(root, "the root", secret_of(kWords), fast_cost());
  ASSERT_TRUE(text.ok()) << text.error().why.c_str();
  const auto again = unlock_key<RootRole>(as_bytes(*text), secret_of(kWords));
  ASSERT_TRUE(again.ok()) << again.error().why.c_str();
  EXPECT_EQ(again->public_key(), root.public_key());
  for (const char* wrong : {"", "five words that are enougH", "five words that are enough "}) {
    const auto refused = unlock_key<RootRole>(as_bytes(*text), secret_of(wrong));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::kUnauthentic);
  }
}

TEST(LockedKeyTest, IsNotMistakenForAKeyOfAnotherRole) {
  const auto text = lock_key(a_root(), "the root", secret_of(kWords), fast_cost()).value();
  const auto other = unlock_key<ResearcherRole>(as_bytes(text), secret_of(kWords));
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().fault, Fault::kMalformed);
}

TEST(LockedKeyTest, HasAFreshSaltAndNonceAtEveryWrite) {
  const auto root = a_root();
  const auto fields = [&] {
    const auto text = lock_key(root, "the root", secret_of(kWords), fast_cost()).value();
    const auto file =
        parse_strict<pb::KeyFile>(dearmour(ArmourKind::kLockedKey, text).value()).value();
    return parse_strict<pb::KeyFileHeader>(as_bytes(file.header())).value();
  };
  const auto a = fields();
  const auto b = fields();
  EXPECT_NE(a.salt(), b.salt());
  EXPECT_NE(a.nonce(), b.nonce());
}

TEST(LockedKeyTest, CostsAQuarterOfAGibibyteUnlessAskedOtherwise) {
  EXPECT_EQ(LockCost{}.ops, 3U);
  EXPECT_EQ(LockCost{}.memory, 268435456U);
}

TEST(LockedKeyTest, ChecksItsCostBeforeItSpendsIt) {
  const auto text = lock_key(a_root(), "the root", secret_of(kWords), fast_cost()).value();
  const auto with_cost = [&](std::uint32_t ops, std::uint64_t memory) {
    return with_header(text, [&](pb::KeyFileHeader& header) {
      header.set_opslimit(ops);
      header.set_memlimit(memory);
    });
  };
  constexpr std::uint64_t kMiB = 1U << 20U;
  EXPECT_TRUE(LockedKey::parse(as_bytes(with_cost(1, 64 * kMiB))).ok());
  EXPECT_TRUE(LockedKey::parse(as_bytes(with_cost(10, 2048 * kMiB))).ok());
  EXPECT_EQ(parse_fault(with_cost(0, 64 * kMiB)), Fault::kRefused);
  EXPECT_EQ(parse_fault(with_cost(11, 64 * kMiB)), Fault::kRefused);
  EXPECT_EQ(parse_fault(with_cost(1, 64 * kMiB - 1)), Fault::kRefused);
  EXPECT_EQ(parse_fault(with_cost(1, 2048 * kMiB + 1)), Fault::kRefused);
  for (const LockCost& cost : {LockCost{0, 64 * kMiB}, LockCost{1, kMiB}})
    EXPECT_EQ(lock_key(a_root(), "r", secret_of(kWords), cost).error().fault, Fault::kRefused);
}

TEST(LockedKeyTest, AuthenticatesEveryFieldOfItsHeader) {
  const auto text = lock_key(a_root(), "the root", secret_of(kWords), fast_cost()).value();
  const std::function<void(pb::KeyFileHeader&)> changes[] = {
      [](auto& header) { header.set_label("the toor"); },
      [](auto& header) { header.set_kind(pb::KEY_RESEARCHER); },
      [](auto& header) { header.set_opslimit(2); },
      [](auto& header) { header.mutable_public_key()->at(5) ^= 1; },
      [](auto& header) { header.mutable_salt()->at(0) ^= 1; },
      [](auto& header) { header.mutable_nonce()->at(0) ^= 1; },
  };
  for (const auto& change : changes) {
    const auto key = LockedKey::parse(as_bytes(with_header(text, change)));
    ASSERT_TRUE(key.ok());
    const auto refused = key->unlock(secret_of(kWords));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::kUnauthentic);
  }
}

TEST(LockedKeyTest, HasExactlyTheFieldsOfItsKind) {
  const auto text = lock_key(a_root(), "the root", secret_of(kWords), fast_cost()).value();
  const std::function<void(pb::KeyFileHeader&)> changes[] = {
      [](auto& header) { header.set_format(2); },
      [](auto& header) { header.set_kind(pb::KEY_UNSPECIFIED); },
      [](auto& header) { header.set_kind(pb::KEY_ANALYST); },
      [](auto& header) { header.set_kind(pb::KEY_VAULT); },
      [](auto& header) { header.set_label(""); },
      [](auto& header) { header.set_label("a\nb"); },
      [](auto& header) { header.set_public_key("short"); },
      [](auto& header) { header.clear_public_key(); },
      [](auto& header) { header.set_member_id(std::string(16, 'm')); },
      [](auto& header) { header.set_week("2026-W47"); },
      [](auto& header) { header.set_wrapping_id(std::string(16, 'w')); },
      [](auto& header) { header.set_salt(std::string(15, 's')); },
      [](auto& header) { header.clear_salt(); },
      [](auto& header) { header.set_nonce(std::string(25, 'n')); },
  };
  for (const auto& change : changes)
    EXPECT_EQ(parse_fault(with_header(text, change)), Fault::kMalformed);
}

// Under a wrapping key, so that every bit can be tried: the lock is the same.
TEST(LockedKeyTest, FindsEveryFlippedBit) {
  const auto key = SecretKey<EpochRole>::generate().value();
  const auto wrapping = SecretBytes::random(32).value();
  const auto text = LockedKey::lock_under(epoch_notice(key), key.secret(), wrapping).value();
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = text;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      const auto parsed = LockedKey::parse(as_bytes(damaged));
      EXPECT_FALSE(parsed.ok() && parsed->unlock_under(wrapping).ok()) << at << ", " << bit;
    }
  }
  const Bytes binary = dearmour(ArmourKind::kLockedKey, text).value();
  for (std::size_t at = 0; at < binary.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = binary;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1U << bit));
      const auto parsed = LockedKey::parse(as_bytes(armour(ArmourKind::kLockedKey, damaged)));
      EXPECT_FALSE(parsed.ok() && parsed->unlock_under(wrapping).ok()) << at << ", " << bit;
    }
  }
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RESGUARDO_SHADOW_MEMORY
#endif
#endif
#ifndef RESGUARDO_SHADOW_MEMORY  // which leaves no room below any limit
TEST(LockedKeyDeathTest, TellsTooLittleMemoryFromAWrongPassphrase) {
  const auto text = lock_key(a_root(), "the root", secret_of(kWords), fast_cost()).value();
  const auto unlock_in = [&](rlim_t memory) {
    const rlimit limit{memory, memory};
    if (::setrlimit(RLIMIT_AS, &limit) != 0) std::exit(2);
    const auto key = unlock_key<RootRole>(as_bytes(text), secret_of(kWords));
    if (key.ok()) std::exit(0);
    std::exit(10 + static_cast<int>(key.error().fault));
  };
  constexpr rlim_t kGiB = rlim_t{1} << 30U;
  EXPECT_EXIT(unlock_in(4 * kGiB), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(unlock_in(kGiB / 16),
              ::testing::ExitedWithCode(10 + static_cast<int>(Fault::kUnavailable)), "");
}
#endif

TEST(LockedKeyTest, FindsEveryPlaceItIsCutShort) {
  const auto text = lock_key(a_root(), "the root", secret_of(kWords), fast_cost()).value();
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_EQ(parse_fault(text.substr(0, size)), Fault::kMalformed);
}

TEST(LockedKeyTest, IsOpenedTheWayItWasLocked) {
  const auto key = SecretKey<EpochRole>::generate().value();
  const auto wrapping = SecretBytes::random(32).value();
  EXPECT_EQ(LockedKey::lock(epoch_notice(key), key.secret(), secret_of(kWords)).error().fault,
            Fault::kRefused);
  const auto text = LockedKey::lock_under(epoch_notice(key), key.secret(), wrapping).value();
  const auto parsed = LockedKey::parse(as_bytes(text)).value();
  EXPECT_EQ(parsed.unlock(secret_of(kWords)).error().fault, Fault::kRefused);
  EXPECT_EQ(parsed.unlock_under(SecretBytes::random(32).value()).error().fault,
            Fault::kUnauthentic);
  EXPECT_TRUE(parsed.unlock_under(wrapping).ok());
}

TEST(LockedKeyTest, AsksForTwelveCharactersOfANewPassphrase) {
  EXPECT_FALSE(check_new_passphrase(secret_of("")).ok());
  EXPECT_FALSE(check_new_passphrase(secret_of("elevenchars")).ok());
  EXPECT_TRUE(check_new_passphrase(secret_of("twelve chars")).ok());
  EXPECT_FALSE(check_new_passphrase(secret_of("ñañañañaña")).ok());  // 16 bytes, 10 characters
  EXPECT_FALSE(check_new_passphrase(secret_of("twelve\tchars")).ok());
  EXPECT_TRUE(check_new_passphrase(secret_of(std::string(1024, 'x'))).ok());
  EXPECT_FALSE(check_new_passphrase(secret_of(std::string(1025, 'x'))).ok());
}

}  // namespace
}  // namespace resguardo::open
