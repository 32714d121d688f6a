// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "crypto/session/receipt.h"
#include "tests/bot/intake/people.h"
#include "tests/support/consent.h"
#include "tests/support/world.h"

// Reports that are whole, their receipts, and who comes back with them.
namespace resguardo::intake {

inline constexpr const char* kOtherPhone = "0e7e1a55-3a55-4d12-9f10-5a2b11c0de77";  // Signal

// "1234 5678 …" in what was shown; empty: none.
inline std::string receipt_in(const std::vector<testing_support::Shown>& shown) {
  static const std::regex kDigits("[0-9]{4}( [0-9]{4}){5}");
  for (const auto& one : shown)
    if (std::smatch found; std::regex_search(one.text, found, kDigits)) return found.str();
  return {};
}

// A report told over WhatsApp from the first word to the receipt, whose digits it returns.
inline std::string tell_report(testing_support::World& world, const std::string& who) {
  testing_support::give_consent(world, who);
  for (int i = 0; i < 80; ++i) {
    const auto shown = world.replies(who);
    if (const auto digits = receipt_in(shown); !digits.empty()) return digits;
    const bool review = !shown.empty() && shown.back().node == "review";
    say(world, who, review ? "1" : i % 2 == 0 ? "saltar" : "1");
  }
  ADD_FAILURE() << "no receipt";
  return {};
}

// Another receipt: the check digit fits, and it opens nothing.
inline std::string another(std::string digits) {
  std::erase(digits, ' ');
  if (digits.empty()) return digits;
  digits[0] = digits[0] == '9' ? '0' : static_cast<char>(digits[0] + 1);
  digits.back() = damm_digit(std::string_view(digits).substr(0, digits.size() - 1));
  return digits;
}

inline bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// What a conversation shows last.
inline std::string last_text(testing_support::World& world, const std::string& who) {
  const auto shown = world.replies(who);
  return shown.empty() ? std::string() : shown.back().text;
}

}  // namespace resguardo::intake
