// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody types as a receipt, and what a disk holds as a mailbox's wrapped seed: nothing but
// 24 digits without letters and with their check digit passes, however they are typed, no slip of
// one digit and no swap of neighbours does, and no seed comes out that was not wrapped.
#include <algorithm>
#include <string>

#include "crypto/session/receipt.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The receipt's own rule once more, by the published property: the check digit follows the others.
bool expected(const std::string& digits, std::string_view typed) {
  if (std::any_of(typed.begin(), typed.end(), is_letter) || digits.size() != kReceiptDigits)
    return false;
  return damm_digit(digits.substr(0, kReceiptDigits - 1)) == digits.back();
}

void check_slips(const std::string& digits, std::size_t at) {
  std::string wrong = digits;
  for (char digit = '0'; digit <= '9'; ++digit) {
    wrong[at] = digit;
    require(receipt_check_digit_fits(wrong) == (digit == digits[at]));
  }
  std::string swapped = digits;
  if (at + 1 == digits.size() || digits[at] == digits[at + 1]) return;
  std::swap(swapped[at], swapped[at + 1]);
  require(!receipt_check_digit_fits(swapped));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  const std::string_view typed = as_text(input);
  std::string digits;
  std::copy_if(typed.begin(), typed.end(), std::back_inserter(digits), is_digit);
  require(receipt_check_digit_fits(typed) == expected(digits, typed));
  // Whatever the digits are, one last digit and no other makes a receipt of 23 of them.
  if (digits.size() >= kReceiptDigits - 1) {
    digits.resize(kReceiptDigits - 1);
    digits += damm_digit(digits);
    require(receipt_check_digit_fits(digits));
    require(receipt_check_digit_fits(" " + digits.substr(0, 4) + "-" + digits.substr(4) + ".\n"));
    require(!receipt_check_digit_fits(digits + "0") && !receipt_check_digit_fits(digits + "x"));
    check_slips(digits, size % kReceiptDigits);
  }
  static const SecretBytes wrap = SecretBytes::random(32).value();
  require(!unwrap_mailbox(wrap, input).ok());
  return 0;
}
