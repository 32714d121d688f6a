// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "bot/gateway/files.h"

namespace resguardo::gateway::signal {

// Files that signal-cli-rest-api keeps in the clear until they are deleted (gateways.md §2.5). It
// fetched them before it posted their message: what it does not have now will not come. It tells no
// digest, and its size is the sender's word: whether all of a file came is HTTP's to say.
class RestFiles final : public FileSource {
 public:
  std::unique_ptr<FileFetch> fetch(const FileTold& told, std::uint64_t most) const override;
  std::optional<OutboundCall> discard(std::string_view reference) const override;
  std::optional<OutboundCall> list() const override;
  std::optional<std::vector<std::string>> listed(const CallAnswer& answer) const override;
};

}  // namespace resguardo::gateway::signal
