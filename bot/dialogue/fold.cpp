// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/fold.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <algorithm>

namespace resguardo::dialogue {
namespace {

using Utf16 = std::vector<char16_t, WipingAllocator<char16_t>>;

// Puts words together: decides on spaces, so that nothing is ever doubled.
class Writer {
 public:
  Writer(bool figures, std::size_t expected) : figures_(figures) { out_.reserve(expected); }
  bool figures() const { return figures_; }
  // Letters since the last word began.
  std::size_t run() const { return space_due_ ? 0 : run_; }

  void letter(std::string_view bytes) {
    const bool digit = bytes.size() == 1 && bytes[0] >= '0' && bytes[0] <= '9';
    if (figures_ && run_ > 0 && digit != ends_with_digit_) space_due_ = true;
    if (space_due_ && !out_.empty()) out_.push_back(' ');
    run_ = space_due_ ? 1 : run_ + 1;
    space_due_ = false;
    for (const char byte : bytes) out_.push_back(static_cast<std::uint8_t>(byte));
    ends_with_digit_ = digit;
  }
  void space() { space_due_ = true; }
  void word(std::string_view bytes) {
    space();
    letter(bytes);
    space();
    ends_with_digit_ = false;
  }
  bool ends_with_digit() const { return ends_with_digit_; }
  SecretText finish() { return SecretText(std::move(out_)); }

 private:
  SecretBuffer out_;
  bool figures_;
  std::size_t run_ = 0;
  bool space_due_ = false;
  bool ends_with_digit_ = false;
};

bool parts_a_list(char32_t c) {
  return c == U',' || c == U';' || c == U'/' || c == U'\n' || c == U'&' || c == U'+' || c == U'|' ||
         c == U'、' || c == U'،';
}
bool is_hyphen(char32_t c) {
  return c == U'-' || c == U'‐' || c == U'‑' || c == U'–' || c == U'—';
}
bool is_apostrophe(char32_t c) {
  return c == U'\'' || c == U'’' || c == U'‘' || c == U'ʼ' || c == U'´' || c == U'`';
}
bool is_dropped(char32_t c) {  // marks and what only changes how the one before it looks
  const auto mask = U_GET_GC_MASK(static_cast<UChar32>(c));
  return (mask & (U_GC_M_MASK | U_GC_CF_MASK | U_GC_SK_MASK)) != 0 || is_apostrophe(c);
}

// Emoji that people answer with; a form's lists say what they mean.
bool says_something(char32_t c) {
  return c == U'👍' || c == U'👎' || c == U'👌' || c == U'✅' || c == U'✔' || c == U'❌' ||
         c == U'✖';
}

void write_letter(Writer& out, char32_t c) {
  char bytes[4];
  std::size_t length = 0;
  if (c < 0x80) {
    bytes[length++] = static_cast<char>(c);
  } else if (c < 0x800) {
    bytes[length++] = static_cast<char>(0xC0 | (c >> 6));
    bytes[length++] = static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    bytes[length++] = static_cast<char>(0xE0 | (c >> 12));
    bytes[length++] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    bytes[length++] = static_cast<char>(0x80 | (c & 0x3F));
  } else {
    bytes[length++] = static_cast<char>(0xF0 | (c >> 18));
    bytes[length++] = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    bytes[length++] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    bytes[length++] = static_cast<char>(0x80 | (c & 0x3F));
  }
  out.letter({bytes, length});
}

bool is_currency(char32_t c) {
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_SC_MASK) != 0;
}
bool is_sign_of_figures(char32_t c) {
  return c == U'/' || c == U'.' || c == U',' || c == U':' || is_hyphen(c);
}

// What differs when figures are read; false: nothing does.
bool write_sign(Writer& out, char32_t c, char32_t next) {
  if (is_apostrophe(c)) {
    if (out.run() == 1) out.space();
    return true;
  }
  if (is_currency(c)) {
    out.space();
    write_letter(out, c);
    out.space();
    return true;
  }
  if (is_sign_of_figures(c)) {
    const bool inside = out.ends_with_digit() && u_charDigitValue(static_cast<UChar32>(next)) >= 0;
    if (!inside) return out.space(), true;
    const char sign = is_hyphen(c) ? '-' : static_cast<char>(c);
    return out.word({&sign, 1}), true;
  }
  return false;
}

void write(Writer& out, char32_t c, char32_t next) {
  constexpr char32_t kKeycapTen = 0x1F51F;
  if (out.figures() && write_sign(out, c, next)) return;
  if (is_dropped(c)) return;
  if (c == kKeycapTen) return out.word("10");
  if (says_something(c)) {
    out.space();
    write_letter(out, c);
    return out.space();
  }
  if (parts_a_list(c)) return out.figures() ? out.space() : out.word(",");
  const auto digit = u_charDigitValue(static_cast<UChar32>(c));
  if (digit >= 0) return write_letter(out, U'0' + static_cast<char32_t>(digit));
  if (is_hyphen(c) && out.ends_with_digit() && u_charDigitValue(static_cast<UChar32>(next)) >= 0) {
    return out.word("-");
  }
  if (u_isalnum(static_cast<UChar32>(c)) != 0) return write_letter(out, c);
  out.space();
}

Utf16 to_utf16(std::string_view text) {
  Utf16 wide(text.size() + 1);
  std::int32_t length = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strFromUTF8WithSub(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                       static_cast<std::int32_t>(text.size()), 0xFFFD, nullptr, &error);
  wide.resize(U_SUCCESS(error) ? static_cast<std::size_t>(length) : 0);
  return wide;
}

Utf16 normalise(const UNormalizer2* form, const Utf16& text) {
  Utf16 result(text.size() * 4 + 64);
  for (int attempt = 0; attempt < 2; ++attempt) {
    UErrorCode error = U_ZERO_ERROR;
    const auto length =
        unorm2_normalize(form, text.data(), static_cast<std::int32_t>(text.size()), result.data(),
                         static_cast<std::int32_t>(result.size()), &error);
    if (error == U_BUFFER_OVERFLOW_ERROR) {
      result.resize(static_cast<std::size_t>(length));
      continue;
    }
    result.resize(U_SUCCESS(error) ? static_cast<std::size_t>(length) : 0);
    return result;
  }
  return {};
}

// Compatibility folding, then decomposition, so that accents are characters of their own.
Utf16 without_case(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* casefold = unorm2_getNFKCCasefoldInstance(&error);
  const UNormalizer2* decompose = unorm2_getNFKDInstance(&error);
  if (U_FAILURE(error)) return {};
  return normalise(decompose, normalise(casefold, to_utf16(text)));
}

char32_t next_character(const Utf16& text, std::size_t& at) {
  const char32_t first = text[at++];
  if (!U16_IS_LEAD(first) || at == text.size() || !U16_IS_TRAIL(text[at])) return first;
  return static_cast<char32_t>(U16_GET_SUPPLEMENTARY(first, text[at++]));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & '\x80') == 0; });
}
char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Signs that become words of their own; where there are more, the text grows once.
constexpr std::size_t kRoomForSigns = 16;

