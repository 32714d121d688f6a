// SPDX-License-Identifier: AGPL-3.0-or-later
// From lines of text to a transcript: every line is understood, or told with its number.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <sstream>
#include <utility>

#include "form/transcript/transcript.h"
#include "program/output_file.h"

namespace resguardo::form {
namespace {

constexpr std::size_t kLargestTranscript = 1U << 20U;
constexpr std::size_t kLongestLine = 1U << 20U;
constexpr int kMostIncludes = 8;
constexpr std::array<std::string_view, 22> kVerbs = {
    ">",       "tap",     "tap-raw", "voice",   "file",    "pin",     "edit",  "set",
    "unsend",  "sticker", "later",   "nothing", "channel", "restart", "phone", "only",
    "include", "<",       "~",       "!~",      "choices", "silence"};
constexpr std::array<std::string_view, 3> kMoreVerbs = {"=", "sealed", "durable"};
constexpr std::array<std::string_view, 3> kChannels = {"whatsapp", "signal", "plain"};
constexpr std::array<std::string_view, 10> kSettings = {
    "cover", "start_words", "panic_words", "media", "team_codes",
    "links", "linked",      "replies",     "busy",  "failing"};

bool is_verb(std::string_view verb) {
  return std::find(kVerbs.begin(), kVerbs.end(), verb) != kVerbs.end() ||
         std::find(kMoreVerbs.begin(), kMoreVerbs.end(), verb) != kMoreVerbs.end();
}

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// \n \t \0 \\ and {{400*text}}: the text 400 times. Nothing: not closed, or far too long.
std::optional<std::string> unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "{{") == 0) {
      const auto star = text.find('*', i);
      const auto end = text.find("}}", i);
      if (star == std::string::npos || end == std::string::npos || star > end) return std::nullopt;
      const auto times = number_in(std::string_view(text).substr(i + 2, star - i - 2));
      const auto unit = unescape(text.substr(star + 1, end - star - 1));
      if (!times || !unit || *times > kLongestLine / (unit->size() + 1)) return std::nullopt;
      for (std::size_t n = 0; n < *times; ++n) out += *unit;
      i = end + 1;
    } else if (text[i] == '\\' && i + 1 < text.size()) {
      const char code = text[++i];
      out += code == 'n' ? '\n' : code == 't' ? '\t' : code == '0' ? '\0' : code;
    } else {
      out += text[i];
    }
  }
  return out;
}

// What is wrong with the rest of a line, and how to mend it; nothing: it can be meant.
std::optional<std::pair<std::string, std::string>> wrong_rest(const std::string& verb,
                                                              const std::string& rest) {
  const std::string first = rest.substr(0, rest.find(' '));
  if (verb == "later" && !number_in(rest))
    return std::pair("no number of minutes: " + rest, "write `later 31`");
  if ((verb == "channel" || verb == "phone") &&
      std::find(kChannels.begin(), kChannels.end(), rest) == kChannels.end())
    return std::pair("no such channel: " + rest, "there are whatsapp, signal and plain");
  if (verb == "set" && std::find(kSettings.begin(), kSettings.end(), first) == kSettings.end())
    return std::pair("no such setting: " + first,
                     "there are cover, start_words, panic_words, media, team_codes, links, linked, "
                     "replies, busy and failing");
  return std::nullopt;
}

class Reader {
 public:
  program::Outcome<Done> read(const std::filesystem::path& file, int depth) {
    RESGUARDO_TRY(const Bytes bytes, program::read_file(file, kLargestTranscript));
    std::istringstream stream(to_string(bytes));
    std::size_t number = 0;
    for (std::string line; std::getline(stream, line);) {
      ++number;
      if (line.ends_with('\r')) line.pop_back();
      if (line.empty() || line.starts_with("#")) continue;
      RESGUARDO_CHECK(take(file, number, line, depth));
    }
    return Done{};
  }
  std::vector<TranscriptLine> lines;

 private:
  program::Outcome<Done> take(const std::filesystem::path& file, std::size_t number,
                              const std::string& line, int depth) {
    const auto wrong = [&](std::string what, std::string mend) {
      std::string where = file.string();
      where.append(":").append(std::to_string(number));
      return program::usage_problem(std::move(where), std::move(what), std::move(mend));
    };
    const auto space = std::min(line.find(' '), line.size());
    const std::string verb = line.substr(0, space);
    auto rest = unescape(space < line.size() ? line.substr(space + 1) : std::string());
    if (!rest) return wrong("a repetition that cannot be meant", "write {{400*text}}");
    if (!is_verb(verb)) return wrong("no such verb: " + verb, "see tests/scenario/README.md");
    if (auto problem = wrong_rest(verb, *rest))
      return wrong(std::move(problem->first), std::move(problem->second));
    if (verb != "include") {
      lines.push_back({number, verb, std::move(*rest), file});
      return Done{};
    }
    if (depth == kMostIncludes) return wrong("parts that include each other", "");
    return read(file.parent_path() / (*rest + ".part"), depth + 1);
  }
};

}  // namespace

program::Outcome<Transcript> read_transcript(const std::filesystem::path& file) {
  Reader reader;
  RESGUARDO_CHECK(reader.read(file, 0));
  return Transcript{file.stem().string(), std::move(reader.lines)};
}

}  // namespace resguardo::form
