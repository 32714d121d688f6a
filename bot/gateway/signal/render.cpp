// SPDX-License-Identifier: AGPL-3.0-or-later
#include <charconv>

#include "bot/gateway/signal/identity.h"
#include "bot/gateway/signal/limits.h"
#include "bot/gateway/signal/signal.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::signal {
namespace {

// The account's id, or the number: what the address holds.
std::optional<std::string_view> recipient_of(const Sender& to) {
  const std::string_view address = to.address.reveal();
  if (!address.starts_with(kAddressPrefix)) return std::nullopt;
  const std::string_view id = address.substr(kAddressPrefix.size());
  if (!is_number(id) && !account_id(id)) return std::nullopt;
  return id;
}

}  // namespace

Result<OutboundCall> Signal::render(const Reply& reply, const Sender& to) const {
  RESGUARDO_CHECK(check_reply(reply));
  const auto recipient = recipient_of(to);
  if (!recipient) return Error{Fault::kMalformed, "an address is not one of Signal's"};
  const SecretText text = numbered(reply, reply.numbers_hint);
  if (text.size() > kMaxMessageBytes) {
    return Error{Fault::kRefused, "a reply is over a limit of Signal"};
  }
  return dialect_->send(*recipient, text);
}

SendOutcome Signal::judge(const CallAnswer& answer) const {
  return dialect_->judge(answer);
}

std::optional<OutboundCall> Signal::subscribe() const {
  return dialect_->subscribe();
}

std::optional<OutboundCall> Signal::set_timer(const Sender& to) const {
  const auto recipient = recipient_of(to);
  if (!recipient || expire_seconds_ == 0) return std::nullopt;
  return dialect_->set_timer(*recipient, expire_seconds_);
}

std::optional<OutboundCall> Signal::forget_contact(const Sender& to) const {
  const auto recipient = recipient_of(to);
  return recipient ? dialect_->forget_contact(*recipient) : std::nullopt;
}

std::optional<OutboundCall> Signal::unsend(const Sender& to, const SecretText& our_id) const {
  const auto recipient = recipient_of(to);
  const std::string_view digits = our_id.reveal();
  if (!recipient || !is_digits(digits, 1, 16)) return std::nullopt;
  std::uint64_t timestamp = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), timestamp);
  return dialect_->unsend(*recipient, timestamp);
}

}  // namespace resguardo::gateway::signal
