// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/syntax_scan.h"

#include <algorithm>
#include <optional>
#include <string>

#include "program/utf8.h"

namespace resguardo::form {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::u32string_view kCurlyQuotes = U"\u201C\u201D\u201E\u2018\u2019\u201A\u00AB\u00BB";
constexpr std::u32string_view kInvisible =
    U"\u00A0\u00AD\u2002\u2003\u2007\u2009\u200B\u200C\u200D\u2028\u2029\u202F\u2060\u3000\uFEFF";

std::string letter(char32_t code_point) {
  std::string text;
  program::append_utf8(text, code_point);
  return text;
}

std::size_t line_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  return static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
}

std::optional<SyntaxError> not_utf8(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return SyntaxError{1, "is UTF-16, not UTF-8",
                       "save it again in your editor, with the encoding UTF-8"};
  }
  std::string_view rest = text;
  while (!rest.empty() && program::take_code_point(rest)) {
  }
  if (rest.empty()) return std::nullopt;
  return SyntaxError{line_of(text, text.size() - rest.size()),
                     "is not UTF-8 here: it was saved as Latin-1, Windows-1252 or the like",
                     "save it again in your editor, with the encoding UTF-8"};
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::vector<SyntaxError> run() {
    if (rest_.starts_with(kByteOrderMark)) {
      add("begins with a byte order mark (BOM), which some editors put there unseen",
          "save it again in your editor, as UTF-8 without BOM");
      rest_.remove_prefix(kByteOrderMark.size());
    }
    while (!rest_.empty()) step();
    if (errors_.empty()) braces_left_open();
    return std::move(errors_);
  }

 private:
  struct Brace {
    std::size_t line;
    std::size_t indent;
  };

  void add(std::string what, std::string mend) { add_at(line_, std::move(what), std::move(mend)); }
  void add_at(std::size_t line, std::string what, std::string mend) {
    if (!errors_.empty() && errors_.back().line == line) return;
    errors_.push_back({line, std::move(what), std::move(mend)});
  }
  void step() {
    const auto read = program::take_code_point(rest_);
    const char32_t c = read ? *read : U'?';
    if (c == U'\n') {
      ++line_;
      indent_ = 0;
      first_in_line_ = true;
      return;
    }
    if (c == U' ' || c == U'\t' || c == U'\r') {
      if (first_in_line_) ++indent_;
      return;
    }
    if (c == U'#') {
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    } else if (c == U'"' || c == U'\'') {
      quoted(static_cast<char>(c));
    } else if (c == U'{') {
      open_.push_back({line_, indent_});
    } else if (c == U'}') {
      close();
    } else if (c >= 0x80) {
      foreign(c);
    }
    first_in_line_ = false;
  }
  void quoted(char quote) {
    for (std::size_t i = 0; i < rest_.size() && rest_[i] != '\n'; ++i) {
      if (rest_[i] == quote) return rest_.remove_prefix(i + 1);
      if (rest_[i] == '\\') ++i;
    }
    const auto end = std::min(rest_.find('\n'), rest_.size());
    const char32_t curly = curly_quote_in(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (curly != 0) return curly_quote(curly);
    std::string mend = "close it with ";
    mend.push_back(quote);
    add("a text that begins here does not end on its line",
        mend.append("; a line break in a text is written \\n"));
  }
  static char32_t curly_quote_in(std::string_view words) {
    while (!words.empty()) {
      const auto c = program::take_code_point(words);
      if (!c) return 0;
      if (kCurlyQuotes.find(*c) != std::u32string_view::npos) return *c;
    }
    return 0;
  }
  void curly_quote(char32_t c) {
    add("a curly quote " + letter(c) + " where a straight one \" belongs",
        "type \" over it; \"smart quotes\" can be switched off in the editor");
  }
  // A sign that no text in quotes holds.
  void foreign(char32_t c) {
    if (kCurlyQuotes.find(c) != std::u32string_view::npos) {
      curly_quote(c);
    } else if (kInvisible.find(c) != std::u32string_view::npos) {
      add("an invisible sign that is no space stands outside of quotes",
          "delete what looks like a space here, and type it again");
    } else {
      add(letter(c) + " stands outside of quotes", "put what people read between \" and \"");
    }
    rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));  // the rest follows from it
  }
  void close() {
    if (open_.empty()) {
      if (errors_.empty())
        add_at(extra_ == 0 ? line_ : extra_, "a } too many", "take one out, here or just before");
      return;
    }
    const Brace opened = open_.back();
    open_.pop_back();
    // Who indents shows what they mean: this } was for one further out, or further in.
    if (first_in_line_ && indent_ < opened.indent && never_closed_ == 0)
      never_closed_ = opened.line;
    if (opened.line != line_ && indent_ > opened.indent && extra_ == 0) extra_ = line_;
  }
  void braces_left_open() {
    if (open_.empty()) return;
    const std::size_t line = never_closed_ == 0 ? open_.back().line : never_closed_;
    add_at(line, "a { that opens here is never closed", "add the missing } where it should end");
  }

  std::string_view rest_;
  std::size_t line_ = 1;
  std::size_t indent_ = 0;
  bool first_in_line_ = true;
  std::size_t never_closed_ = 0;  // lines that the indentation makes doubtful; 0: none
  std::size_t extra_ = 0;
  std::vector<Brace> open_;
  std::vector<SyntaxError> errors_;
};

}  // namespace

std::vector<SyntaxError> slips_in(std::string_view text) {
  if (auto error = not_utf8(text)) return {std::move(*error)};
  return Scanner(text).run();
}

}  // namespace resguardo::form
