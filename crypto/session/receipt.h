// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/base/secret_text.h"

namespace resguardo {

constexpr std::size_t kReceiptDigits = 24;  // 23 random ones (76 bits) and a Damm check digit

// Six groups of four digits, "1234 5678 …": looks like a transfer number. Shown once, kept nowhere.
Result<SecretText> make_receipt();

// True if `typed` has 24 digits, anything but letters between them, and its check digit fits
// (Damm 2004: finds every single wrong digit and every swap of neighbours).
bool receipt_check_digit_fits(std::string_view typed);
// The check digit of a row of digits; for tests against published examples.
char damm_digit(std::string_view digits);

// What is derived from a receipt: Argon2id (3 passes, 16 MiB) over the digits, `salt` from the
// master key, then by label. About 40 ms and 16 MiB: never on an I/O thread.
struct ReceiptKeys {
  SecretBytes mailbox_seed;  // 32: for who links a phone (phone_link.h); else it is wiped
  Digest lookup;             // stored: finds the report
  Bytes wrapped_mailbox;     // stored: the mailbox seed under the receipt's key
  Bytes mailbox_public_key;  // 32, X25519: goes into the report's final record
  Bytes withdrawal_key;      // 32, Ed25519: its hash goes into the log
};
Result<ReceiptKeys> derive_receipt_keys(std::string_view receipt, const SecretBytes& salt);

// What brings a person back, from what they typed. The same cost, and never on an I/O thread.
// kMalformed: its check digit does not fit; nothing was derived.
struct ReceiptSecrets {
  Digest lookup;                // finds the report, if there is one
  SecretBytes mailbox_wrap;     // 32: opens ReceiptKeys::wrapped_mailbox
  SecretBytes withdrawal_seed;  // 32: signs withdrawals
};
Result<ReceiptSecrets> open_receipt(const SecretText& typed, const SecretBytes& salt);

// The mailbox's seed (32), which opens what was sealed to mailbox_public_key
// (crypto/mailbox/mailbox_opener.h). kUnauthentic: not this receipt's, or changed.
Result<SecretBytes> unwrap_mailbox(const SecretBytes& mailbox_wrap, ByteView wrapped);

// The statement (crypto/format/withdrawal.h) signed under Label::kSignWithdrawal.
struct SignedStatement {
  Bytes key;        // 32, Ed25519: ReceiptKeys::withdrawal_key
  Bytes signature;  // 64
};
Result<SignedStatement> sign_withdrawal(const SecretBytes& withdrawal_seed, ByteView statement);

}  // namespace resguardo
