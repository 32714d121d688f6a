// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/event.h"

namespace resguardo::gateway {

Sender Sender::clone() const {
  Sender copy;
  copy.channel = channel;
  copy.address = address.clone();
  if (also_known) copy.also_known = also_known->clone();
  return copy;
}

const std::string* RawRequest::header(std::string_view name) const {
  const std::string* found = nullptr;
  for (const Header& header : headers) {
    if (header.name != name) continue;
    if (found != nullptr) return nullptr;
    found = &header.value;
  }
  return found;
}

}  // namespace resguardo::gateway
