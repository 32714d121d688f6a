// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/scenario/transcript.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

using namespace dialogue;

// \n \t \0 \\ and {{400*text}}: the text 400 times.
std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "{{") == 0) {
      const auto star = text.find('*', i);
      const auto end = text.find("}}", i);
      const int times = std::stoi(text.substr(i + 2, star - i - 2));
      for (int n = 0; n < times; ++n) out += unescape(text.substr(star + 1, end - star - 1));
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

Transcript read_transcript(const std::filesystem::path& file) {
  Transcript transcript{file.stem().string(), {}};
  std::ifstream stream(file);
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.empty() || line.starts_with("#")) continue;
    const auto space = std::min(line.find(' '), line.size());
    std::string rest = space < line.size() ? line.substr(space + 1) : std::string();
    if (line.substr(0, space) == "include") {
      const auto part = read_transcript(file.parent_path() / (rest + ".part"));
      transcript.lines.insert(transcript.lines.end(), part.lines.begin(), part.lines.end());
      continue;
    }
    transcript.lines.push_back({number, line.substr(0, space), unescape(rest)});
  }
  return transcript;
}

std::vector<std::filesystem::path> transcripts() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() / "tests/scenario")) {
    if (entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<Said> said_in(const TranscriptLine& line, const std::optional<Prompt>& last) {
  if (line.verb == ">") return Words{SecretText(line.rest)};
  if (line.verb == "tap") return Tap{(last ? last->node : std::string()) + ':' + line.rest};
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
  return settings;
}

void apply_setting(const std::string& rest, Settings& settings) {
  const auto space = std::min(rest.find(' '), rest.size());
  const std::string key = rest.substr(0, space);
  const std::string value = space < rest.size() ? rest.substr(space + 1) : std::string();
  if (key == "cover") settings.cover_text.emplace_back(value.substr(0, 2), value.substr(3));
  if (key == "start_words") settings.start_words = split_words(value, ',');
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
  for (const auto& line : transcript.lines) {
    if (const auto said = said_in(line, last_.prompt)) {
      act(*said);
    } else if (line.verb == "only") {
      continue;
    } else if (line.verb == "channel") {
      channel_ = channel_named(line.rest);
    } else if (line.verb == "set") {
      apply_setting(line.rest, settings_);
    } else if (line.verb == "later") {
      now_ += std::chrono::minutes(std::stoi(line.rest));
    } else if (line.verb == "restart") {
      last_.state = durable_part(*form_, last_.state);
      awake_ = false;
    } else {
      expect(line);
    }
  }
  return failures_;
}

void TranscriptPlayer::act(const Said& said) {
  now_ += std::chrono::seconds(5);
  last_ = advance(*form_, settings_, last_.state, awake_, channel_, said, now_);
  awake_ = true;
  sealed_ += last_.given.size();
  log_ += "= " + effect_name(last_.effect) + ' ' + std::to_string(last_.given.size()) + '\n';
  if (last_.prompt) log_ += "< " + last_.prompt->node + '\n' + last_.prompt->text + '\n';
}

void TranscriptPlayer::fail(const TranscriptLine& line, const std::string& what) {
  failures_.push_back("line " + std::to_string(line.number) + ": " + what);
}

void TranscriptPlayer::expect(const TranscriptLine& line) {
  if (line.verb == "=") {
    const auto effect = effect_name(last_.effect);
    if (effect != line.rest) fail(line, "effect is " + effect);
  } else if (line.verb == "sealed") {
    if (std::to_string(sealed_) != line.rest) fail(line, "sealed " + std::to_string(sealed_));
  } else if (line.verb == "durable") {
    const bool nothing = durable_part(*form_, last_.state).ByteSizeLong() == 0;
    if (nothing != (line.rest == "nothing")) fail(line, "durable part is not as expected");
  } else if (line.verb == "silence") {
    if (last_.prompt) fail(line, "the bot said " + last_.prompt->node);
  } else {
    expect_prompt(line);
  }
}

void TranscriptPlayer::expect_prompt(const TranscriptLine& line) {
  if (!last_.prompt) return fail(line, "the bot said nothing");
  const Prompt& prompt = *last_.prompt;
  if (line.verb == "<") {
    if (prompt.node != line.rest) fail(line, "the bot said " + prompt.node);
  } else if (line.verb == "~") {
    if (prompt.text.find(line.rest) == std::string::npos) fail(line, "the text is " + prompt.text);
  } else if (line.verb == "!~") {
    if (prompt.text.find(line.rest) != std::string::npos) fail(line, "the text is " + prompt.text);
  } else if (line.verb == "choices") {
    std::string codes;
    for (const auto& choice : prompt.choices) {
      codes += (codes.empty() ? "" : " ") + choice.id.substr(choice.id.find(':') + 1);
    }
    if (codes != line.rest) fail(line, "the choices are " + codes);
  } else {
    fail(line, "no such verb: " + line.verb);
  }
}

}  // namespace resguardo::testing_support
