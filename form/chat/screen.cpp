// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/chat/screen.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "bot/gateway/signal/signal.h"
#include "bot/gateway/text_rules.h"
#include "bot/gateway/whatsapp/whatsapp.h"
#include "bot/intake/translate.h"
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

std::string text_at(const json::value& value, std::string_view path) {
  boost::system::error_code error;
  const auto* found = value.find_pointer(path, error);
  const bool text = found != nullptr && found->is_string();
  return text ? std::string(found->as_string()) : std::string();
}

std::string indented(const std::string& text) {
  return "  " + program::visible_block(text, 2) + "\n";
}

Shown whatsapp_screen(const json::value& message) {
  Shown shown;
  if (text_at(message, "/type") == "text") {
    shown.text = text_at(message, "/text/body");
    return shown;
  }
  shown.text = text_at(message, "/interactive/body/text");
  const std::string kind = text_at(message, "/interactive/type");
  if (kind == "location_request_message") {
    shown.buttons.push_back("⌖");
    return shown;
  }
  if (kind != "list") {
    for (const auto& button : message.at_pointer("/interactive/action/buttons").as_array())
      shown.buttons.push_back(text_at(button, "/reply/title"));
    return shown;
  }
  shown.list_button = text_at(message, "/interactive/action/button");
  for (const auto& row : message.at_pointer("/interactive/action/sections/0/rows").as_array())
    shown.rows.push_back({text_at(row, "/title"), text_at(row, "/description")});
  return shown;
}

}  // namespace

Outcome<Screen> Screen::create(ChannelKind channel) {
  auto made = gateway_for(channel);
  if (!made.ok()) return program::problem(made.error(), "channel");
  return Screen(channel, std::move(made).value());
}

std::string as_lines(const Shown& shown) {
  std::string lines = indented(shown.text);
  std::size_t number = 0;
  if (!shown.buttons.empty()) lines += "\n ";
  for (const auto& title : shown.buttons)
    lines += " [" + std::to_string(++number) + " " + program::visible(title) + "]";
  if (!shown.buttons.empty()) lines += "\n";
  if (!shown.rows.empty()) lines += "\n  [≡ " + program::visible(shown.list_button) + "]\n";
  for (const auto& row : shown.rows) {
    const std::string place = std::to_string(++number);
    lines.append("    ").append(place.size() < 2 ? " " : "").append(place).append("  ");
    lines += program::visible(row.title);
    if (!row.description.empty()) lines += " – " + program::visible(row.description);
    lines += "\n";
  }
  return lines;
}

Outcome<Shown> Screen::show(const dialogue::Prompt& prompt) const {
  const bool whatsapp = channel_ == ChannelKind::kWhatsApp;
  gateway::Sender to;
  to.channel = whatsapp ? gateway::Channel::kWhatsApp : gateway::Channel::kSignal;
  to.address = SecretText(whatsapp ? "wa:15550100001" : "sg:+15550100001");
  auto call = gateway_->render(intake::reply_of(prompt, kReceiptShown), to);
  if (!call.ok()) {
    return program::problem(call.error(), prompt.node, "`resguardo-form lint` names the text");
  }
  const std::string_view body = as_text(call.value().body.view());
  const json::value message = json::parse(json::string_view(body.data(), body.size()));
  if (whatsapp) return whatsapp_screen(message);
  Shown shown;
  shown.text = text_at(message, "/message");
  return shown;
}

}  // namespace resguardo::form
