// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/jsonrpc_judge.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "bot/gateway/json.h"
#include "bot/gateway/signal/dialect.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

constexpr StaticText kSentRpc = "sent";

// Longer than this no limit lasts; who says more is believed this much.
constexpr std::chrono::seconds kLongestLimit{24 * 3600};

SendOutcome captcha_for(std::string_view account, std::string_view token) {
  return captcha_wanted(
      "curl -H 'Content-Type: application/json' API_BASE/api/v1/rpc -d "
      "'{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"submitRateLimitChallenge\",\"params\":{"
      "\"account\":\"" +
          std::string(account) + "\",\"challenge\":\"",
      token, "\",\"captcha\":\"signalcaptcha://…\"}}'");
}

SendOutcome limited_rpc(const json::object& result, std::string_view account) {
  if (present(result, "token")) return captcha_for(account, text_at(result, "token").value_or(""));
  const auto seconds = integer_at(result, "retryAfterSeconds");
  const auto wait =
      seconds ? std::min(std::chrono::seconds(*seconds), kLongestLimit) : std::chrono::seconds(0);
  return signal_verdict(SendVerdict::kSlowDown, "Signal's rate limit",
                        std::max<std::chrono::milliseconds>(wait, kRateLimitWait));
}

SendOutcome of_result(const json::object& result, std::string_view account) {
  const auto type = text_at(result, "type").value_or("");
  if (type == "SUCCESS") return signal_verdict(SendVerdict::kSent, kSentRpc);
  if (type == "UNREGISTERED_FAILURE")
    return signal_verdict(SendVerdict::kDrop, "the person is not on Signal any more");
  if (type == "IDENTITY_FAILURE") return keys_not_trusted();
  if (type == "RATE_LIMIT_FAILURE") return limited_rpc(result, account);
  return signal_verdict(SendVerdict::kRetry, "signal-cli could not send");
}

// {timestamp, results[]}; there is one recipient.
SendOutcome of_response(const json::object& response, std::string_view account) {
  const json::array* results = array_at(response, "results");
  const json::object* first =
      results == nullptr || results->empty() ? nullptr : results->front().if_object();
  SendOutcome outcome =
      first == nullptr ? signal_verdict(SendVerdict::kSent, kSentRpc) : of_result(*first, account);
  if (outcome.verdict != SendVerdict::kSent) return outcome;
  auto id = id_at(response, "timestamp");
  if (id && is_digits(id->reveal(), 1, 16)) outcome.message_id = std::move(*id);
  return outcome;
}

constexpr std::int64_t kUntrustedKey = -4;
struct RpcCode {
  std::int64_t code;
  SendVerdict verdict;
  StaticText reason;
};
constexpr std::array kRpcCodes = {
    RpcCode{-1, SendVerdict::kDrop, "signal-cli cannot send to this person"},
    RpcCode{-3, SendVerdict::kRetry, "signal-cli has no connection"},
    RpcCode{-4, SendVerdict::kDrop, "the person's keys changed and are not trusted yet"},
    RpcCode{-5, SendVerdict::kSlowDown, "Signal's rate limit"},
    RpcCode{-6, SendVerdict::kStop, "Signal did not take the captcha: solve another"},
    RpcCode{-32700, SendVerdict::kDrop, "signal-cli did not understand a request: not JSON"},
    RpcCode{-32600, SendVerdict::kDrop, "signal-cli did not understand a request"},
    RpcCode{-32601, SendVerdict::kDrop, "signal-cli does not know a method: is it too old?"},
    // Of what we send only the account can be one that it does not take: nobody's message is at
    // fault.
    RpcCode{-32602, SendVerdict::kStop, "signal-cli does not serve our account"},
    RpcCode{-32603, SendVerdict::kRetry, "signal-cli failed inside"},
};

// The words of an error hold numbers: only its code is looked at.
SendOutcome of_error(const json::object& error, std::string_view account) {
  const json::object* data = object_at(error, "data");
  const json::object* response = data == nullptr ? nullptr : object_at(*data, "response");
  const json::array* results = response == nullptr ? nullptr : array_at(*response, "results");
  if (results != nullptr && !results->empty()) {
    SendOutcome outcome = of_response(*response, account);
    if (outcome.verdict != SendVerdict::kSent) return outcome;
  }
  const json::value* code = error.if_contains("code");
  const std::int64_t* number = code == nullptr ? nullptr : code->if_int64();
  if (number != nullptr && *number == kUntrustedKey) return keys_not_trusted();
  for (const RpcCode& one : kRpcCodes)
    if (number != nullptr && *number == one.code)
      return signal_verdict(
          one.verdict, one.reason,
          one.verdict == SendVerdict::kSlowDown ? kRateLimitWait : std::chrono::milliseconds{0});
  return signal_verdict(SendVerdict::kRetry, "signal-cli reports an unknown error");
}

}  // namespace

SendOutcome judge_jsonrpc(const CallAnswer& answer, std::string_view account) {
  if (answer.status == 0) return signal_verdict(SendVerdict::kRetry, "no answer");
  if (answer.status >= 300 && answer.status < 500)
    return signal_verdict(SendVerdict::kStop,
                          "signal.api_base does not lead to signal-cli's daemon");
  if (answer.status < 200 || answer.status >= 500)
    return signal_verdict(SendVerdict::kRetry, "no usable answer from signal-cli");
  const auto document = JsonDocument::parse(answer.body.view());
  const json::object* root = document.ok() ? document->root().if_object() : nullptr;
  if (root == nullptr)
    return signal_verdict(SendVerdict::kRetry, "no usable answer from signal-cli");
  if (const json::object* error = object_at(*root, "error")) return of_error(*error, account);
  const json::object* result = object_at(*root, "result");
  return result == nullptr ? signal_verdict(SendVerdict::kRetry, "no usable answer from signal-cli")
                           : of_response(*result, account);
}

}  // namespace resguardo::gateway::signal
