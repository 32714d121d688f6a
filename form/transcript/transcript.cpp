// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/transcript/transcript.h"

#include <algorithm>
#include <sstream>

namespace resguardo::form {
namespace {

using namespace dialogue;

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

std::optional<std::string> no_such_button(const std::string& code,
                                          const std::optional<Prompt>& last) {
  std::string codes;
  for (const auto& choice : last ? last->choices : std::vector<PromptChoice>()) {
    const std::string each = choice.id.substr(choice.id.find(':') + 1);
    if (each == code) return std::nullopt;
    codes.append(" ").append(each);
  }
  std::string what = "no button has the code " + escape(code);
  return what.append(codes.empty() ? ": there is none" : "; there are" + codes);
}

Settings settings_of_transcripts() {
  Settings settings;
  settings.organisation = "Organización de prueba";
  settings.signal_link = "https://signal.example/u";
  settings.retention = "5";
  // Recognises a word as the server does, without its key.
  settings.word_tag = [](std::string_view word) {  // no secret here: any 16 bytes of the word
    std::string tag(16, 'w');
    for (std::size_t i = 0; i < word.size(); ++i)
      tag[i % tag.size()] = static_cast<char>(tag[i % tag.size()] ^ word[i]);
    return tag;
  };
  // Whatever is typed is a code of the team; `set team_codes no`: nothing is.
  settings.team_code = [](std::string_view) { return std::optional<std::string>("team-1"); };
  settings.receipt_fits = [](std::string_view digits) {
    return digits == Shelf::kReceipt || digits == Shelf::kNoReceipt;
  };
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
  if (key == "links") settings.links = value == "yes";
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
    case Effect::kTryReceipt:
      return "try";
    case Effect::kReadReply:
      return "read";
    case Effect::kWithdraw:
      return "withdraw";
    case Effect::kFindLink:
      return "find link";
    case Effect::kLinkPhone:
      return "link";
    case Effect::kBeginAdding:
      return "begin adding";
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
    if (line.verb == "tap") must_be_offered(line);
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
    shelf_.set(line.rest);
  } else if (line.verb == "later") {
    now_ += std::chrono::minutes(std::stoi(line.rest));
  } else if (line.verb == "phone") {  // another one, or another messenger
    last_ = {};
    channel_ = channel_named(line.rest);
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
  dialogue::Circumstances around = channel_;
  around.may_link = settings_.links && awake_;
  last_ = shelf_.settle(*form_, settings_, last_.state,
                        advance(*form_, settings_, last_.state, awake_, around, said, now_), awake_,
                        around, now_);
  awake_ = true;
  sealed_ += last_.given.size();
  log_ += "= " + effect_name(last_.effect) + ' ' + std::to_string(last_.given.size()) + '\n';
  if (last_.prompt) log_ += "< " + last_.prompt->node + '\n' + last_.prompt->text + '\n';
}

// A button that was not there would be no tap of a person: `tap-raw` is for those.
void TranscriptPlayer::must_be_offered(const TranscriptLine& line) {
  if (auto actual = no_such_button(line.rest, last_.prompt)) {
    must_be(line, false, *std::move(actual));
  }
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
