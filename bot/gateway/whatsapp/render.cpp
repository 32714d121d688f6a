// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "bot/gateway/json.h"
#include "bot/gateway/text_rules.h"
#include "bot/gateway/whatsapp/identity.h"
#include "bot/gateway/whatsapp/limits.h"
#include "bot/gateway/whatsapp/rules.h"
#include "bot/gateway/whatsapp/whatsapp.h"

namespace resguardo::gateway::whatsapp {
namespace json = boost::json;
namespace {

constexpr Error kTooLong{Fault::kRefused, "a reply is over a limit of WhatsApp"};

json::string words(std::string_view text, const json::storage_ptr& storage) {
  return json::string(text, storage);
}

bool fits_buttons(const Reply& reply) {
  if (reply.multiple || reply.choices.size() > kMaxButtons) return false;
  if (!fits(reply.text.reveal(), kMaxInteractiveBody)) return false;
  std::vector<std::string_view> titles;
  for (const ReplyChoice& choice : reply.choices) {
    if (!choice.description.empty() || !fits(choice.title, kMaxButtonTitle)) return false;
    titles.push_back(choice.title);
  }
  std::sort(titles.begin(), titles.end());
  return std::adjacent_find(titles.begin(), titles.end()) == titles.end();
}

bool fits_list(const Reply& reply) {
  if (reply.choices.size() > kMaxRows || reply.list_button.empty()) return false;
  if (!fits(reply.list_button, kMaxListButton)) return false;
  return std::all_of(reply.choices.begin(), reply.choices.end(), [](const ReplyChoice& choice) {
    return choice.id.size() <= kMaxRowId && fits(choice.title, kMaxRowTitle) &&
           fits(choice.description, kMaxRowDescription);
  });
}

json::object buttons(const Reply& reply, const json::storage_ptr& storage) {
  json::array items(storage);
  for (const ReplyChoice& choice : reply.choices) {
    items.push_back(
        {{"type", "reply"},
         {"reply", {{"id", words(choice.id, storage)}, {"title", words(choice.title, storage)}}}});
  }
  return json::object({{"type", "button"},
                       {"body", {{"text", words(reply.text.reveal(), storage)}}},
                       {"action", {{"buttons", std::move(items)}}}},
                      storage);
}

json::object list(const Reply& reply, const SecretText& body, const json::storage_ptr& storage) {
  json::array rows(storage);
  for (const ReplyChoice& choice : reply.choices) {
    json::object row({{"id", words(choice.id, storage)}, {"title", words(choice.title, storage)}},
                     storage);
    if (!choice.description.empty()) row["description"] = words(choice.description, storage);
    rows.push_back(std::move(row));
  }
  json::array sections(storage);
  json::object section(storage);
  section["rows"] = std::move(rows);
  sections.push_back(std::move(section));
  return json::object(
      {{"type", "list"},
       {"body", {{"text", words(body.reveal(), storage)}}},
       {"action",
        {{"button", words(reply.list_button, storage)}, {"sections", std::move(sections)}}}},
      storage);
}

// The button that opens the map. Words are still an answer.
json::object location_request(const Reply& reply, const json::storage_ptr& storage) {
  return json::object({{"type", "location_request_message"},
                       {"body", {{"text", words(reply.text.reveal(), storage)}}},
                       {"action", {{"name", "send_location"}}}},
                      storage);
}

// Puts the one message into `call`: as buttons if they fit, else as a list, else in numbers.
Status put_message(const Reply& reply, json::object& call, const json::storage_ptr& storage) {
  const bool map = reply.asks_location && reply.choices.empty();
  if (map && fits(reply.text.reveal(), kMaxInteractiveBody)) {
    call["type"] = "interactive";
    call["interactive"] = location_request(reply, storage);
    return success();
  }
  if (!reply.choices.empty() && fits_buttons(reply)) {
    call["type"] = "interactive";
    call["interactive"] = buttons(reply, storage);
    return success();
  }
  const bool as_list = !reply.choices.empty() && (!reply.multiple || !reply.list_hint.empty());
  if (as_list && !fits_list(reply)) return kTooLong;
  // A list lets one row be picked: who wants several types their numbers, so they are shown.
  const std::string& hint = as_list ? reply.list_hint : reply.numbers_hint;
  const bool plain = reply.choices.empty() || (as_list && !reply.multiple);
  const SecretText body = plain ? reply.text.clone() : numbered(reply, hint);
  if (!fits(body.reveal(), kMaxTextUnits)) return kTooLong;
  if (as_list) {
    call["type"] = "interactive";
    call["interactive"] = list(reply, body, storage);
  } else {
    call["type"] = "text";
    json::object text({{"preview_url", false}}, storage);
    text["body"] = words(body.reveal(), storage);
    call["text"] = std::move(text);
  }
  return success();
}

// A number is understood by every version of the API; `recipient` only by newer ones.
Status put_recipient(const Sender& to, json::object& call, const json::storage_ptr& storage) {
  std::string_view bsuid;
  for (const SecretText* address : {&to.address, to.also_known ? &*to.also_known : nullptr}) {
    if (address == nullptr || !address->reveal().starts_with(kAddressPrefix)) continue;
    const std::string_view id = address->reveal().substr(kAddressPrefix.size());
    if (is_wa_id(id)) {
      json::string number("+", storage);
      number.append(id);
      call["to"] = std::move(number);
      return success();
    }
    if (is_bsuid(id)) bsuid = id;
  }
  if (bsuid.empty()) return Error{Fault::kMalformed, "an address is not one of WhatsApp's"};
  call["recipient"] = words(bsuid, storage);
  return success();
}

}  // namespace

Result<OutboundCall> WhatsApp::render(const Reply& reply, const Sender& to) const {
  RESGUARDO_CHECK(check_reply(reply));
  const json::storage_ptr storage = wiping_json_storage();
  json::object body({{"messaging_product", "whatsapp"}, {"recipient_type", "individual"}}, storage);
  RESGUARDO_CHECK(put_recipient(to, body, storage));
  RESGUARDO_CHECK(put_message(reply, body, storage));
  return message_call(to_json(json::value(std::move(body))));
}

std::optional<OutboundCall> WhatsApp::mark_read(const SecretText& message_id) const {
  constexpr std::string_view kPrefix = "w:";  // InboundEvent::message_id
  if (!mark_as_read_ || !message_id.reveal().starts_with(kPrefix)) return std::nullopt;
  const json::storage_ptr storage = wiping_json_storage();
  json::object body({{"messaging_product", "whatsapp"}, {"status", "read"}}, storage);
  body["message_id"] = words(message_id.reveal().substr(kPrefix.size()), storage);
  OutboundCall call = message_call(to_json(json::value(std::move(body))));
  call.counts = false;
  return call;
}

OutboundCall WhatsApp::message_call(SecretBuffer body) const {
  OutboundCall call;
  call.method = "POST";
  call.path = "/" + phone_number_id_ + "/messages";
  call.headers = {bearer_of(access_token_), {"content-type", "application/json"}};
  call.body = std::move(body);
  return call;
}

}  // namespace resguardo::gateway::whatsapp
