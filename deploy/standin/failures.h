// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <mutex>
#include <optional>

namespace resguardo::standin {

// Errors that the next sends are to be answered with. Thread-safe.
class Failures {
 public:
  void add(unsigned code, unsigned times) {
    const std::lock_guard lock(mutex_);
    codes_.insert(codes_.end(), times, code);
  }
  std::optional<unsigned> take() {
    const std::lock_guard lock(mutex_);
    if (codes_.empty()) return std::nullopt;
    const unsigned code = codes_.front();
    codes_.pop_front();
    return code;
  }

 private:
  std::mutex mutex_;
  std::deque<unsigned> codes_;
};

}  // namespace resguardo::standin
