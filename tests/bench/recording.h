// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/dialogue/step.h"
#include "bot/gateway/gateway.h"

namespace resguardo::bench {

// What the bot must send for a step: the exact body of its call, with holes for whom it goes to
// and for a receipt's digits.
class Expected {
 public:
  Expected() = default;
  // `body` was rendered for `address`, with `receipt` where its digits stand.
  Expected(std::string_view body, std::string_view address, std::string_view receipt);
  bool matches(std::string_view body, std::string_view address) const;
  bool nothing() const { return parts_.empty(); }

 private:
  struct Part {
    std::string text;
    bool address_after = false;
    bool receipt_after = false;
  };
  std::vector<Part> parts_;
};

// One message of a person, and what has to come of it.
struct Move {
  bool tap = false;
  std::string text;   // what is written, or what stands on the row
  std::string id;     // of the row
  bool list = false;  // the row is one of a list, not a button
  Expected reply;
  dialogue::Effect effect = dialogue::Effect::kNone;
  std::uint64_t rows = 0;  // sealed rows of the report after this move
  // For who makes a store by other means: what the engine gave.
  std::shared_ptr<const dialogue::Step> step;
};

// From hello to the receipt.
struct Conversation {
  gateway::Channel channel = gateway::Channel::kWhatsApp;
  std::vector<Move> moves;
  std::size_t begin = 0;  // the move that consents: from here on all is sealed
};

struct RecordingOptions {
  std::size_t conversations = 400;
  std::uint32_t seed = 1;
  bool keep_steps = false;
  bool varied = false;  // no two say the same (varied.h)
  TimePoint now;        // the people's, and the bot's
};

// Settings as deploy/demo/installation.py configures a bot.
dialogue::Settings bot_settings();

// Conversations as made-up people lead them, all with a receipt at their end, both messengers by
// turns. The dialogue engine and the gateways are the bot's own: what is checked with it is that
// everybody's prompt is the right one, in the right order; whether the prompts themselves are right
// is for tests/bot.
class Recording {
 public:
  // Throws when the form's people reach no receipt.
  Recording(const dialogue::Form& form, const RecordingOptions& options);
  explicit Recording(std::vector<Conversation> whatsapp) : whatsapp_(std::move(whatsapp)) {}
  const std::vector<Conversation>& of(gateway::Channel channel) const {
    return channel == gateway::Channel::kWhatsApp ? whatsapp_ : signal_;
  }

 private:
  std::vector<Conversation> whatsapp_;
  std::vector<Conversation> signal_;
};

// A WhatsApp person whom the bot has only on disk, in that state, writes `words`: the one move of
// it.
Conversation answer_once(const dialogue::Form& form, pb::ConversationState state,
                         std::string_view words, TimePoint now);

// The people of a benchmark have numbers.
std::string address_of(gateway::Channel channel, std::uint64_t person);
// Whom a call's body goes to, read as the messenger would.
std::uint64_t person_in(gateway::Channel channel, std::string_view body);

}  // namespace resguardo::bench
