// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bot/gateway/gateway.h"
#include "bot/http/message.h"
#include "bot/intake/intake.h"
#include "crypto/base/clock.h"

namespace resguardo::commands {

// What came in at the webhooks. None of it tells one person from another.
struct WebhookCounters {
  std::atomic<std::uint64_t> posts{0}, unauthentic{0}, ignored{0}, refused{0}, stale{0};
  std::atomic<std::uint64_t> deferred{0};  // not stored; the messenger delivers them again
  std::atomic<std::uint64_t> lost{0};      // not stored, and it does not
};

// A delivery on its way in: authenticates, hands every event to the intake, and answers when all of
// them are stored, heard, duplicate or refused: 200; 503 if one could not be stored. Replies to a
// single event leave after the answer, because signal-cli-rest-api cannot send while its webhook is
// open (gateways.md §2.2).
class Webhook {
 public:
  // What the messenger tells of messages of ours.
  using Told = std::function<void(const std::vector<gateway::SentStatus>&)>;
  Webhook(const gateway::Gateway& gateway, intake::Intake& intake, const Clock& clock,
          WebhookCounters& counters, Told told = {})
      : gateway_(gateway),
        intake_(intake),
        clock_(clock),
        counters_(counters),
        told_(std::move(told)) {}

  void post(http::Request request, http::Respond respond) const;
  void handshake(http::Request request, const http::Respond& respond) const;

 private:
  void not_stored() const;

  const gateway::Gateway& gateway_;
  intake::Intake& intake_;
  const Clock& clock_;
  WebhookCounters& counters_;
  Told told_;
};

// The route tables of the three listeners (interfaces.md).
struct AdminPages {
  std::function<http::Response()> ready;
  std::function<http::Response()> metrics;
};
http::FindRoute public_routes(const std::shared_ptr<const Webhook>& whatsapp,
                              std::size_t body_limit);
http::FindRoute gateway_routes(const std::shared_ptr<const Webhook>& signal);
http::FindRoute admin_routes(AdminPages pages);

}  // namespace resguardo::commands
