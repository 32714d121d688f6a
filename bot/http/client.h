// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bot/http/message.h"

namespace resguardo::http {

struct ClientRequest {
  std::string base;  // "https://graph.facebook.com/v23.0", "http://127.0.0.1:8082", "unix:/path"
  std::string method;
  std::string path;  // appended to base; starts with /
  std::vector<Header> headers;
  SecretBuffer body;
  std::chrono::milliseconds timeout{20'000};
  std::size_t answer_limit = std::size_t{1024} * 1024;
  // For an answer that is long, or has no end: the body of a 2xx is given here as it arrives, first
  // an empty piece when the head is there, and is not kept; `timeout` then runs until the head, and
  // `silence` for each piece after it. False: no more is wanted. It must not block.
  std::function<bool(ByteView piece)> on_piece;
  std::chrono::milliseconds silence{60'000};
};
struct ClientAnswer {
  unsigned status = 0;  // 0: no answer
  StaticText failure = "";
  SecretBuffer body;
};

struct ClientConfig {
  unsigned threads = 1;
  std::size_t connections_per_host = 8;
  std::string ca_file;  // empty: the system's; TLS 1.2+, names verified always
};

// kMalformed unless a ClientRequest's `base` may say this.
Status check_base(std::string_view base);

// HTTP(S) requests with keep-alive connections. Redirects are not followed. A request on a kept
// connection that the peer had closed is tried once more on a new one, only if nothing was sent.
// Thread-safe.
class Client {
 public:
  static Result<std::unique_ptr<Client>> create(const ClientConfig& config);
  // Cancels what is under way; no callback comes after. Waits for a name that is being resolved,
  // as long as the system's resolver takes. Not from within a callback.
  virtual ~Client() = default;
  // `done` is called once, on a thread of the client, it
  // must not block. Host, Connection, Content-Length and the like are the client's own headers.
  virtual void send(ClientRequest request, std::function<void(ClientAnswer)> done) = 0;
};

}  // namespace resguardo::http