SecretText fold_ascii(std::string_view text, bool figures) {
  Writer out(figures, text.size() + kRoomForSigns);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = ascii_lower(text[i]);
    if (is_plain(letter)) {
      out.letter({&letter, 1});
      continue;
    }
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    write(out, static_cast<char32_t>(letter), static_cast<char32_t>(next));
  }
  return out.finish();
}

SecretText folded(std::string_view text, bool figures) {
  if (is_ascii(text)) return fold_ascii(text, figures);
  const Utf16 wide = without_case(text);
  Writer out(figures, text.size() + kRoomForSigns);
  for (std::size_t i = 0; i < wide.size();) {
    const char32_t c = next_character(wide, i);
    char32_t next = U' ';
    if (i < wide.size()) {
      std::size_t ahead = i;
      next = next_character(wide, ahead);
    }
    write(out, c, next);
  }
  return out.finish();
}

}  // namespace

SecretText fold(std::string_view text) {
  return folded(text, false);
}
SecretText fold_figures(std::string_view text) {
  return folded(text, true);
}

WordsView split(std::string_view folded) {
  WordsView words;
  words.reserve(static_cast<std::size_t>(std::count(folded.begin(), folded.end(), ' ')) + 1);
  while (!folded.empty()) {
    const auto end = std::min(folded.find(' '), folded.size());
    words.push_back(folded.substr(0, end));
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return words;
}

std::string fold_name(std::string_view text) {
  return name_of_folded(fold(text).reveal());
}
std::string name_of_folded(std::string_view folded) {
  std::string name;
  name.reserve(folded.size());
  for (const auto word : split(folded)) {
    if (word == "," || word == "-") continue;
    if (!name.empty()) name += ' ';
    name += word;
  }
  return name;
}

SecretText trim_sign(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  const auto last = text.find_last_not_of(" \t\r\n");
  SecretBuffer lower(as_bytes(text.substr(first, last - first + 1)));
  for (auto& byte : lower.span()) {
    byte = static_cast<std::uint8_t>(ascii_lower(static_cast<char>(byte)));
  }
  return SecretText(as_text(lower.view()));
}

std::size_t visible_length(std::string_view utf8) {
  std::size_t length = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) ++length;
    if (byte >= 0xF0) ++length;  // outside the basic plane: two units
  }
  return length;
}

}  // namespace resguardo::dialogue
