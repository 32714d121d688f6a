// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/signal_account.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>

namespace resguardo::standin {
namespace json = boost::json;
namespace {

std::uint64_t milliseconds_now() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

}  // namespace

std::uint64_t SignalAccount::send(const std::string& recipient, const std::string& text) {
  BotMessage message;
  message.channel = Channel::kSignal;
  message.person = recipient;
  message.kind = "text";
  message.text = text;
  std::uint64_t timestamp = 0;
  {
    const std::lock_guard lock(mutex_);
    timestamp = last_timestamp_ = std::max(last_timestamp_ + 1, milliseconds_now());
  }
  message.id = std::to_string(timestamp);
  mailbox_.deliver(message);
  return timestamp;
}

void SignalAccount::set_timer(const std::string& recipient, std::uint32_t seconds) {
  mailbox_.set_timer(recipient, seconds);
  const json::object timer({{"recipient", recipient}, {"seconds", seconds}});
  mailbox_.record(json::serialize(json::object({{"timer", timer}})));
}

void SignalAccount::unsend(const std::string& recipient, std::uint64_t timestamp) {
  const json::object unsent({{"recipient", recipient}, {"timestamp", timestamp}});
  mailbox_.record(json::serialize(json::object({{"unsent", unsent}})));
}

void SignalAccount::forget(const std::string& recipient) {
  mailbox_.set_timer(recipient, 0);
  mailbox_.record(json::serialize(json::object({{"forgotten", recipient}})));
}

}  // namespace resguardo::standin
