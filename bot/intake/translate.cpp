// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/translate.h"

namespace resguardo::intake {
namespace {

struct Translator {
  std::optional<dialogue::Said> operator()(gateway::Text& text) const {
    return dialogue::Words{std::move(text.text)};
  }
  std::optional<dialogue::Said> operator()(gateway::Choice& choice) const {
    return dialogue::Tap{std::move(choice.id)};
  }
  std::optional<dialogue::Said> operator()(gateway::Media& media) const {
    return dialogue::Attachment{media.voice, std::move(media.caption), media.mime, media.forwarded,
                                0};
  }
  std::optional<dialogue::Said> operator()(gateway::Location& location) const {
    return dialogue::Pin{location.latitude, location.longitude, std::move(location.name)};
  }
  std::optional<dialogue::Said> operator()(gateway::Edit& edit) const {
    return dialogue::Rewording{std::move(edit.text)};
  }
  std::optional<dialogue::Said> operator()(gateway::Retract&) const {
    return dialogue::TakenBack{};
  }
  std::optional<dialogue::Said> operator()(gateway::Unsupported&) const {
    return dialogue::NotForUs{};
  }
  std::optional<dialogue::Said> operator()(gateway::IdentityChange&) const { return std::nullopt; }
  std::optional<dialogue::Said> operator()(gateway::TimerChange&) const { return std::nullopt; }
};

}  // namespace

std::optional<dialogue::Said> said_of(gateway::Content& content) {
  return std::visit(Translator{}, content);
}

dialogue::ChannelKind channel_of(gateway::Channel channel) {
  switch (channel) {
    case gateway::Channel::kWhatsApp:
      return dialogue::ChannelKind::kWhatsApp;
    case gateway::Channel::kSignal:
      return dialogue::ChannelKind::kSignal;
  }
  return dialogue::ChannelKind::kPlain;
}

std::string_view channel_name(gateway::Channel channel) {
  return channel == gateway::Channel::kWhatsApp ? "whatsapp" : "signal";
}

SecretText with_receipt(std::string_view text, std::string_view receipt) {
  const auto mark = text.find(dialogue::kReceiptMark);
  if (mark == std::string_view::npos) return SecretText(text);
  SecretText filled;
  filled.append(text.substr(0, mark));
  filled.append(receipt);
  filled.append(text.substr(mark + dialogue::kReceiptMark.size()));
  return filled;
}

std::string_view whole_message(const gateway::InboundEvent& event) {
  const std::string_view id = event.message_id().reveal();
  const bool numbered = event.sender().channel == gateway::Channel::kSignal &&
                        std::holds_alternative<gateway::Media>(event.content());
  return numbered ? id.substr(0, id.rfind(':')) : id;
}

gateway::Reply reply_of(const dialogue::Prompt& prompt, std::string_view receipt) {
  gateway::Reply reply;
  reply.text = with_receipt(prompt.text, receipt);
  for (const auto& choice : prompt.choices)
    reply.choices.push_back(
        {choice.id, std::string(choice.title), std::string(choice.description)});
  reply.multiple = prompt.multiple;
  reply.asks_location = prompt.asks_location;
  reply.list_button = prompt.list_button;
  reply.numbers_hint = prompt.numbers_hint;
  reply.list_hint = prompt.list_hint;
  return reply;
}

}  // namespace resguardo::intake
