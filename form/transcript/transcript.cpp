// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/transcript/transcript.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "program/output_file.h"
#include "program/utf8.h"

namespace resguardo::form {
namespace {

using namespace dialogue;

constexpr std::size_t kLargestTranscript = 1U << 20U;
constexpr std::size_t kLongestLine = 1U << 20U;
constexpr int kMostIncludes = 8;
constexpr std::array<std::string_view, 21> kVerbs = {
    ">",    "tap",     "tap-raw", "voice", "file",    "pin",     "edit",
    "set",  "unsend",  "sticker", "later", "nothing", "channel", "restart",
    "only", "include", "<",       "~",     "!~",      "choices", "silence"};
constexpr std::array<std::string_view, 3> kMoreVerbs = {"=", "sealed", "durable"};

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

// As a line of a transcript holds it.
std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> split_words(const std::string& text, char at) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, at);) {
    word.erase(0, word.find_first_not_of(' '));
    word.erase(word.find_last_not_of(' ') + 1);
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

}  // namespace

namespace {

class Reader {
 public:
  program::Outcome<Done> read(const std::filesystem::path& file, int depth) {
    RESGUARDO_TRY(const Bytes bytes, program::read_file(file, kLargestTranscript));
    std::istringstream stream(to_string(bytes));
    std::size_t number = 0;
    for (std::string line; std::getline(stream, line);) {
      ++number;
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
    if (verb == "later" && !number_in(*rest)) return wrong("no number of minutes: " + *rest, "");
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

// As it was offered: in a repeat the id says which time; else "node:code".
std::string tapped_id(const std::string& code, const std::optional<Prompt>& last) {
  if (!last) return ':' + code;
  for (const auto& choice : last->choices) {
    if (choice.id.substr(choice.id.find(':') + 1) == code) return choice.id;
  }
  return last->node + ':' + code;
}

std::optional<Said> said_in(const TranscriptLine& line, const std::optional<Prompt>& last) {
  if (line.verb == ">") return Words{SecretText(line.rest)};
  if (line.verb == "tap") return Tap{tapped_id(line.rest, last)};
  if (line.verb == "tap-raw") return Tap{line.rest};
  if (line.verb == "voice") return Attachment{true, SecretText(line.rest)};
  if (line.verb == "file") return Attachment{false, SecretText(line.rest)};
  if (line.verb == "edit") return Rewording{SecretText(line.rest)};
  if (line.verb == "unsend") return TakenBack{};
  if (line.verb == "sticker") return NotForUs{};
  if (line.verb == "nothing") return Hello{};
  if (line.verb != "pin") return std::nullopt;
  std::istringstream stream(line.rest);
  Pin pin;
  stream >> pin.latitude >> pin.longitude;
  std::string name;
  std::getline(stream >> std::ws, name);
  pin.name = SecretText(name);
  return pin;
}

Settings settings_of_transcripts() {
  Settings settings;
  settings.organisation = "Organización de prueba";
  settings.signal_link = "https://signal.example/u";
  settings.retention = "5";
  // Recognises a word as the server does, without its key.
  settings.word_tag = [](std::string_view word) { return std::string(word); };
  // Whatever is typed is a code of the team; `set team_codes no`: nothing is.
  settings.team_code = [](std::string_view) { return std::optional<std::string>("team-1"); };
  return settings;
}

void apply_setting(const std::string& rest, Settings& settings) {
  const auto space = std::min(rest.find(' '), rest.size());
  const std::string key = rest.substr(0, space);
  const std::string value = space < rest.size() ? rest.substr(space + 1) : std::string();
  if (key == "cover" && value.size() > 3) {
    settings.cover_text.emplace_back(value.substr(0, 2), value.substr(3));
  }
  if (key == "start_words") settings.start_words = split_words(value, ',');
  if (key == "team_codes" && value == "no") settings.team_code = nullptr;
  if (key == "media") settings.media = value == "yes";
  if (key == "panic_words") settings.panic_words = split_words(value, ',');
}

ChannelKind channel_named(const std::string& name) {
  if (name == "whatsapp") return ChannelKind::kWhatsApp;
  return name == "signal" ? ChannelKind::kSignal : ChannelKind::kPlain;
}

std::string effect_name(Effect effect) {
  switch (effect) {
    case Effect::kNone:
      return "none";
    case Effect::kForget:
      return "forget";
    case Effect::kBeginReport:
      return "begin";
    case Effect::kContinue:
      return "continue";
    case Effect::kCloseReport:
      return "close";
    case Effect::kEraseReport:
      return "erase";
    case Effect::kLeave:
      return "leave";
  }
  return {};
}

TranscriptPlayer::TranscriptPlayer(std::shared_ptr<const Form> form)
    : form_(std::move(form)), settings_(settings_of_transcripts()) {}

std::vector<std::string> TranscriptPlayer::play(const Transcript& transcript) {
  for (const auto& line : transcript.lines) happen(line);
  std::vector<std::string> failures;
  for (const Mismatch& each : mismatches_) {
    std::string text = "line ";
    text.append(std::to_string(each.line)).append(": ").append(each.actual);
    failures.push_back(text.append(" instead of ").append(each.expected));
  }
  return failures;
}

void TranscriptPlayer::happen(const TranscriptLine& line) {
  std::optional<Prompt> before;
  if (watcher_) before = last_.prompt;
  if (const auto said = said_in(line, last_.prompt)) {
    act(*said);
  } else if (!is_world(line)) {
    return expect(line);
  }
  if (watcher_) watcher_(line, before, last_);
}

// What happens without the person. False: nothing does, the line says what must be true.
bool TranscriptPlayer::is_world(const TranscriptLine& line) {
  if (line.verb == "channel") {
    channel_ = channel_named(line.rest);
  } else if (line.verb == "set") {
    apply_setting(line.rest, settings_);
  } else if (line.verb == "later") {
    now_ += std::chrono::minutes(std::stoi(line.rest));
  } else if (line.verb == "restart") {
    last_.state = durable_part(*form_, last_.state);
    awake_ = false;
  } else {
    return line.verb == "only";
  }
  return true;
}

void TranscriptPlayer::act(const Said& said) {
  now_ += std::chrono::seconds(5);
  last_ = advance(*form_, settings_, last_.state, awake_, channel_, said, now_);
  awake_ = true;
  sealed_ += last_.given.size();
  log_ += "= " + effect_name(last_.effect) + ' ' + std::to_string(last_.given.size()) + '\n';
  if (last_.prompt) log_ += "< " + last_.prompt->node + '\n' + last_.prompt->text + '\n';
}

void TranscriptPlayer::must_be(const TranscriptLine& line, bool holds, std::string actual) {
  if (holds) return;
  std::string expected = line.verb;
  if (!line.rest.empty()) expected.append(" ").append(escape(line.rest));
  mismatches_.push_back({line.file, line.number, std::move(expected), std::move(actual)});
}

void TranscriptPlayer::expect(const TranscriptLine& line) {
  if (line.verb == "=") {
    const auto effect = effect_name(last_.effect);
    must_be(line, effect == line.rest, "= " + effect);
  } else if (line.verb == "sealed") {
    const auto count = std::to_string(sealed_);
    must_be(line, count == line.rest, "sealed " + count);
  } else if (line.verb == "durable") {
    const bool nothing = durable_part(*form_, last_.state).ByteSizeLong() == 0;
    const std::string actual = nothing ? "nothing" : "something";
    must_be(line, actual == line.rest, "durable " + actual);
  } else if (line.verb == "silence") {
    must_be(line, !last_.prompt, last_.prompt ? "< " + last_.prompt->node : "silence");
  } else {
    expect_prompt(line);
  }
}

void TranscriptPlayer::expect_prompt(const TranscriptLine& line) {
  if (!last_.prompt) return must_be(line, false, "silence");
  const Prompt& prompt = *last_.prompt;
  if (line.verb == "<") return must_be(line, prompt.node == line.rest, "< " + prompt.node);
  if (line.verb == "choices") {
    std::string codes;
    for (const auto& choice : prompt.choices) {
      if (!codes.empty()) codes += ' ';
      codes.append(choice.id, choice.id.find(':') + 1);
    }
    return must_be(line, codes == line.rest, "choices " + codes);
  }
  const bool says = prompt.text.find(line.rest) != std::string::npos;
  must_be(line, says == (line.verb == "~"), "~ " + escape(prompt.text));
}

}  // namespace resguardo::form
