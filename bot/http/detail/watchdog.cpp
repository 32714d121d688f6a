// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/watchdog.h"

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <utility>

namespace resguardo::http {

struct Watchdog::State {
  explicit State(const boost::asio::any_io_executor& executor) : timer(executor) {}
  boost::asio::steady_timer timer;
  std::uint64_t round = 0;  // a handler of an older round is too late to act
  bool barked = false;
};

Watchdog::Watchdog(const boost::asio::any_io_executor& executor)
    : state_(std::make_shared<State>(executor)) {}

Watchdog::~Watchdog() {
  rest();
}

void Watchdog::watch(std::chrono::steady_clock::duration time, std::function<void()> action) {
  const std::uint64_t round = ++state_->round;
  state_->barked = false;
  state_->timer.expires_after(time);
  state_->timer.async_wait(
      [state = state_, round, action = std::move(action)](const boost::system::error_code& error) {
        if (error || state->round != round) return;
        state->barked = true;
        action();
      });
}

void Watchdog::rest() {
  ++state_->round;
  state_->timer.cancel();
}

bool Watchdog::barked() const noexcept {
  return state_->barked;
}

}  // namespace resguardo::http
