// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/whatsapp/identity.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "bot/gateway/json.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::whatsapp {
namespace json = boost::json;

bool is_wa_id(std::string_view text) {
  return is_digits(text, 5, 15);
}

bool is_bsuid(std::string_view text) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() < 4 || !upper(text[0]) || !upper(text[1]) || text[2] != '.') return false;
  text.remove_prefix(3);
  if (text.starts_with("ENT.")) text.remove_prefix(4);
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [&](char c) {
    return upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

Ids ids_of(std::string_view from, std::string_view user_id) {
  Ids ids;
  if (is_wa_id(from)) ids.wa_id = from;
  if (is_bsuid(from)) ids.bsuid = from;
  if (is_bsuid(user_id)) ids.bsuid = user_id;
  return ids;
}

Contacts::Contacts(const json::object& value) {
  const json::array* contacts = array_at(value, "contacts");
  if (contacts == nullptr) return;
  for (const json::value& item : *contacts) {
    if (known_.size() == kMaxUpdates) return;
    const json::object* contact = item.if_object();
    if (contact == nullptr) continue;
    const Ids ids =
        ids_of(text_at(*contact, "wa_id").value_or(""), text_at(*contact, "user_id").value_or(""));
    if (!ids.wa_id.empty() && !ids.bsuid.empty()) known_.push_back(ids);
  }
}

void Contacts::complete(Ids& ids) const {
  for (const Ids& known : known_) {
    if (ids.bsuid.empty() && known.wa_id == ids.wa_id) ids.bsuid = known.bsuid;
    if (ids.wa_id.empty() && known.bsuid == ids.bsuid) ids.wa_id = known.wa_id;
  }
}

std::optional<Sender> sender_of(const Ids& ids) {
  Sender sender;
  sender.channel = Channel::kWhatsApp;
  if (ids.bsuid.empty() && ids.wa_id.empty()) return std::nullopt;
  sender.address = joined(kAddressPrefix, ids.bsuid.empty() ? ids.wa_id : ids.bsuid);
  if (!ids.bsuid.empty() && !ids.wa_id.empty()) {
    sender.also_known = joined(kAddressPrefix, ids.wa_id);
  }
  return sender;
}

}  // namespace resguardo::gateway::whatsapp
