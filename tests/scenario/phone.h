// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "bot/gateway/event.h"

namespace resguardo::testing_support {

// A person's phone: what is said becomes the post that its messenger would send. Message ids are
// its own, so that the same body is the same delivery.
class Phone {
 public:
  Phone(gateway::Channel channel, std::string who);

  // One post with one message for each thing said; Signal takes one at a time.
  std::string post(const std::vector<dialogue::Said>& said, TimePoint now);
  std::string address() const;  // as the store's tags are made of
  const std::string& who() const { return who_; }
  gateway::Channel channel() const { return channel_; }

  // False: no webhook can say this.
  static bool can_say(const dialogue::Said& said);
  // An edit, or a message taken back.
  static bool changes_another(const dialogue::Said& said);

 private:
  gateway::Channel channel_;
  std::string who_;
  std::uint64_t messages_ = 0;
  std::string last_id_;          // of the last message that is no change of another (WhatsApp)
  std::int64_t last_stamp_ = 0;  // the same (Signal)
};

}  // namespace resguardo::testing_support
