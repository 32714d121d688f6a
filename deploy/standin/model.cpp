// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/model.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace resguardo::standin {
namespace json = boost::json;

std::string_view name_of(Channel channel) {
  switch (channel) {
    case Channel::kWhatsApp:
      return "whatsapp";
    case Channel::kSignal:
      return "signal";
  }
  return {};
}

std::optional<Channel> channel_of(std::string_view name) {
  for (const Channel channel : {Channel::kWhatsApp, Channel::kSignal}) {
    if (name_of(channel) == name) return channel;
  }
  return std::nullopt;
}

std::optional<Proof> proof_of(std::string_view name) {
  if (name == "good") return Proof::kGood;
  if (name == "wrong") return Proof::kWrong;
  if (name == "none") return Proof::kNone;
  return std::nullopt;
}

std::string to_json(const BotMessage& message) {
  json::array choices;
  for (const Choice& choice : message.choices) {
    choices.push_back(
        {{"id", choice.id}, {"title", choice.title}, {"description", choice.description}});
  }
  const json::object object({{"channel", name_of(message.channel)},
                             {"to", message.person},
                             {"kind", message.kind},
                             {"text", message.text},
                             {"choices", std::move(choices)},
                             {"id", message.id}});
  return json::serialize(object);
}

}  // namespace resguardo::standin
