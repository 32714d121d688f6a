// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "bot/http/message.h"

namespace resguardo::standin {

// The other side of one request, and all that can go wrong with it. One thread.
class Caller {
 public:
  virtual ~Caller() = default;
  // The whole answer; or its head and so many bytes of its body, and then the connection ends.
  virtual void answer(const http::Response& response,
                      std::size_t cut_after = std::string::npos) = 0;
  virtual void cut() = 0;  // the connection ends without an answer
  // An answer without an end: chunks. False: the caller has gone.
  virtual bool begin_stream(const std::string& content_type) = 0;
  virtual bool send_piece(std::string_view piece) = 0;
  virtual bool gone() = 0;
};

// An HTTP server of a thread for each connection, which may break its promises as real services do:
// bot/http's cannot, so the bot is not tested against itself.
class Listener {
 public:
  using Handler = std::function<void(http::Request, Caller&)>;
  // `address` is HOST:PORT; port 0 picks a free one.
  static Result<std::unique_ptr<Listener>> start(const std::string& address, Handler handler);
  // Ends every connection at once. A handler that waits must notice: stopping() or gone().
  virtual ~Listener() = default;
  virtual std::uint16_t port() const = 0;
};

}  // namespace resguardo::standin
