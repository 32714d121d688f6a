// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "deploy/standin/file_shelf.h"
#include "deploy/standin/model.h"

namespace resguardo::standin {

// What a person sends, as the messenger's webhook words it (gateways.md §1.5, §3.4). Ids and
// timestamps are new ones each time.
class Postman {
 public:
  explicit Postman(const Settings& settings);

  std::string text(Channel channel, const std::string& person, const std::string& text,
                   std::uint32_t timer);
  // `mime` decides the kind.
  std::string file(Channel channel, const std::string& person, const SentFile& file,
                   std::uint32_t timer);
  // WhatsApp only.
  std::string tap(const std::string& person, const BotMessage& offered, const Choice& choice);
  // What became of a message of the bot's: delivered, read, failed …
  std::string status(const BotMessage& message, const std::string& state);
  std::string location(const std::string& person, double latitude, double longitude,
                       const std::string& name);

  // Moves the clock that messages are stamped with.
  void shift(std::int64_t seconds) { shift_ += seconds * 1000; }

 private:
  std::uint64_t stamp();  // milliseconds, never the same twice

  const Settings& settings_;
  std::int64_t shift_ = 0;
  std::uint64_t last_ = 0;
};

}  // namespace resguardo::standin
