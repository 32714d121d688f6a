// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/chat/screen.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "bot/gateway/signal/signal.h"
#include "bot/gateway/text_rules.h"
#include "bot/gateway/whatsapp/whatsapp.h"
#include "program/terminal.h"

namespace resguardo::form {
namespace {

using dialogue::ChannelKind;
using program::Outcome;
namespace json = boost::json;

constexpr std::string_view kReceiptShown = "0000 1111 2222 3333 4444 5555";

// Nobody's: nothing is sent.
SecretBytes no_secret() {
  std::string text = "nobody-reads-this-secret";
  auto taken =
      SecretBytes::take(std::span(reinterpret_cast<std::uint8_t*>(text.data()), text.size()));
  return std::move(taken).value();
}

Result<std::unique_ptr<gateway::Gateway>> gateway_for(ChannelKind channel) {
  if (channel == ChannelKind::kWhatsApp) {
    std::vector<SecretBytes> app_secrets;
    app_secrets.push_back(no_secret());
    gateway::whatsapp::Config config{"1", std::move(app_secrets), no_secret(), no_secret()};
    return gateway::whatsapp::WhatsApp::create(std::move(config));
  }
  gateway::signal::Config config{"+15550100000", no_secret(), "bot", std::nullopt, 0};
  return gateway::signal::Signal::create(std::move(config));
}

gateway::Reply reply_of(const dialogue::Prompt& prompt) {
  std::string text = prompt.text;
  const auto mark = text.find(dialogue::kReceiptMark);
  if (mark != std::string::npos) text.replace(mark, dialogue::kReceiptMark.size(), kReceiptShown);
  gateway::Reply reply;
  reply.text = SecretText(text);
  for (const auto& choice : prompt.choices) {
    reply.choices.push_back({choice.id, choice.title, choice.description});
  }
  reply.multiple = prompt.multiple;
  reply.list_button = prompt.list_button;
  reply.numbers_hint = prompt.numbers_hint;
  reply.list_hint = prompt.list_hint;
  return reply;
}

std::string text_at(const json::value& value, std::string_view path) {
  boost::system::error_code error;
  const auto* found = value.find_pointer(path, error);
  const bool text = found != nullptr && found->is_string();
  return text ? std::string(found->as_string()) : std::string();
}

std::string indented(const std::string& text) {
  return "  " + program::visible_block(text, 2) + "\n";
}

std::string buttons_of(const json::value& message) {
  std::string shown = "\n ";
  std::size_t number = 0;
  for (const auto& button : message.at_pointer("/interactive/action/buttons").as_array()) {
    shown += " [" + std::to_string(++number) + " " +
             program::visible(text_at(button, "/reply/title")) + "]";
  }
  return shown + "\n";
}

std::string list_of(const json::value& message) {
  std::string shown =
      "\n  [≡ " + program::visible(text_at(message, "/interactive/action/button")) + "]\n";
  std::size_t number = 0;
  for (const auto& row : message.at_pointer("/interactive/action/sections/0/rows").as_array()) {
    const std::string place = std::to_string(++number);
    shown.append("    ").append(place.size() < 2 ? " " : "").append(place).append("  ");
    shown += program::visible(text_at(row, "/title"));
    const std::string description = text_at(row, "/description");
    if (!description.empty()) shown += " – " + program::visible(description);
    shown += "\n";
  }
  return shown;
}

std::string whatsapp_screen(const json::value& message) {
  if (text_at(message, "/type") == "text") return indented(text_at(message, "/text/body"));
  const std::string text = indented(text_at(message, "/interactive/body/text"));
  const bool list = text_at(message, "/interactive/type") == "list";
  return text + (list ? list_of(message) : buttons_of(message));
}

}  // namespace

Outcome<Screen> Screen::create(ChannelKind channel) {
  auto made = gateway_for(channel);
  if (!made.ok()) return program::problem(made.error(), "channel");
  return Screen(channel, std::move(made).value());
}

Outcome<std::string> Screen::show(const dialogue::Prompt& prompt) const {
  const bool whatsapp = channel_ == ChannelKind::kWhatsApp;
  gateway::Sender to;
  to.channel = whatsapp ? gateway::Channel::kWhatsApp : gateway::Channel::kSignal;
  to.address = SecretText(whatsapp ? "wa:15550100001" : "sg:+15550100001");
  auto call = gateway_->render(reply_of(prompt), to);
  if (!call.ok()) {
    return program::problem(call.error(), prompt.node, "`resguardo-form lint` names the text");
  }
  const std::string_view body = as_text(call.value().body.view());
  const json::value message = json::parse(json::string_view(body.data(), body.size()));
  return whatsapp ? whatsapp_screen(message) : indented(text_at(message, "/message"));
}

}  // namespace resguardo::form
