// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/chat.h"

#include <charconv>
#include <mutex>
#include <optional>
#include <string>

namespace resguardo::standin {
namespace {

std::string shown(const BotMessage& message) {
  std::string result = "\n  ";
  for (const char c : message.text) {
    result += c;
    if (c == '\n') result += "  ";
  }
  result += '\n';
  std::size_t number = 0;
  for (const Choice& choice : message.choices) {
    result += "    [/" + std::to_string(++number) + "] " + choice.title;
    if (!choice.description.empty()) result += " – " + choice.description;
    result += '\n';
  }
  return result;
}

// The number in "/3", if it is one.
std::optional<std::size_t> place_of(const std::string& line) {
  std::size_t place = 0;
  const char* const end = line.data() + line.size();
  const auto [stop, error] = std::from_chars(line.data() + 1, end, place);
  if (error != std::errc{} || stop != end || place == 0) return std::nullopt;
  return place;
}

// The webhook body for what was typed.
std::string body_for(Stage& stage, Channel channel, const std::string& person,
                     const std::string& line) {
  const std::uint32_t timer = stage.mailbox.timer(person);
  const auto place = line.starts_with('/') ? place_of(line) : std::nullopt;
  if (!place) return stage.postman.text(channel, person, line, timer);
  const auto offered = stage.mailbox.offered(channel, person);
  if (channel == Channel::kSignal || !offered || *place > offered->choices.size()) {
    return stage.postman.text(channel, person, std::to_string(*place), timer);
  }
  return stage.postman.tap(person, *offered, offered->choices[*place - 1]);
}

}  // namespace

void play_chat(Stage& stage, Channel channel, const std::string& person, std::istream& in,
               std::ostream& out) {
  std::mutex mutex;
  stage.mailbox.on_message([&](const BotMessage& message) {
    if (message.channel != channel || message.person != person) return;
    const std::lock_guard lock(mutex);
    out << shown(message) << "> " << std::flush;
  });
  out << "You write over " << name_of(channel) << ". Say hello; /quit leaves.\n> " << std::flush;
  for (std::string line; std::getline(in, line) && line != "/quit";) {
    if (line.empty()) continue;
    stage.mailbox.wrote(channel, person);
    const Posted posted =
        stage.bot.post(channel, body_for(stage, channel, person, line), Proof::kGood);
    if (posted.status == 200) continue;
    const std::lock_guard lock(mutex);
    out << "  (the bot did not take it: " << posted.status << ")\n> " << std::flush;
  }
  stage.mailbox.on_message({});
}

}  // namespace resguardo::standin
