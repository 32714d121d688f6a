// SPDX-License-Identifier: AGPL-3.0-or-later
// Whether Meta knows our number, and lets the token speak for it.
#include <boost/json/object.hpp>

#include "bot/gateway/json.h"
#include "bot/gateway/whatsapp/rules.h"
#include "bot/gateway/whatsapp/whatsapp.h"

namespace resguardo::gateway::whatsapp {
namespace json = boost::json;

RawRequest::Header bearer_of(const SharedSecret& access_token) {
  const SecretBuffer token = access_token.copy();
  return {"authorization", "Bearer " + to_string(token.view())};
}

std::optional<OutboundCall> WhatsApp::probe() const {
  OutboundCall call;
  call.method = "GET";
  call.path = "/" + phone_number_id_ + "?fields=id";
  call.headers = {bearer_of(access_token_)};
  return call;
}

namespace {

constexpr ProbeFinding kNoGraph{.what = "what answers there is not WhatsApp's Cloud API",
                                .mend = "correct [whatsapp] api_base"};

}  // namespace

std::optional<ProbeFinding> WhatsApp::judge_probe(const CallAnswer& answer) const {
  const auto document = JsonDocument::parse(answer.body.view());
  const json::object* root = document.ok() ? document->root().if_object() : nullptr;
  const SendOutcome outcome = outcome_of(answer);
  switch (outcome.verdict) {
    case SendVerdict::kSent:
      break;
    case SendVerdict::kStop:
      return ProbeFinding{.stops = true,
                          .what = outcome.reason,
                          .mend = "look at the app and its token in Meta's business settings"};
    case SendVerdict::kDrop:
      if (root == nullptr || object_at(*root, "error") == nullptr) return kNoGraph;
      return ProbeFinding{.stops = true,
                          .what =
                              "Meta does not know [whatsapp] phone_number_id, or the token may "
                              "not use it",
                          .mend = "compare both with the app's page"};
    case SendVerdict::kRetry:
    case SendVerdict::kSlowDown:
      return ProbeFinding{.what = "WhatsApp could not be asked now",
                          .mend = "check that this machine reaches [whatsapp] api_base"};
  }
  const auto id = root == nullptr ? std::nullopt : id_at(*root, "id");
  if (id && id->reveal() == phone_number_id_) return std::nullopt;
  return kNoGraph;
}

}  // namespace resguardo::gateway::whatsapp
