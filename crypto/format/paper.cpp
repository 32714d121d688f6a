// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/paper.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kTitle = "RESGUARDO PAPER 1 ";
constexpr std::size_t kLineBytes = 20;
constexpr std::size_t kCheckLetters = 4;
constexpr std::size_t kWholeLetters = 8;
constexpr std::size_t kMostLines = 99;
constexpr std::size_t kMostTyped = 65536;
constexpr std::array kKinds = {ArmourKind::kLockedKey, ArmourKind::kRootShare};

std::string_view kind_name(ArmourKind kind) {
  return kind == ArmourKind::kRootShare ? "ROOT SHARE" : "LOCKED KEY";
}

std::string base32(ByteView bytes) {
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = (held << 8U) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += kAlphabet[(held >> (bits - 5)) & 31U];
  }
  if (bits > 0) text += kAlphabet[(held << (5 - bits)) & 31U];
  return text;
}

// nullopt: not exactly what base32 gives for `size` bytes.
std::optional<Bytes> from_base32(std::string_view text, std::size_t size) {
  Bytes bytes;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char letter : text) {
    const auto value = kAlphabet.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    held = (held << 5U) | static_cast<std::uint32_t>(value);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(held >> bits));
  }
  if (bytes.size() != size || base32(bytes) != text) return std::nullopt;
  return bytes;
}

// Line 0 is the whole.
std::string check_of(ArmourKind kind, int line, ByteView bytes, std::size_t letters) {
  const std::array number = {static_cast<std::uint8_t>(line)};
  const Digest digest =
      derive_public(Bytes(32, 0), Label::kPaperLine, {as_bytes(kind_name(kind)), number, bytes});
  return base32(digest.view()).substr(0, letters);
}

std::string two_digits(int number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

// As it is meant: without what people add, with the letters that digits were typed for.
std::string meant(std::string_view typed) {
  std::string text;
  for (const char c : typed) {
    if (c == ' ' || c == '-' || c == '\t' || c == '\r') continue;
    if (c >= 'a' && c <= 'z')
      text += static_cast<char>(c - 'a' + 'A');
    else
      text += c == '0' ? 'O' : c == '1' ? 'I' : c == '8' ? 'B' : c;
  }
  return text;
}

struct Title {
  ArmourKind kind = ArmourKind::kLockedKey;
  std::size_t size = 0;
  std::string check;
};

// Capitals, one space between words and none around them.
std::string plain_words(std::string_view typed) {
  std::string text;
  for (const char c : typed) {
    if (c == ' ' || c == '\t' || c == '\r') {
      if (!text.empty() && text.back() != ' ') text += ' ';
    } else {
      text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::optional<Title> read_title(std::string_view typed) {
  std::string line = plain_words(typed);
  if (!line.starts_with(kTitle)) return std::nullopt;
  line.erase(0, kTitle.size());
  for (const ArmourKind kind : kKinds) {
    const std::string name = std::string(kind_name(kind)) + " ";
    if (!line.starts_with(name)) continue;
    line.erase(0, name.size());
    const auto space = line.find(' ');
    if (space == std::string::npos || space == 0 || space > 4) return std::nullopt;
    Title title{kind, 0, meant(line.substr(space))};
    for (const char digit : line.substr(0, space)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      title.size = title.size * 10 + static_cast<std::size_t>(digit - '0');
    }
    if (title.size == 0 || title.size > kLineBytes * kMostLines) return std::nullopt;
    return title;
  }
  return std::nullopt;
}

// Typed lines by their numbers; nullopt: no title among them.
std::optional<Title> sort_lines(std::string_view typed, std::map<int, std::string>& lines) {
  std::optional<Title> title;
  while (!typed.empty()) {
    const auto end = typed.find('\n');
    const std::string line(typed.substr(0, end));
    typed.remove_prefix(end == std::string_view::npos ? typed.size() : end + 1);
    if (const auto read = read_title(line)) {
      title = read;
    } else if (const auto begin = line.find_first_not_of(" \t");
               begin != std::string::npos && line.size() > begin + 2 && line[begin] >= '0' &&
               line[begin] <= '9' && line[begin + 1] >= '0' && line[begin + 1] <= '9') {
      lines[(line[begin] - '0') * 10 + line[begin + 1] - '0'] = meant(line.substr(begin + 2));
    }
  }
  return title;
}

}  // namespace

std::string paper_lines(ArmourKind kind, ByteView bytes) {
  const std::string whole = check_of(kind, 0, bytes, kWholeLetters);
  std::string text = std::string(kTitle) + std::string(kind_name(kind)) + " " +
                     std::to_string(bytes.size()) + " " + whole.substr(0, 4) + "-" +
                     whole.substr(4) + "\n";
  for (int line = 1; !bytes.empty(); ++line) {
    const ByteView piece = bytes.first(std::min(kLineBytes, bytes.size()));
    bytes = bytes.subspan(piece.size());
    text += two_digits(line);
    const std::string letters = base32(piece);
    for (std::size_t at = 0; at < letters.size(); at += 4) text += " " + letters.substr(at, 4);
    text += " " + check_of(kind, line, piece, kCheckLetters) + "\n";
  }
  return text;
}

Result<TypedPaper> read_paper(std::string_view typed) {
  std::map<int, std::string> lines;
  if (typed.size() > kMostTyped) return Error{Fault::kMalformed, "too long for a page"};
  const auto title = sort_lines(typed, lines);
  if (!title)
    return Error{Fault::kMalformed,
                 "the first line is missing or mistyped: RESGUARDO PAPER 1, what it is, its length "
                 "and eight letters"};
  TypedPaper paper;
  paper.kind = title->kind;
  for (int line = 1; paper.bytes.size() < title->size || !paper.wrong.empty(); ++line) {
    const std::size_t before = static_cast<std::size_t>(line - 1) * kLineBytes;
    if (before >= title->size) break;
    const std::size_t size = std::min(kLineBytes, title->size - before);
    const std::string& letters = lines[line];
    const auto piece =
        letters.size() > kCheckLetters
            ? from_base32(std::string_view(letters).substr(0, letters.size() - kCheckLetters), size)
            : std::nullopt;
    if (piece && letters.ends_with(check_of(title->kind, line, *piece, kCheckLetters)))
      paper.bytes.insert(paper.bytes.end(), piece->begin(), piece->end());
    else
      paper.wrong.push_back(line);
  }
  if (paper.wrong.empty() &&
      meant(check_of(title->kind, 0, paper.bytes, kWholeLetters)) != title->check)
    return Error{Fault::kUnauthentic,
                 "every line fits its own check and the page does not: is it of one page, and its "
                 "first line right?"};
  return paper;
}

}  // namespace resguardo
