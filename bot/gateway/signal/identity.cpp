// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/identity.h"

#include <boost/json/object.hpp>
#include <string>

#include "bot/gateway/json.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

constexpr std::size_t kUuidLength = 36;

bool is_dash_position(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

// `source` is what old versions had: a number, else a UUID.
std::string_view first_of(const json::object& envelope, std::string_view key) {
  const auto text = text_at(envelope, key);
  return text ? *text : text_at(envelope, "source").value_or("");
}

}  // namespace

bool is_number(std::string_view text) {
  return text.starts_with('+') && is_digits(text.substr(1), 5, 15);
}

std::optional<SecretText> account_id(std::string_view text) {
  if (text.size() != kUuidLength) return std::nullopt;
  SecretBuffer lower(as_bytes(text));
  bool zero = true;
  for (std::size_t at = 0; at < kUuidLength; ++at) {
    std::uint8_t& c = lower.span()[at];
    if (is_dash_position(at)) {
      if (c != '-') return std::nullopt;
      continue;
    }
    if (c >= 'A' && c <= 'F') c = static_cast<std::uint8_t>(c - 'A' + 'a');
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
    zero = zero && c == '0';
  }
  if (zero) return std::nullopt;
  return SecretText(as_text(lower.view()));
}

std::optional<Sender> sender_of(const json::object& envelope) {
  const std::string_view number = first_of(envelope, "sourceNumber");
  const bool has_number = is_number(number);
  Sender sender;
  sender.channel = Channel::kSignal;
  if (const auto id = account_id(first_of(envelope, "sourceUuid"))) {
    sender.address = joined(kAddressPrefix, id->reveal());
    if (has_number) sender.also_known = joined(kAddressPrefix, number);
    return sender;
  }
  if (!has_number) return std::nullopt;
  sender.address = joined(kAddressPrefix, number);
  return sender;
}

SecretText message_id(const Sender& sender, std::uint64_t timestamp) {
  SecretText id = joined("s:", sender.address.reveal().substr(kAddressPrefix.size()));
  id.append(":");
  id.append(std::to_string(timestamp));
  return id;
}

}  // namespace resguardo::gateway::signal
