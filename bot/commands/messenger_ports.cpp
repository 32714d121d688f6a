// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/messenger_ports.h"

namespace resguardo::commands {

http::ClientRequest request_of(gateway::OutboundCall call, const std::string& api_base) {
  http::ClientRequest request;
  request.base = api_base;
  request.method = std::move(call.method);
  request.path = std::move(call.path);
  for (auto& header : call.headers)
    request.headers.push_back({std::move(header.name), std::move(header.value)});
  request.body = std::move(call.body);
  return request;
}

void HttpTransport::send(std::size_t gateway, gateway::OutboundCall call,
                         std::function<void(gateway::CallAnswer)> done) {
  const auto& [base, client] = bases_.at(gateway);
  client->send(request_of(std::move(call), base),
               [done = std::move(done)](http::ClientAnswer answer) {
                 done({answer.status, std::move(answer.body)});
               });
}

void OutboxSink::post(const outbox::Person& person, const gateway::Sender& to,
                      const gateway::Reply& reply, outbox::Queue::Settled settled,
                      outbox::SettledWhen when) {
  // Full or unrenderable: the committed state owes the prompt, and the next message gets it.
  const auto told = std::make_shared<outbox::Queue::Settled>(std::move(settled));
  const auto posted = outbox_.post(
      person, to, reply, [told](bool taken, const SecretText& id) { (*told)(taken, id); }, when);
  if (posted.ok()) return;
  ++unposted_;
  (*told)(false, SecretText());
}

}  // namespace resguardo::commands
