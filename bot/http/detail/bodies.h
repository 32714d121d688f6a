// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace resguardo::http {

// How much memory the bodies of a listener take while nobody knows whether they are authentic. A
// small one always fits: who fills the room with large ones keeps no message out. Thread-safe.
class Bodies {
 public:
  Bodies(std::size_t most, std::size_t free) : most_(most), free_(free) {}

  // What one body takes of it, until the share goes. For one thread.
  class Share {
   public:
    explicit Share(Bodies& bodies) : bodies_(bodies) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { release(); }
    void release() { bodies_.used_ -= std::exchange(held_, 0); }

    bool grow_to(std::size_t size) {  // false: there is no room
      const std::size_t wanted = size > bodies_.free_ ? size - bodies_.free_ : 0;
      if (wanted <= held_) return true;
      const std::size_t more = wanted - held_;
      if (bodies_.used_.fetch_add(more) + more > bodies_.most_) {
        bodies_.used_ -= more;
        return false;
      }
      held_ = wanted;
      return true;
    }

   private:
    Bodies& bodies_;
    std::size_t held_ = 0;
  };

 private:
  const std::size_t most_;
  const std::size_t free_;
  std::atomic<std::size_t> used_{0};
};

}  // namespace resguardo::http
