// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <utility>

#include "bot/gateway/files.h"

namespace resguardo::gateway::signal {

// Files that signal-cli's daemon keeps in the clear (gateways.md §1.8). It gives one as base64
// within one JSON answer, and holds the whole of it in its own memory for that: hence the bound. It
// has no call to delete one: that is a file in the folder `attachments` of its data, named as its
// reference is, which the operator shares with us.
class RpcFiles final : public FileSource {
 public:
  explicit RpcFiles(std::string account) : account_(std::move(account)) {}
  std::unique_ptr<FileFetch> fetch(const FileTold& told, std::uint64_t most) const override;
  std::uint64_t most_bytes() const override { return std::uint64_t{25} * 1024 * 1024; }
  std::optional<OutboundCall> discard(std::string_view) const override { return std::nullopt; }
  std::optional<std::string> name_in_folder(std::string_view reference) const override;

 private:
  std::string account_;
};

}  // namespace resguardo::gateway::signal
