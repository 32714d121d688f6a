// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"

namespace resguardo::http {

struct Header {
  std::string name;  // lower-case in requests that came in
  std::string value;
};

struct Request {
  std::string method;
  std::string target;
  std::vector<Header> headers;
  SecretBuffer body;
};

struct Response {
  unsigned status = 200;
  std::string content_type;  // empty: none
  std::string body;          // public: health, metrics, a challenge; never testimony
};

// Called at most once, from any thread; the connection's own thread writes the answer.
using Respond = std::function<void(Response)>;

// Decides on a request before its body is read: 404 and 413 cost nothing.
struct Route {
  std::size_t body_limit = 0;
  std::function<void(Request, Respond)> handle;
};
// nullptr: 404. Called with method and target only, on an I/O thread; must not block.
using FindRoute = std::function<const Route*(std::string_view method, std::string_view target)>;

}  // namespace resguardo::http
