// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bot/gateway/gateway.h"

namespace resguardo::gateway::signal {

// How a signal-cli is spoken to. What comes in is the same in every one of them (unwrap.h); to add
// one: a file, and a line in verify.cpp. Recipients are account ids or numbers, already checked.
class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual OutboundCall send(std::string_view recipient, const SecretText& text) const = 0;
  virtual OutboundCall set_timer(std::string_view recipient, std::uint32_t seconds) const = 0;
  virtual OutboundCall unsend(std::string_view recipient, std::uint64_t timestamp) const = 0;
  virtual std::optional<OutboundCall> forget_contact(std::string_view) const {
    return std::nullopt;
  }
  virtual SendOutcome judge(const CallAnswer& answer) const = 0;
  virtual std::optional<OutboundCall> subscribe() const { return std::nullopt; }
  virtual const FileSource& files() const = 0;
  virtual OutboundCall probe() const = 0;
  virtual std::optional<ProbeFinding> judge_probe(const CallAnswer& answer) const = 0;
};

// signal-cli-rest-api (gateways.md §2): it posts what comes in.
std::unique_ptr<Dialect> rest_api(std::string account);
// signal-cli's own HTTP daemon (gateways.md §1): its events are a stream that we fetch.
std::unique_ptr<Dialect> jsonrpc(std::string account);

// A request to signal-cli's daemon.
OutboundCall rpc_call(std::string_view method, boost::json::object params);
OutboundCall json_call(std::string method, std::string path, const boost::json::value& body);
SendOutcome signal_verdict(SendVerdict verdict, StaticText reason,
                           std::chrono::milliseconds wait = std::chrono::milliseconds{0});
// The person has another phone, and signal-cli was not told to trust new keys.
SendOutcome keys_not_trusted();
// Signal wants a captcha solved before this account sends again: the command with which an operator
// hands the solution over. `token` comes from afar: one that a shell could read as more is left
// out.
SendOutcome captcha_wanted(std::string_view before_token, std::string_view token,
                           std::string_view after_token);
constexpr std::chrono::milliseconds kRateLimitWait{60'000};

}  // namespace resguardo::gateway::signal
