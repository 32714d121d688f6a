// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/session/receipt.h"

#include <sodium.h>

#include <array>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

// The totally anti-symmetric quasigroup of order 10 that Damm's thesis (2004) gives.
constexpr std::array<std::string_view, 10> kDamm = {
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"};

SecretText only_digits(std::string_view typed) {
  SecretText digits;
  for (const char& c : typed)
    if (c >= '0' && c <= '9') digits.append({&c, 1});
  return digits;
}

bool has_letter(std::string_view typed) {
  for (const char c : typed)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return false;
}

constexpr unsigned long long kPasses = 3;
constexpr std::size_t kMemory = 16UL * 1024 * 1024;

struct Stretched {
  std::array<std::uint8_t, 64> bytes{};
  Stretched() = default;
  Stretched(const Stretched&) = delete;
  Stretched& operator=(const Stretched&) = delete;
  ~Stretched() { wipe(bytes); }
};

Status wrap_mailbox(ByteView wrap_key, ReceiptKeys& keys) {
  constexpr std::size_t kNonce = crypto_secretbox_NONCEBYTES;
  std::array<std::uint8_t, crypto_box_SECRETKEYBYTES> secret{};
  keys.mailbox_public_key.resize(crypto_box_PUBLICKEYBYTES);
  keys.wrapped_mailbox.resize(kNonce + crypto_secretbox_MACBYTES + crypto_box_SEEDBYTES);
  randombytes_buf(keys.wrapped_mailbox.data(), kNonce);
  const bool ok = keys.mailbox_seed.read([&](ByteView seed) {
    return crypto_box_seed_keypair(keys.mailbox_public_key.data(), secret.data(), seed.data()) ==
               0 &&
           crypto_secretbox_easy(keys.wrapped_mailbox.data() + kNonce, seed.data(), seed.size(),
                                 keys.wrapped_mailbox.data(), wrap_key.data()) == 0;
  });
  wipe(secret);
  if (!ok) return Error{Fault::kUnavailable, "a mailbox could not be made"};
  return success();
}

Status withdrawal_key(std::span<std::uint8_t, 32> seed, ReceiptKeys& keys) {
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  keys.withdrawal_key.resize(crypto_sign_PUBLICKEYBYTES);
  const bool ok =
      crypto_sign_seed_keypair(keys.withdrawal_key.data(), secret.data(), seed.data()) == 0;
  wipe(secret);
  wipe(seed);
  if (!ok) return Error{Fault::kUnavailable, "a withdrawal key could not be made"};
  return success();
}

// Argon2id over the digits: everything else of a receipt comes from it.
Status stretch(std::string_view receipt, const SecretBytes& salt, Stretched& stretched) {
  const SecretText digits = only_digits(receipt);
  static_assert(crypto_pwhash_SALTBYTES <= 32);
  const int failed = salt.read([&](ByteView bytes) {
    return crypto_pwhash(stretched.bytes.data(), stretched.bytes.size(), digits.reveal().data(),
                         digits.size(), bytes.data(), kPasses, kMemory,
                         crypto_pwhash_ALG_ARGON2ID13);
  });
  if (failed != 0) return Error{Fault::kUnavailable, "not enough memory for a receipt"};
  return success();
}

Result<SecretBytes> derived_secret(const Stretched& stretched, Label label) {
  RESGUARDO_TRY(auto secret, SecretBytes::allocate(32));
  secret.write([&](std::span<std::uint8_t> out) {
    derive_secret(stretched.bytes, label, {}, out.first<32>());
  });
  return secret;
}

}  // namespace

char damm_digit(std::string_view digits) {
  std::size_t interim = 0;
  for (const char c : digits)
    interim =
        static_cast<std::size_t>(kDamm.at(interim).at(static_cast<std::size_t>(c - '0')) - '0');
  return static_cast<char>('0' + interim);
}

Result<SecretText> make_receipt() {
  SecretText digits;
  for (std::size_t i = 0; i + 1 < kReceiptDigits; ++i) {
    const char digit = static_cast<char>('0' + randombytes_uniform(10));
    digits.append({&digit, 1});
  }
  const char check = damm_digit(digits.reveal());
  digits.append({&check, 1});
  SecretText grouped;
  for (std::size_t i = 0; i < kReceiptDigits; i += 4) {
    if (i > 0) grouped.append(" ");
    grouped.append(digits.reveal().substr(i, 4));
  }
  return grouped;
}

