// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "tests/bench/recording.h"

namespace resguardo::bench {

// Where posts go and how they show who sends them.
struct Credentials {
  std::string app_secret;     // signs WhatsApp's posts
  std::string webhook_token;  // in the address of Signal's, and their password
};

// A person's move as the messenger's webhook posts it (gateways.md §1.5, §3.4), head and body:
// about 1,100 bytes for WhatsApp, 900 for Signal. The same person, move and `run` give the same
// message id.
class Posts {
 public:
  Posts(Credentials credentials, std::uint64_t run);
  const std::string& make(gateway::Channel channel, std::uint64_t person, std::size_t number,
                          const Move& move, std::int64_t now_ms);

 private:
  void whatsapp(std::uint64_t person, std::size_t number, const Move& move, std::int64_t now_ms);
  void signal(std::uint64_t person, std::size_t number, const Move& move, std::int64_t now_ms);

  const Credentials credentials_;
  const std::uint64_t run_;
  const std::string basic_;
  std::string body_;
  std::string post_;
};

}  // namespace resguardo::bench
