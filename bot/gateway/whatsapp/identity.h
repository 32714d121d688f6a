// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "bot/gateway/event.h"

namespace resguardo::gateway::whatsapp {

constexpr std::string_view kAddressPrefix = "wa:";

bool is_wa_id(std::string_view text);  // 5 to 15 digits
bool is_bsuid(std::string_view text);  // RS.28450139987710, RS.ENT.28450139987710

// A person's two possible ids; views into the document.
struct Ids {
  std::string_view wa_id;  // phone number without +, or empty
  std::string_view bsuid;  // business-scoped user id, or empty
};

// The contacts of one change: what ties a phone number to a user id.
class Contacts {
 public:
  explicit Contacts(const boost::json::object& value);
  // Fills in the id that `ids` lacks.
  void complete(Ids& ids) const;

 private:
  std::vector<Ids> known_;
};

// Sorts ids by what they look like; what looks like neither is left out (gateways.md §3.7).
Ids ids_of(std::string_view from, std::string_view user_id);

// The user id if there is one, else the number; the other one goes along. nullopt: neither.
std::optional<Sender> sender_of(const Ids& ids);

}  // namespace resguardo::gateway::whatsapp
