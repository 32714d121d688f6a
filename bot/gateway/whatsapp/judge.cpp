// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>

#include "bot/gateway/json.h"
#include "bot/gateway/text_rules.h"
#include "bot/gateway/whatsapp/rules.h"
#include "bot/gateway/whatsapp/whatsapp.h"

namespace resguardo::gateway::whatsapp {
namespace json = boost::json;
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kSpamLimit = 131048;

struct Rule {
  std::uint64_t first;
  std::uint64_t last;
  SendVerdict verdict;
  milliseconds wait;
  StaticText reason;
};

// gateways.md §3.9: by Meta's code, not by HTTP status or text.
constexpr std::array kRules = {
    Rule{0, 0, SendVerdict::kStop, milliseconds{0}, "the access token is not valid"},
    Rule{1, 2, SendVerdict::kRetry, milliseconds{0}, "WhatsApp is unavailable"},
    Rule{3, 3, SendVerdict::kStop, milliseconds{0}, "permission is missing"},
    Rule{4, 4, SendVerdict::kSlowDown, milliseconds{60'000}, "the app's rate limit"},
    Rule{10, 10, SendVerdict::kStop, milliseconds{0}, "permission is missing"},
    Rule{100, 100, SendVerdict::kDrop, milliseconds{0}, "WhatsApp does not take this request"},
    Rule{190, 190, SendVerdict::kStop, milliseconds{0}, "the access token is not valid"},
    Rule{200, 299, SendVerdict::kStop, milliseconds{0}, "permission is missing"},
    Rule{368, 368, SendVerdict::kStop, milliseconds{0}, "the account is blocked by policy"},
    Rule{80007, 80007, SendVerdict::kSlowDown, milliseconds{60'000}, "the account's rate limit"},
    Rule{130429, 130429, SendVerdict::kSlowDown, milliseconds{1'000}, "the throughput limit"},
    Rule{130472, 130472, SendVerdict::kDrop, milliseconds{0}, "Meta chose not to deliver"},
    Rule{131000, 131000, SendVerdict::kRetry, milliseconds{0}, "something failed at WhatsApp"},
    Rule{131005, 131005, SendVerdict::kStop, milliseconds{0}, "permission is missing"},
    Rule{131008, 131009, SendVerdict::kDrop, milliseconds{0},
         "WhatsApp does not take this request"},
    Rule{131016, 131016, SendVerdict::kRetry, milliseconds{0}, "WhatsApp is unavailable"},
    Rule{131026, 131026, SendVerdict::kDrop, milliseconds{0}, "undeliverable to this person"},
    Rule{131031, 131031, SendVerdict::kStop, milliseconds{0}, "the account is locked"},
    Rule{131042, 131042, SendVerdict::kStop, milliseconds{0}, "a payment is due"},
    Rule{131045, 131045, SendVerdict::kStop, milliseconds{0}, "the number is not registered"},
    Rule{131047, 131047, SendVerdict::kDrop, milliseconds{0}, "more than 24 hours have passed"},
    Rule{131048, 131048, SendVerdict::kSlowDown, milliseconds{60'000}, "the spam limit"},
    Rule{131049, 131050, SendVerdict::kDrop, milliseconds{0}, "Meta chose not to deliver"},
    Rule{131051, 131052, SendVerdict::kDrop, milliseconds{0}, "a kind WhatsApp does not take"},
    Rule{131053, 131053, SendVerdict::kRetry, milliseconds{0}, "a file was not taken"},
    Rule{131056, 131056, SendVerdict::kSlowDown, milliseconds{6'000}, "the limit per person"},
    Rule{131057, 131057, SendVerdict::kSlowDown, milliseconds{60'000}, "maintenance"},
    Rule{131060, 131060, SendVerdict::kDrop, milliseconds{0}, "a message is unavailable"},
    Rule{131062, 131062, SendVerdict::kDrop, milliseconds{0}, "not to this kind of id"},
    Rule{132000, 132999, SendVerdict::kDrop, milliseconds{0}, "a template's problem"},
    Rule{133010, 133010, SendVerdict::kStop, milliseconds{0}, "the number is not registered"},
    Rule{133016, 133016, SendVerdict::kSlowDown, milliseconds{60'000}, "too many registrations"},
};

const Rule* rule_of(std::uint64_t code) {
  const auto* rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& candidate) {
    return code >= candidate.first && code <= candidate.last;
  });
  return rule == kRules.end() ? nullptr : rule;
}

SendOutcome verdict(SendVerdict verdict, milliseconds wait, StaticText reason) {
  return SendOutcome{verdict, wait, reason, {}};
}

// When there is no code we know.
SendOutcome by_status(unsigned status) {
  if (status == 429) return verdict(SendVerdict::kSlowDown, milliseconds{60'000}, "a rate limit");
  if (status == 401 || status == 403) {
    return verdict(SendVerdict::kStop, milliseconds{0}, "WhatsApp does not let us in");
  }
  if (status >= 400 && status < 500) {
    return verdict(SendVerdict::kDrop, milliseconds{0}, "WhatsApp refused a message");
  }
  return verdict(SendVerdict::kRetry, milliseconds{0}, "no usable answer from WhatsApp");
}

SendOutcome sent(const json::object* root) {
  SendOutcome outcome = verdict(SendVerdict::kSent, milliseconds{0}, "sent");
  const json::array* messages = root == nullptr ? nullptr : array_at(*root, "messages");
  if (messages == nullptr || messages->empty()) return outcome;
  const json::object* first = messages->front().if_object();
  const auto id = first == nullptr ? std::nullopt : text_at(*first, "id");
  if (id && is_id(*id)) outcome.message_id = SecretText(*id);
  return outcome;
}

}  // namespace

StaticText reason_of_code(std::uint64_t code) {
  const Rule* rule = rule_of(code);
  return rule == nullptr ? StaticText("a message failed") : rule->reason;
}

SendOutcome WhatsApp::judge(const CallAnswer& answer) const {
  return outcome_of(answer);
}

SendOutcome outcome_of(const CallAnswer& answer) {
  if (answer.status == 0) return verdict(SendVerdict::kRetry, milliseconds{0}, "no answer");
  const auto document = JsonDocument::parse(answer.body.view());
  const json::object* root = document.ok() ? document->root().if_object() : nullptr;
  const json::object* error = root == nullptr ? nullptr : object_at(*root, "error");
  const auto code = error == nullptr ? std::nullopt : integer_at(*error, "code");
  if (code) {
    if (const Rule* rule = rule_of(*code)) {
      SendOutcome known = verdict(rule->verdict, rule->wait, rule->reason);
      known.mendable = *code == kSpamLimit;  // the number's quality is low: Meta says why
      return known;
    }
  }
  if (error == nullptr && answer.status >= 200 && answer.status < 300) return sent(root);
  return by_status(answer.status);
}

}  // namespace resguardo::gateway::whatsapp
