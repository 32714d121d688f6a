// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/scenario/phone.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "bot/gateway/text_rules.h"
#include "tests/support/world.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using namespace dialogue;

std::string plain(const SecretText& text) {
  return std::string(text.reveal());
}

// What no person says: it comes from within the server.
template <class Inner>
json::object not_said(const Inner&) {
  throw std::logic_error("nobody can post what the server tells itself");
}

// A messages[] element without its sender.
struct WhatsAppMessage {
  const std::string& target;

  json::object operator()(const Words& words) const {
    return {{"type", "text"}, {"text", {{"body", plain(words.text)}}}};
  }
  json::object operator()(const Tap& tap) const {
    return {{"type", "interactive"},
            {"interactive",
             {{"type", "button_reply"}, {"button_reply", {{"id", tap.id}, {"title", "-"}}}}}};
  }
  json::object operator()(const Attachment& attachment) const {
    const char* type = attachment.voice ? "audio" : "document";
    json::object file{{"id", "900100"},
                      {"mime_type", attachment.voice ? "audio/ogg" : "text/plain"}};
    if (attachment.voice) file["voice"] = true;
    if (!attachment.caption.reveal().empty()) file["caption"] = plain(attachment.caption);
    return {{"type", type}, {type, file}};
  }
  json::object operator()(const Pin& pin) const {
    return {
        {"type", "location"},
        {"location",
         {{"latitude", pin.latitude}, {"longitude", pin.longitude}, {"name", plain(pin.name)}}}};
  }
  json::object operator()(const Rewording& edit) const {
    return {{"type", "edit"},
            {"edit",
             {{"original_message_id", target},
              {"message", {{"type", "text"}, {"text", {{"body", plain(edit.text)}}}}}}}};
  }
  json::object operator()(const TakenBack&) const {
    return {{"type", "revoke"}, {"revoke", {{"original_message_id", target}}}};
  }
  json::object operator()(const NotForUs&) const {
    return {{"type", "sticker"}, {"sticker", {{"id", "900101"}, {"mime_type", "image/webp"}}}};
  }
  json::object operator()(const Hello& inner) const { return not_said(inner); }
  json::object operator()(const Tried& inner) const { return not_said(inner); }
  json::object operator()(const ReplyRead& inner) const { return not_said(inner); }
  json::object operator()(const Withdrawn& inner) const { return not_said(inner); }
  json::object operator()(const ReceiptReplaced& inner) const { return not_said(inner); }
  json::object operator()(const LinkFound& inner) const { return not_said(inner); }
  json::object operator()(const LinkMade& inner) const { return not_said(inner); }
};

// What stands in an envelope: dataMessage or editMessage.
struct SignalPayload {
  std::int64_t stamp;
  std::int64_t target;

  json::object data(json::object content) const {
    content["timestamp"] = stamp;
    content["expiresInSeconds"] = 86400;
    return content;
  }
  json::object message(json::object content) const {
    return {{"dataMessage", data(std::move(content))}};
  }
  json::object operator()(const Words& words) const {
    return message({{"message", plain(words.text)}});
  }
  json::object operator()(const Attachment& attachment) const {
    const char* type = attachment.voice ? "audio/aac" : "text/plain";
    json::object content{
        {"attachments", json::array{json::object{{"id", "900100"}, {"contentType", type}}}}};
    if (!attachment.caption.reveal().empty()) content["message"] = plain(attachment.caption);
    return message(std::move(content));
  }
  json::object operator()(const Rewording& edit) const {
    return {{"editMessage",
             {{"targetSentTimestamp", target},
              {"dataMessage", data({{"message", plain(edit.text)}})}}}};
  }
  json::object operator()(const TakenBack&) const {
    return message({{"remoteDelete", {{"timestamp", target}}}});
  }
  json::object operator()(const NotForUs&) const {
    return message({{"sticker", {{"packId", "00"}, {"stickerId", 1}}}});
  }
  json::object operator()(const Tap&) const { throw std::logic_error("Signal has no buttons"); }
  json::object operator()(const Pin&) const { throw std::logic_error("Signal has no places"); }
  json::object operator()(const Hello& inner) const { return not_said(inner); }
  json::object operator()(const Tried& inner) const { return not_said(inner); }
  json::object operator()(const ReplyRead& inner) const { return not_said(inner); }
  json::object operator()(const Withdrawn& inner) const { return not_said(inner); }
  json::object operator()(const ReceiptReplaced& inner) const { return not_said(inner); }
  json::object operator()(const LinkFound& inner) const { return not_said(inner); }
  json::object operator()(const LinkMade& inner) const { return not_said(inner); }
};

}  // namespace

Phone::Phone(gateway::Channel channel, std::string who) : channel_(channel), who_(std::move(who)) {}

std::string Phone::address() const {
  return (channel_ == gateway::Channel::kSignal ? "sg:" : "wa:") + who_;
}

bool Phone::changes_another(const Said& said) {
  return std::holds_alternative<Rewording>(said) || std::holds_alternative<TakenBack>(said);
}

bool Phone::can_say(const Said& said) {
  if (const auto* tap = std::get_if<Tap>(&said))
    return !tap->id.empty() && tap->id.size() <= gateway::kMaxId;
  return !std::holds_alternative<Hello>(said) && !std::holds_alternative<Tried>(said) &&
         !std::holds_alternative<ReplyRead>(said) && !std::holds_alternative<Withdrawn>(said);
}

std::string Phone::post(const std::vector<Said>& said, TimePoint now) {
  const std::int64_t time = now.time_since_epoch().count();
  if (channel_ == gateway::Channel::kSignal) {
    if (said.size() != 1) throw std::logic_error("signal-cli posts one message at a time");
    const std::int64_t stamp = time + static_cast<std::int64_t>(++messages_ % 1000);
    json::object envelope = std::visit(SignalPayload{stamp, last_stamp_}, said.front());
    if (!changes_another(said.front())) last_stamp_ = stamp;
    envelope["source"] = who_;
    envelope["sourceUuid"] = who_;
    envelope["sourceNumber"] = nullptr;
    envelope["sourceDevice"] = 1;
    envelope["timestamp"] = stamp;
    return json::serialize(
        json::object{{"jsonrpc", "2.0"},
                     {"method", "receive"},
                     {"params", {{"envelope", envelope}, {"account", kWorldAccount}}}});
  }
  json::array messages;
  for (const Said& one : said) {
    json::object message = std::visit(WhatsAppMessage{last_id_}, one);
    const std::string id = "wamid." + std::to_string(++messages_);
    if (!changes_another(one)) last_id_ = id;
    message["from"] = who_;
    message["id"] = id;
    message["timestamp"] = std::to_string(time / 1000);
    messages.push_back(message);
  }
  const json::object value{{"messaging_product", "whatsapp"},
                           {"metadata", {{"phone_number_id", kWorldPhoneNumberId}}},
                           {"messages", messages}};
  const json::object change{{"field", "messages"}, {"value", value}};
  const json::object entry{{"id", "1"}, {"changes", json::array{change}}};
  return json::serialize(
      json::object{{"object", "whatsapp_business_account"}, {"entry", json::array{entry}}});
}

}  // namespace resguardo::testing_support
