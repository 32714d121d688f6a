// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

#include "bot/http/detail/base_url.h"
#include "bot/http/detail/stream.h"

namespace resguardo::http {

// How a coroutine on one thread is told to give up: stop() calls what is under way to end it, and
// whoever waits looks at stopped() afterwards.
class StopSignal {
 public:
  bool stopped() const noexcept { return stopped_; }
  void stop() {
    stopped_ = true;
    if (action_) action_();
  }
  void on_stop(std::function<void()> action) {
    action_ = std::move(action);
    if (stopped_ && action_) action_();
  }

 private:
  bool stopped_ = false;
  std::function<void()> action_;
};

struct Connected {
  std::unique_ptr<Stream> stream;  // nullptr: `failure` says why
  StaticText failure = "";
};

// Resolves, connects to one address after the other, and shakes hands. `stop` outlives the call;
// its action is left set to something harmless.
asio::awaitable<Connected> connect(const BaseUrl& base, const TlsContext& tls, StopSignal& stop);

}  // namespace resguardo::http
