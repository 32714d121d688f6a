// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>

#include "bot/gateway/json.h"
#include "bot/gateway/signal/dialect.h"
#include "bot/gateway/signal/rest_api_judge.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

bool contains(std::string_view text, std::string_view lower) {
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  };
  return std::search(text.begin(), text.end(), lower.begin(), lower.end(), same) != text.end();
}

// The container has no codes, only the words of its errors and of signal-cli's results. They may
// hold numbers: they are looked at here and go no further.
SendOutcome by_words(std::string_view words) {
  if (contains(words, "untrusted") || contains(words, "identity")) {
    return keys_not_trusted();
  }
  if (contains(words, "unregistered")) {
    return signal_verdict(SendVerdict::kDrop, "the person is not on Signal any more");
  }
  if (contains(words, "is not registered") || contains(words, "account does not exist")) {
    return signal_verdict(SendVerdict::kStop, "our own account is not registered");
  }
  if (contains(words, "rate") && contains(words, "limit")) {
    return signal_verdict(SendVerdict::kSlowDown, "Signal's rate limit", kRateLimitWait);
  }
  return signal_verdict(SendVerdict::kRetry, "signal-cli could not send");
}

// Both shapes of a 201: {"timestamp":"…"} and, since July 2026, [{"timestamp":"…","errors":{…}}].
SendOutcome created(const json::value& root) {
  const json::array* several = root.if_array();
  const json::object* first = root.if_object();
  if (several != nullptr && !several->empty()) first = several->front().if_object();
  if (first == nullptr) return signal_verdict(SendVerdict::kSent, "sent");
  const json::object* errors = object_at(*first, "errors");
  const json::array* failed = errors == nullptr ? nullptr : array_at(*errors, "recipients");
  if (failed != nullptr && !failed->empty()) {
    const json::object* one = failed->front().if_object();
    return by_words(one == nullptr ? "" : text_at(*one, "reason").value_or(""));
  }
  SendOutcome outcome = signal_verdict(SendVerdict::kSent, "sent");
  auto id = id_at(*first, "timestamp");
  if (id && is_digits(id->reveal(), 1, 16)) outcome.message_id = std::move(*id);
  return outcome;
}

SendOutcome limited(const json::object* root, std::string_view account) {
  const json::array* tokens = root == nullptr ? nullptr : array_at(*root, "challenge_tokens");
  if (tokens != nullptr && !tokens->empty()) {
    const json::string* token = tokens->front().if_string();
    return captcha_wanted("curl -H 'Content-Type: application/json' API_BASE/v1/accounts/" +
                              std::string(account) +
                              "/rate-limit-challenge -d '{\"challenge_token\":\"",
                          token == nullptr ? std::string_view() : std::string_view(*token),
                          "\",\"captcha\":\"signalcaptcha://…\"}'");
  }
  return signal_verdict(SendVerdict::kSlowDown, "Signal's rate limit", kRateLimitWait);
}

}  // namespace

SendOutcome judge_rest_api(const CallAnswer& answer, std::string_view account) {
  if (answer.status == 0) return signal_verdict(SendVerdict::kRetry, "no answer");
  const auto document = JsonDocument::parse(answer.body.view());
  const json::object* root = document.ok() ? document->root().if_object() : nullptr;
  if (answer.status >= 200 && answer.status < 300) {
    return document.ok() ? created(document->root()) : signal_verdict(SendVerdict::kSent, "sent");
  }
  if (answer.status == 429) return limited(root, account);
  if (answer.status == 400) {
    return by_words(root == nullptr ? "" : text_at(*root, "error").value_or(""));
  }
  if (answer.status >= 300 && answer.status < 500) {
    return signal_verdict(SendVerdict::kStop,
                          "signal.api_base does not lead to signal-cli-rest-api");
  }
  return signal_verdict(SendVerdict::kRetry, "no usable answer from signal-cli-rest-api");
}

}  // namespace resguardo::gateway::signal
