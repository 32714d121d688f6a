// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/probes.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "bot/gateway/json.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

constexpr ProbeFinding kSilent{
    .what = "nothing answers there",
    .mend = "start signal-cli: until it answers nothing is received or sent"};
constexpr ProbeFinding kNoContainer{
    .what = "what answers there is not signal-cli-rest-api",
    .mend = "correct [signal] api_base, or set mode = \"jsonrpc\" for signal-cli's own daemon"};
constexpr ProbeFinding kPostsNothing{
    .stops = true,
    .what = "signal-cli-rest-api runs in a mode that never posts what people write",
    .mend = "start it with MODE=json-rpc or json-rpc-native and RECEIVE_WEBHOOK_URL"};
constexpr ProbeFinding kNoDaemon{
    .what = "what answers there is not signal-cli's daemon",
    .mend = "correct [signal] api_base, or set mode = \"rest-api\" for the container"};
constexpr ProbeFinding kOtherAccount{.stops = true,
                                     .what = "signal-cli does not have [signal] account",
                                     .mend = "register or link it there, or correct it here"};

// A daemon that was started for one account does not list it: the method is unknown to it.
constexpr std::int64_t kUnknownMethod = -32601;

bool is_unknown_method(const json::object& root) {
  const json::object* error = object_at(root, "error");
  const json::value* code = error == nullptr ? nullptr : error->if_contains("code");
  return code != nullptr && code->is_int64() && code->get_int64() == kUnknownMethod;
}

}  // namespace

std::optional<ProbeFinding> judge_rest_probe(const CallAnswer& answer) {
  if (answer.status == 0) return kSilent;
  const auto document = JsonDocument::parse(answer.body.view());
  const json::object* root = document.ok() ? document->root().if_object() : nullptr;
  const auto mode = root == nullptr ? std::nullopt : text_at(*root, "mode");
  if (answer.status != 200 || !mode) return kNoContainer;
  if (!mode->starts_with("json-rpc")) return kPostsNothing;
  return std::nullopt;
}

std::optional<ProbeFinding> judge_rpc_probe(const CallAnswer& answer, std::string_view account) {
  if (answer.status == 0) return kSilent;
  const auto document = JsonDocument::parse(answer.body.view());
  const json::object* root = document.ok() ? document->root().if_object() : nullptr;
  if (answer.status != 200 || root == nullptr || !present(*root, "jsonrpc")) return kNoDaemon;
  if (is_unknown_method(*root)) return std::nullopt;
  const json::array* accounts = array_at(*root, "result");
  if (accounts == nullptr) return kNoDaemon;
  const bool ours = std::any_of(accounts->begin(), accounts->end(), [&](const json::value& one) {
    const json::object* entry = one.if_object();
    return entry != nullptr && text_at(*entry, "number") == account;
  });
  if (ours) return std::nullopt;
  return kOtherAccount;
}

}  // namespace resguardo::gateway::signal
