// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/chat/bubbles.h"

#include "bot/dialogue/compiled.h"

namespace resguardo::form {
namespace {

using dialogue::TakeBack;
using program::Outcome;

// The title of what was pressed, as it stood on the button.
std::string title_of(const std::string& code, const std::optional<dialogue::Prompt>& offered) {
  if (!offered) return code;
  for (const auto& choice : offered->choices) {
    if (choice.id.substr(choice.id.find(':') + 1) == code) return std::string(choice.title);
  }
  return code;
}

std::string said_as_seen(const TranscriptLine& line,
                         const std::optional<dialogue::Prompt>& offered) {
  if (line.verb == "tap") return title_of(line.rest, offered);
  if (line.verb == "voice") return "▶ ıllıılıııllıılı  0:24";
  if (line.verb == "file") return "▣ " + (line.rest.empty() ? "photo" : line.rest);
  if (line.verb == "pin") return "⌖ " + line.rest;
  if (line.verb == "edit") return line.rest + " ✎";
  if (line.verb == "unsend") return "—";
  return line.verb == "sticker" ? "☺" : line.rest;
}

std::string remark_of(const TranscriptLine& line) {
  if (line.verb == "later") return line.rest + " min";
  return line.verb == "restart" ? "↻" : std::string();
}

class Watching {
 public:
  Watching(const dialogue::Form::Content& content, const TranscriptPlayer& player)
      : content_(content), player_(player) {}

  void happened(const TranscriptLine& line, const std::optional<dialogue::Prompt>& before,
                const dialogue::Step& step) {
    if (problem || !made_screen()) return;
    if (said_in(line, before)) {
      ++turn_;
      Shown shown;
      shown.text = said_as_seen(line, before);
      if (line.verb != "nothing") add(Bubble::Who::kPerson, std::move(shown));
      answered(step);
    } else if (const auto remark = remark_of(line); !remark.empty()) {
      Shown shown;
      shown.text = remark;
      add(Bubble::Who::kNobody, std::move(shown));
    }
  }

  std::vector<Bubble> bubbles;
  std::optional<program::Problem> problem;

 private:
  bool made_screen() {
    if (screen_) return true;
    auto made = Screen::create(player_.channel());
    if (!made.ok()) problem = made.error();
    if (made.ok()) screen_ = std::move(made).value();
    return made.ok();
  }
  void add(Bubble::Who who, Shown shown) {
    bubbles.push_back({who, std::move(shown), false, false, turn_});
  }
  void answered(const dialogue::Step& step) {
    take_back(step.take_back);
    if (!step.prompt) return;
    auto shown = screen_->show(*step.prompt);
    if (!shown.ok()) {
      problem = shown.error();
      return;
    }
    add(Bubble::Who::kBot, std::move(shown).value());
    const auto receipt = content_.receipt_node;
    bubbles.back().receipt = content_.find(step.prompt->node) == receipt;
  }
  // Signal lets us; what was sent before this turn goes.
  void take_back(TakeBack which) {
    if (which == TakeBack::kNothing || player_.channel() != dialogue::ChannelKind::kSignal) return;
    for (Bubble& bubble : bubbles) {
      const bool ours = bubble.who == Bubble::Who::kBot;
      const bool stays = bubble.receipt && which == TakeBack::kQuestions;
      if (ours && !stays) bubble.taken_back = true;
    }
  }

  const dialogue::Form::Content& content_;
  const TranscriptPlayer& player_;
  std::optional<Screen> screen_;
  std::size_t turn_ = 0;
};

}  // namespace

Outcome<std::vector<Bubble>> bubbles_of(std::shared_ptr<const dialogue::Form> form,
                                        const Transcript& transcript) {
  TranscriptPlayer player(form);
  Watching watching(form->content(), player);
  player.watch([&](const auto& line, const auto& before, const auto& step) {
    watching.happened(line, before, step);
  });
  (void)player.play(transcript);
  if (watching.problem) return *watching.problem;
  return std::move(watching.bubbles);
}

}  // namespace resguardo::form
