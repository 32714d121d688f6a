// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "bot/gateway/gateway.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::gateway::whatsapp {

// What the operator got from Meta. Secrets as read from their files, without the line's end.
struct Config {
  std::string phone_number_id;           // digits; updates for other numbers are ignored
  std::vector<SecretBytes> app_secrets;  // one, or two while it is being rotated
  SecretBytes access_token;
  SecretBytes verify_token;
  std::string api_base = {};  // files may be fetched from there too
  bool mark_as_read = false;
  Pace pace = {};
};

}  // namespace resguardo::gateway::whatsapp
