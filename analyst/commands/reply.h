// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analyst/commands/call.h"
#include "analyst/commands/secrets.h"

namespace resguardo::analyst {

struct ReplyOptions {
  std::string id;              // of the report, or how it begins
  std::filesystem::path text;  // what to say
  std::filesystem::path out;
  std::string language;  // of the text; empty: the report's
  std::string origin;    // which server's log; needed if the vault holds several
  std::filesystem::path vault;
  SecretSources secrets;
};
// Seals an answer to the report's mailbox and signs it. Refused for a report that was taken back,
// that has no mailbox here, or if no message of every messenger can carry the text.
program::Outcome<Done> reply(const ReplyOptions& options, Call& call);

}  // namespace resguardo::analyst
