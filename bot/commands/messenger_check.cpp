// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/messenger_check.h"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "bot/commands/addresses.h"
#include "bot/commands/messenger_ports.h"
#include "bot/http/client.h"

namespace resguardo::commands {
namespace {

constexpr std::string_view kPlain = "http://";
constexpr std::chrono::milliseconds kPatience{5000};

// One that was asked. The client goes first: no answer comes after it.
struct Asked {
  const ConfiguredGateway* one = nullptr;
  std::shared_ptr<std::promise<gateway::CallAnswer>> told;
  std::unique_ptr<http::Client> client;
};

std::optional<Asked> ask(const ConfiguredGateway& one) {
  auto call = one.gateway->probe();
  if (!call || !http::check_base(one.api_base).ok()) return std::nullopt;
  http::ClientConfig settings;
  settings.ca_file = one.ca_file;
  auto client = http::Client::create(settings);
  if (!client.ok()) return std::nullopt;  // `serve` says why: it needs the same
  Asked asked{&one, std::make_shared<std::promise<gateway::CallAnswer>>(), std::move(*client)};
  http::ClientRequest request = request_of(std::move(*call), one.api_base);
  request.timeout = kPatience;
  asked.client->send(std::move(request), [told = asked.told](http::ClientAnswer answer) {
    told->set_value({answer.status, std::move(answer.body)});
  });
  return asked;
}

std::string where_of(const ConfiguredGateway& one) {
  return "[" + std::string(one.gateway->name().view()) + "] api_base";
}

void judge(const Asked& asked, MessengerFindings& findings) {
  const gateway::CallAnswer answer = asked.told->get_future().get();
  const auto finding = asked.one->gateway->judge_probe(answer);
  if (!finding) return;
  auto& list = finding->stops ? findings.problems : findings.warnings;
  list.push_back({where_of(*asked.one), finding->what.c_str(), finding->mend.c_str()});
}

}  // namespace

bool goes_in_the_clear(std::string_view api_base) {
  if (!api_base.starts_with(kPlain)) return false;
  const std::string_view rest = api_base.substr(kPlain.size());
  std::string host(rest.substr(0, rest.find('/')));
  if (host == "localhost" || host.starts_with("localhost:")) return false;
  const auto colon = host.rfind(':');
  if (colon == std::string::npos || host.ends_with(']')) host += ":80";
  return !stays_on_this_machine(host);
}

MessengerFindings ask_messengers(const std::vector<ConfiguredGateway>& gateways) {
  MessengerFindings findings;
  std::vector<Asked> asked;
  for (const ConfiguredGateway& one : gateways) {
    if (goes_in_the_clear(one.api_base))
      findings.warnings.push_back({where_of(one), "is reached in the clear",
                                   "use https://, or keep it on this machine or on a network that "
                                   "nobody else is on"});
    if (auto sent = ask(one)) asked.push_back(std::move(*sent));
  }
  for (const Asked& each : asked) judge(each, findings);
  return findings;
}

}  // namespace resguardo::commands
