// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <mutex>
#include <utility>

namespace resguardo::intake {

// An answer that leaves when it is due, and not when it is ready: how long it took to work out is
// not to be seen. Where it is ready too late it leaves at the next time that is due. Thread-safe.
class HeldAnswer {
 public:
  // It is ready: runs when it is due. Once.
  void ready(std::function<void()> leave) {
    const std::lock_guard lock(mutex_);
    leave_ = std::move(leave);
  }
  // The time has come. True: it has left, and nothing more is due.
  bool due() {
    std::function<void()> leave;
    {
      const std::lock_guard lock(mutex_);
      leave = std::exchange(leave_, nullptr);
    }
    if (!leave) return false;
    leave();
    return true;
  }

 private:
  std::mutex mutex_;
  std::function<void()> leave_;
};

}  // namespace resguardo::intake
