// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/posts.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <utility>

#include "crypto/base/hash.h"

namespace resguardo::bench {
namespace {

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text));
}

void append(std::string& to, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) to.append(part);
}

}  // namespace

Posts::Posts(Credentials credentials, std::uint64_t run)
    : credentials_(std::move(credentials)),
      run_(run),
      basic_(to_base64(as_bytes("bot:" + credentials_.webhook_token))) {}

const std::string& Posts::make(gateway::Channel channel, std::uint64_t person, std::size_t number,
                               const Move& move, std::int64_t now_ms) {
  body_.clear();
  post_.clear();
  if (channel == gateway::Channel::kWhatsApp) {
    whatsapp(person, number, move, now_ms);
    const std::string mac =
        to_hex(hmac_sha256(as_bytes(credentials_.app_secret), as_bytes(body_)).view());
    append(post_, {"POST /webhooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
                   "User-Agent: facebookexternalua\r\nContent-Type: application/json\r\n"
                   "X-Hub-Signature-256: sha256=",
                   mac});
  } else {
    signal(person, number, move, now_ms);
    append(post_, {"POST /webhooks/signal/", credentials_.webhook_token,
                   " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Go-http-client/1.1\r\n"
                   "Content-Type: application/json\r\nAuthorization: Basic ",
                   basic_});
  }
  append(post_, {"\r\nContent-Length: ", std::to_string(body_.size()), "\r\n\r\n", body_});
  return post_;
}

void Posts::whatsapp(std::uint64_t person, std::size_t number, const Move& move,
                     std::int64_t now_ms) {
  const std::string address = address_of(gateway::Channel::kWhatsApp, person);
  append(body_, {R"({"object":"whatsapp_business_account","entry":[{"id":"900100200300400",)"
                 R"("changes":[{"value":{"messaging_product":"whatsapp","metadata":{)"
                 R"("display_phone_number":"15550100000","phone_number_id":"700800900100200"},)"
                 R"("contacts":[{"profile":{"name":"A. B."},"wa_id":")",
                 address, R"("}],"messages":[{"from":")", address, R"(","id":"wamid.)",
                 std::to_string(run_), ".", std::to_string(person), ".", std::to_string(number),
                 R"(","timestamp":")", std::to_string(now_ms / 1000), "\","});
  if (!move.tap) {
    append(body_, {R"("text":{"body":)", quoted(move.text), R"(},"type":"text"})"});
  } else {
    const std::string_view kind = move.list ? "list_reply" : "button_reply";
    append(body_, {R"("context":{"from":"15550100000","id":"wamid.SENT"},"type":"interactive",)"
                   R"("interactive":{"type":")",
                   kind, R"(",")", kind, R"(":{"id":)", quoted(move.id), R"(,"title":)",
                   quoted(move.text), "}}}"});
  }
  append(body_, {R"(]},"field":"messages"}]}]})"});
}

void Posts::signal(std::uint64_t person, std::size_t number, const Move& move,
                   std::int64_t now_ms) {
  const std::string address = address_of(gateway::Channel::kSignal, person);
  // A person's clock: never the same twice, and the same for a repeat.
  const std::string sent = std::to_string(run_ * 1000 + number);
  const std::string now = std::to_string(now_ms);
  append(body_, {R"({"jsonrpc":"2.0","method":"receive","params":{"envelope":{"source":")", address,
                 R"(","sourceNumber":null,"sourceUuid":")", address,
                 R"(","sourceName":"A.","sourceDevice":1,"timestamp":)", sent,
                 R"(,"serverReceivedTimestamp":)", now, R"(,"serverDeliveredTimestamp":)", now,
                 R"(,"dataMessage":{"timestamp":)", sent, R"(,"message":)", quoted(move.text),
                 R"(,"expiresInSeconds":86400,"isExpirationUpdate":false,"viewOnce":false}},)"
                 R"("account":"+15550100000"}})",
                 "\n"});
}

}  // namespace resguardo::bench