bool receipt_check_digit_fits(std::string_view typed) {
  const SecretText digits = only_digits(typed);
  return digits.size() == kReceiptDigits && !has_letter(typed) &&
         damm_digit(digits.reveal()) == '0';
}

Result<ReceiptKeys> derive_receipt_keys(std::string_view receipt, const SecretBytes& salt) {
  Stretched stretched;
  RESGUARDO_CHECK(stretch(receipt, salt, stretched));
  RESGUARDO_TRY(auto seed, SecretBytes::random(crypto_box_SEEDBYTES));
  ReceiptKeys keys{std::move(seed), {}, {}, {}, {}};
  keys.lookup = derive_public(stretched.bytes, Label::kReceiptLookup, {});
  std::array<std::uint8_t, 32> derived{};
  derive_secret(stretched.bytes, Label::kMailboxWrap, {}, derived);
  const auto wrapped = wrap_mailbox(derived, keys);
  wipe(derived);
  RESGUARDO_CHECK(wrapped);
  derive_secret(stretched.bytes, Label::kWithdrawalSeed, {}, derived);
  RESGUARDO_CHECK(withdrawal_key(derived, keys));
  return keys;
}

Result<ReceiptSecrets> open_receipt(const SecretText& typed, const SecretBytes& salt) {
  if (!receipt_check_digit_fits(typed.reveal()))
    return Error{Fault::kMalformed, "the check digit does not fit"};
  Stretched stretched;
  RESGUARDO_CHECK(stretch(typed.reveal(), salt, stretched));
  RESGUARDO_TRY(auto wrap, derived_secret(stretched, Label::kMailboxWrap));
  RESGUARDO_TRY(auto seed, derived_secret(stretched, Label::kWithdrawalSeed));
  return ReceiptSecrets{derive_public(stretched.bytes, Label::kReceiptLookup, {}), std::move(wrap),
                        std::move(seed)};
}

Result<SecretBytes> unwrap_mailbox(const SecretBytes& mailbox_wrap, ByteView wrapped) {
  constexpr Error kNotIts{Fault::kUnauthentic, "the mailbox does not open with this receipt"};
  constexpr std::size_t kOver = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (wrapped.size() != kOver + crypto_box_SEEDBYTES ||
      mailbox_wrap.size() != crypto_secretbox_KEYBYTES)
    return kNotIts;
  RESGUARDO_TRY(auto seed, SecretBytes::allocate(crypto_box_SEEDBYTES));
  const int opened = mailbox_wrap.read([&](ByteView key) {
    return seed.write([&](std::span<std::uint8_t> out) {
      const auto box = wrapped.subspan(crypto_secretbox_NONCEBYTES);
      return crypto_secretbox_open_easy(out.data(), box.data(), box.size(), wrapped.data(),
                                        key.data());
    });
  });
  if (opened != 0) return kNotIts;
  return seed;
}

Result<SignedStatement> sign_withdrawal(const SecretBytes& withdrawal_seed, ByteView statement) {
  constexpr Error kNot{Fault::kUnavailable, "a withdrawal could not be signed"};
  if (withdrawal_seed.size() != crypto_sign_SEEDBYTES) return kNot;
  Bytes labelled = to_bytes(as_bytes(label_text(Label::kSignWithdrawal)));
  labelled.push_back(0);
  labelled.insert(labelled.end(), statement.begin(), statement.end());
  SignedStatement made{Bytes(crypto_sign_PUBLICKEYBYTES), Bytes(crypto_sign_BYTES)};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  const bool ok = withdrawal_seed.read([&](ByteView seed) {
    return crypto_sign_seed_keypair(made.key.data(), secret.data(), seed.data()) == 0 &&
           crypto_sign_detached(made.signature.data(), nullptr, labelled.data(), labelled.size(),
                                secret.data()) == 0;
  });
  wipe(secret);
  if (!ok) return kNot;
  return made;
}

}  // namespace resguardo
