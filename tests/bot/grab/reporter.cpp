// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/grab/reporter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace resguardo::testing_support {
namespace {

using namespace dialogue;

// As it is shown: the receipt's digits stand where the mark was.
bool shows(const std::string& shown, const std::string& prompt) {
  const auto mark = prompt.find(kReceiptMark);
  return shown.compare(0, mark, prompt, 0, mark) == 0;
}

std::string written(const Said& said) {
  if (const auto* words = std::get_if<Words>(&said)) return std::string(words->text.reveal());
  if (std::holds_alternative<Attachment>(said)) return "(a voice note)";
  return std::holds_alternative<TakenBack>(said) ? "(takes back a message)" : "(edits a message)";
}

std::string quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at) {
    text.replace(at, 1, "\n  ");
  }
  return text;
}

}  // namespace

Reporter::Reporter(World& world, const Settings& settings, std::string who)
    : world_(world), settings_(settings), phone_(gateway::Channel::kSignal, std::move(who)) {}

void Reporter::say(const std::string& words) {
  act(Words{SecretText(words)});
}

bool Reporter::open() const {
  const auto phase = twin_.state.phase();
  return phase == pb::ConversationState::PHASE_OPEN || phase == pb::ConversationState::PHASE_PAUSED;
}

void Reporter::act(Said said) {
  world_.advance(std::chrono::seconds(5));
  twin_ = advance(world_.form(), settings_, std::move(twin_.state), awake_,
                  Circumstances(ChannelKind::kSignal, true), said, world_.now());
  awake_ = true;
  note_told();
  log_ += "\n> " + quoted(written(said)) + '\n';
  std::vector<Said> one;
  one.push_back(std::move(said));
  EXPECT_EQ(world_.post_signal(phone_.post(one, world_.now())), 200U);
  const auto shown = world_.replies(who());
  compare(shown);
  heard_.clear();
  for (const Shown& each : shown) {
    heard_.push_back(each.text);
    for (const auto& choice : each.choices)
      heard_.back().append("\n[").append(choice.title).append("]");
    log_ += "  " + quoted(heard_.back()) + '\n';
  }
  if (shown.empty()) log_ += "  (silence)\n";
}

void Reporter::note_told() {
  if (twin_.effect == Effect::kBeginReport) told_ = {};
  told_.add(twin_.given, false);
  if (twin_.effect == Effect::kEraseReport) told_.fate = ToldReport::Fate::kErased;
  if (twin_.effect == Effect::kCloseReport) told_.fate = ToldReport::Fate::kClosed;
}

void Reporter::compare(const std::vector<Shown>& shown) const {
  ASSERT_EQ(shown.size(), twin_.prompt ? 1U : 0U) << log_;
  if (!twin_.prompt) return;
  EXPECT_TRUE(shows(shown.front().text, twin_.prompt->text)) << shown.front().text;
}

void Reporter::answer(const Answers& answers) {
  const std::string asked = node();
  again_ = asked == answered_ ? again_ + 1 : 0;
  answered_ = asked;
  const auto found = answers.find(asked);
  if (found == answers.end()) {
    constexpr std::array<const char*, 4> kAnything = {"-", "1", "#", "algo"};
    return say(kAnything[again_ % kAnything.size()]);
  }
  const std::string line = found->second[std::min(again_, found->second.size() - 1)];
  constexpr std::string_view kTap = "tap ";
  if (!line.starts_with(kTap)) return say(line);
  // Signal has no buttons: the number before the row.
  const auto& rows = twin_.prompt->choices;
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const PromptChoice& each) {
    return each.id.ends_with(":" + line.substr(kTap.size()));
  });
  ASSERT_NE(row, rows.end()) << asked << ": " << line;
  say(std::to_string(row - rows.begin() + 1));
}

void Reporter::come_to(const std::string& asked, const Answers& answers) {
  for (int i = 0; i < 60 && node() != asked; ++i) answer(answers);
  ASSERT_EQ(node(), asked);
}

void Reporter::wait(std::chrono::minutes time) {
  remark(std::to_string(time.count()) + " minutes pass");
  world_.advance(time);
}

void Reporter::restarted() {
  twin_.state = durable_part(world_.form(), twin_.state);
  awake_ = false;
}

void Reporter::show_phone() {
  remark("what of the bot is left on the phone:");
  for (const std::string& message : world_.chat(who())) log_ += "  " + quoted(message) + '\n';
}

}  // namespace resguardo::testing_support
