// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/commands/chat.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <istream>
#include <ostream>

#include "form/chat/screen.h"
#include "form/load.h"
#include "form/transcript/transcript.h"
#include "form/walk/stand.h"
#include "program/terminal.h"

namespace resguardo::form {
namespace {

using program::Outcome;

constexpr const char* kHelp =
    "  /tap N or CODE    press what was offered     /voice [words]    send a voice note\n"
    "  /photo [caption]  send a photo               /pin LAT LON [name]\n"
    "  /edit words       change the last message    /unsend           take it back\n"
    "  /sticker          send one                   /wait 31m         let time pass\n"
    "  /restart          the server is restarted    /quit             leave\n"
    "  Everything else is what you write.\n";

// Words a sealed entry would hold, for --show-sealed.
std::string sealed_line(const dialogue::Given& given) {
  using Kind = dialogue::Given::Kind;
  std::string line = given.kind == Kind::kEvent ? "event" : "answer";
  if (given.kind == Kind::kMedia) line = "file";
  if (given.kind == Kind::kCorrection) line = "change";
  if (given.kind == Kind::kRetraction) line = "taken back";
  line += given.identity ? " (identity) " : " ";
  line += given.node;
  for (const auto time : given.instance) line.append(".").append(std::to_string(time));
  if (given.skipped) line += " skipped";
  for (const auto& code : given.codes) line.append(" ").append(code);
  if (given.kind == Kind::kEvent) {
    line.append(" ").append(std::to_string(given.event)).append(" ").append(given.event_detail);
  }
  for (const auto* words : {&given.text, &given.raw}) {
    if (!words->empty()) line.append(" \"").append(words->reveal()).append("\"");
  }
  return "  🔒 " + program::visible(line) + "\n";
}

class Chat {
 public:
  Chat(std::shared_ptr<const dialogue::Form> form, const ChatOptions& options, Screen screen,
       Call& call)
      : form_(std::move(form)),
        options_(options),
        screen_(std::move(screen)),
        call_(call),
        settings_(settings_of_transcripts()),
        channel_(channel_named(options.channel)),
        now_(call.now) {
    settings_.media = true;
  }

  Outcome<Done> run() {
    call_.out << "You write over " << options_.channel << ". Say hello; /help lists more.\n";
    for (std::string line; prompted() && std::getline(call_.in, line) && line != "/quit";) {
      if (!program::is_terminal(STDIN_FILENO)) call_.out << program::visible(line) << "\n";
      RESGUARDO_CHECK(take(line));
    }
    call_.out << "\n";
    return Done{};
  }

