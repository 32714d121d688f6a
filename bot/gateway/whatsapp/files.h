// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "bot/gateway/files.h"
#include "bot/gateway/shared_secret.h"

namespace resguardo::gateway::whatsapp {

// Files that people sent over WhatsApp, which Meta keeps for seven days (gateways.md §3.10): where
// the bytes are is asked for first, and holds for five minutes. They are fetched with the access
// token, so only from Meta's hosts for files and from where api_base is. What comes is the file if
// its SHA-256 is the one that was told, or, where none was, its length is.
class Files final : public FileSource {
 public:
  // `access_token` outlives this.
  Files(std::string phone_number_id, const SharedSecret& access_token, std::string api_base);
  std::unique_ptr<FileFetch> fetch(const FileTold& told, std::uint64_t most) const override;
  std::optional<std::chrono::hours> kept() const override { return std::chrono::hours(7 * 24); }
  std::optional<OutboundCall> discard(std::string_view reference) const override;

  // Where a URL leads, if the token may go there; nullopt: it may not.
  struct Place {
    std::string base;
    std::string path;
  };
  static std::optional<Place> place_of(std::string_view url, std::string_view api_base);
  OutboundCall call_of(std::string method, std::string path) const;
  const std::string& phone_number_id() const { return phone_number_id_; }
  const std::string& api_base() const { return api_base_; }

 private:
  std::string phone_number_id_;
  const SharedSecret& access_token_;
  std::string api_base_;
};

}  // namespace resguardo::gateway::whatsapp
