// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <utility>

#include "bot/gateway/json.h"
#include "bot/gateway/signal/identity.h"
#include "bot/gateway/signal/limits.h"
#include "bot/gateway/signal/signal.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

// The account's id, or the number: what the address holds.
std::optional<std::string_view> recipient_of(const Sender& to) {
  const std::string_view address = to.address.reveal();
  if (!address.starts_with(kAddressPrefix)) return std::nullopt;
  const std::string_view id = address.substr(kAddressPrefix.size());
  if (!is_number(id) && !account_id(id)) return std::nullopt;
  return id;
}

std::string encoded(const std::string& account) {
  return "%2B" + account.substr(1);
}

OutboundCall call_of(std::string method, std::string path, json::object body) {
  OutboundCall call;
  call.method = std::move(method);
  call.path = std::move(path);
  call.headers = {{"content-type", "application/json"}};
  call.body = to_json(json::value(std::move(body)));
  return call;
}

json::string signal_words(std::string_view text, const json::storage_ptr& storage) {
  return json::string(text, storage);
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
  const json::storage_ptr storage = wiping_json_storage();
  json::object body({{"number", signal_words(account_, storage)},
                     {"message", signal_words(text.reveal(), storage)},
                     {"text_mode", "normal"}},
                    storage);
  json::array recipients(storage);
  recipients.push_back(signal_words(*recipient, storage));
  body["recipients"] = std::move(recipients);
  return call_of("POST", "/v2/send", std::move(body));
}

std::optional<OutboundCall> Signal::set_timer(const Sender& to) const {
  const auto recipient = recipient_of(to);
  if (!recipient || expire_seconds_ == 0) return std::nullopt;
  const json::storage_ptr storage = wiping_json_storage();
  json::object body({{"recipient", signal_words(*recipient, storage)},
                     {"expiration_in_seconds", expire_seconds_}},
                    storage);
  return call_of("PUT", "/v1/contacts/" + encoded(account_), std::move(body));
}

std::optional<OutboundCall> Signal::unsend(const Sender& to, const SecretText& our_id) const {
  const auto recipient = recipient_of(to);
  const std::string_view digits = our_id.reveal();
  if (!recipient || !is_digits(digits, 1, 16)) return std::nullopt;
  std::uint64_t timestamp = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), timestamp);
  const json::storage_ptr storage = wiping_json_storage();
  json::object body({{"recipient", signal_words(*recipient, storage)}, {"timestamp", timestamp}},
                    storage);
  return call_of("DELETE", "/v1/remote-delete/" + encoded(account_), std::move(body));
}

}  // namespace resguardo::gateway::signal