 private:
  bool prompted() {
    call_.out << "> " << std::flush;
    return true;
  }
  Outcome<Done> take(const std::string& line) {
    if (line.empty()) return Done{};
    if (!line.starts_with("/")) return act(">", line);
    const auto space = std::min(line.find(' '), line.size());
    const std::string verb = line.substr(1, space - 1);
    const std::string rest = space < line.size() ? line.substr(space + 1) : std::string();
    if (verb == "voice" || verb == "edit" || verb == "unsend" || verb == "sticker" ||
        verb == "pin") {
      return act(verb, rest);
    }
    if (verb == "photo" || verb == "file") return act("file", rest);
    if (verb == "tap") return tap(tapped(rest));
    if (verb == "wait") return wait(rest);
    if (verb == "restart") return restart();
    call_.out << kHelp;
    return Done{};
  }
  std::string tapped(const std::string& what) const {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(what.data(), what.data() + what.size(), number);
    const bool is_number = error == std::errc() && end == what.data() + what.size();
    if (!is_number || !last_.prompt || number == 0 || number > last_.prompt->choices.size()) {
      return what;
    }
    const std::string& id = last_.prompt->choices[number - 1].id;
    return id.substr(id.find(':') + 1);
  }
  Outcome<Done> tap(const std::string& code) {
    if (const auto problem = no_such_button(code, last_.prompt)) {
      call_.out << "  (" << program::visible(*problem) << ")\n";
      return Done{};
    }
    return act("tap", code);
  }
  Outcome<Done> wait(const std::string& how_long) {
    int minutes = 0;
    std::from_chars(how_long.data(), how_long.data() + how_long.size(), minutes);
    if (how_long.ends_with("h")) minutes *= 60;
    now_ += std::chrono::minutes(minutes);
    call_.out << "  (" << minutes << " minutes pass)\n";
    return Done{};
  }
  Outcome<Done> restart() {
    last_.state = durable_part(*form_, last_.state);
    last_.prompt.reset();
    awake_ = false;
    call_.out << "  (the server was restarted)\n";
    return Done{};
  }
  Outcome<Done> act(const std::string& verb, const std::string& rest) {
    const auto said = said_in({0, verb, rest}, last_.prompt);
    if (!said) return Done{};
    now_ += std::chrono::seconds(5);
    last_ = shelf_.settle(*form_, settings_, last_.state,
                          advance(*form_, settings_, last_.state, awake_, channel_, *said, now_),
                          awake_, channel_, now_);
    awake_ = true;
    if (const auto code = chosen_beforehand(); !code.empty()) return act("tap", code);
    RESGUARDO_CHECK(show());
    return Done{};
  }
  // --language and --mode answer by themselves where the form asks.
  std::string chosen_beforehand() {
    const auto& content = form_->content();
    if (!last_.prompt) return {};
    const std::size_t node = content.find(last_.prompt->node);
    if (node == dialogue::kNoIndex) return {};
    if (node == content.language_node && !options_.language.empty() && !language_chosen_) {
      language_chosen_ = true;
      return options_.language;
    }
    const auto mode = mode_named(options_.mode);
    for (const auto& choice : content.nodes[node].choices) {
      if (!mode || mode_chosen_ || choice.source->mode() != *mode) continue;
      mode_chosen_ = true;
      return choice.code;
    }
    return {};
  }
  // The person's own telephone would show neither; who tries a form out must not wonder.
  void tell_of_team_codes() {
    const std::size_t node = form_->content().team_code_node;
    if (told_of_codes_ || node == dialogue::kNoIndex || !last_.prompt) return;
    if (last_.prompt->node != form_->content().nodes[node].id) return;
    told_of_codes_ = true;
    call_.out << "  (here any code is good; on a server only those that `resguardo-bot team-code "
                 "add` made)\n";
  }
  Outcome<Done> show() {
    if (options_.show_sealed) {
      for (const auto& given : last_.given) call_.out << sealed_line(given);
    }
    if (!last_.prompt) {
      call_.out << "\n  (nothing is answered)\n\n";
      return Done{};
    }
    RESGUARDO_TRY(const auto shown, screen_.show(*last_.prompt));
    call_.out << "\n" << as_lines(shown) << "\n";
    tell_of_team_codes();
    if (options_.show_sealed) call_.out << "  [" << last_.prompt->node << ", " << effect() << "]\n";
    return Done{};
  }
  std::string effect() const { return effect_name(last_.effect); }

  std::shared_ptr<const dialogue::Form> form_;
  const ChatOptions& options_;
  Screen screen_;
  Call& call_;
  dialogue::Settings settings_;
  dialogue::ChannelKind channel_;
  TimePoint now_;
  dialogue::Step last_;
  Shelf shelf_;
  bool awake_ = true;
  bool language_chosen_ = false;
  bool mode_chosen_ = false;
  bool told_of_codes_ = false;
};

}  // namespace

Outcome<Done> chat(const ChatOptions& options, Call& call) {
  RESGUARDO_TRY(auto form, load_form(options.form, call.console));
  const auto& known = form->languages();
  if (!options.language.empty() &&
      std::find(known.begin(), known.end(), options.language) == known.end()) {
    return program::usage_problem("--language", "not a language of this form: " + options.language,
                                  "it has " + known.front() + " and others");
  }
  if (!options.mode.empty() && !mode_named(options.mode)) {
    return program::usage_problem("--mode", "no such mode: " + options.mode,
                                  "guided, story_first, quick, minor, interviewer or voice");
  }
  RESGUARDO_TRY(auto screen, Screen::create(channel_named(options.channel)));
  return Chat(std::move(form), options, std::move(screen), call).run();
}

}  // namespace resguardo::form
