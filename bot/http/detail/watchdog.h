// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace resguardo::http {

// Does one thing when a time is up, unless it was told to rest before. For one thread; may be
// destroyed at any moment, and then does nothing.
class Watchdog {
 public:
  explicit Watchdog(const boost::asio::any_io_executor& executor);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Replaces what it watched before and forgets that it barked.
  void watch(std::chrono::steady_clock::duration time, std::function<void()> action);
  void rest();
  bool barked() const noexcept;  // the time of the last watch() was up

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace resguardo::http
