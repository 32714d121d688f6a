// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/base/clock.h"
#include "crypto/base/secret_text.h"

namespace resguardo::gateway {

enum class Channel : std::uint8_t { kWhatsApp, kSignal };

// Whether the messenger delivers again what was not taken: WhatsApp for days, signal-cli-rest-api
// never (its webhook is tried once).
constexpr bool repeats(Channel channel) {
  return channel == Channel::kWhatsApp;
}

// A request as it came off the wire: nothing of it is believed yet.
struct RawRequest {
  struct Header {
    std::string name;  // lower-case
    std::string value;
  };
  std::string method;
  std::string target;  // path and query, still percent-encoded
  std::vector<Header> headers;
  SecretBuffer body;

  // The only value of that header; nullptr: absent, or there more than once.
  const std::string* header(std::string_view name) const;
};

// What a person did, in words that fit every messenger (gateways.md §4).
struct Text {
  SecretText text;
  std::optional<SecretText> reply_to;  // SendOutcome::message_id of our message it answers
};
struct Choice {
  std::string id;  // an id we rendered; hostile all the same
};
struct Media {
  SecretText reference;  // what the gateway wants to fetch it
  std::string mime;
  std::optional<std::uint64_t> size;
  std::string sha256;  // as the gateway gave it, or empty
  std::string url;     // where the bytes are for some minutes, if the message said so
  SecretText caption;
  SecretText file_name;
  bool voice = false;
  bool forwarded = false;
};
struct Location {
  double latitude = 0;
  double longitude = 0;
  SecretText name;
};
struct Edit {
  SecretText target_id;  // message_id() of the event it replaces
  SecretText text;
};
struct Retract {
  SecretText target_id;  // message_id() of the event it takes back; its media: with ":0", ":1" …
};
// A message a person sent on purpose that we cannot take: it deserves a kind answer.
struct Unsupported {
  StaticText what;
};
// The address may now belong to another person, or changed: everything linked to it goes.
struct IdentityChange {};
// The disappearing timer was changed, and nothing said: InboundEvent::expires_in() tells to what.
struct TimerChange {};
using Content = std::variant<Text, Choice, Media, Location, Edit, Retract, Unsupported,
                             IdentityChange, TimerChange>;

// Who wrote, as the gateway names them; hashed before it is stored anywhere.
struct Sender {
  Channel channel = Channel::kWhatsApp;
  SecretText address;                    // normalised; what replies go to
  std::optional<SecretText> also_known;  // a second id of the same person (wa_id beside BSUID)

  Sender clone() const;
};

class Gateway;

// One authentic thing a person did. Only Gateway::verify_and_parse makes one, so the rest of the
// bot cannot be called with anything else.
class InboundEvent {
 public:
  InboundEvent(InboundEvent&&) noexcept = default;
  InboundEvent& operator=(InboundEvent&&) noexcept = default;

  const Sender& sender() const { return sender_; }
  const SecretText& message_id() const { return message_id_; }  // "w:wamid…", "s:uuid:ts", unique
  TimePoint sent() const { return sent_; }                      // the sender's or gateway's clock
  // Signal: the disappearing timer in force for this message, in seconds; nullopt elsewhere.
  std::optional<std::uint32_t> expires_in() const { return expires_in_; }
  Content& content() { return content_; }
  const Content& content() const { return content_; }

 private:
  friend class EventMaker;
  InboundEvent() = default;
  Sender sender_;
  SecretText message_id_;
  TimePoint sent_;
  std::optional<std::uint32_t> expires_in_;
  Content content_;
};

}  // namespace resguardo::gateway
