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
  Digest lookup;             // stored: finds the report
  Bytes wrapped_mailbox;     // stored: the mailbox seed under the receipt's key
  Bytes mailbox_public_key;  // 32, X25519: goes into the report's final record
  Bytes withdrawal_key;      // 32, Ed25519: its hash goes into the log
};
Result<ReceiptKeys> derive_receipt_keys(std::string_view receipt, const SecretBytes& salt);

}  // namespace resguardo
