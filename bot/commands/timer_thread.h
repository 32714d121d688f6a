// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace resguardo::commands {

// Runs work after a while, on a thread of its own: it must be short. The destructor runs what is
// left at once, and joins.
class TimerThread {
 public:
  TimerThread() : thread_([this] { run(); }) {}
  TimerThread(const TimerThread&) = delete;
  TimerThread& operator=(const TimerThread&) = delete;
  ~TimerThread() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void after(std::chrono::milliseconds wait, std::function<void()> work) {
    const std::lock_guard lock(mutex_);  // until the end: the work may end whoever owns this
    due_.emplace(Time::now() + wait, std::move(work));
    changed_.notify_all();
  }

 private:
  using Time = std::chrono::steady_clock;

  void run() {
    std::unique_lock lock(mutex_);
    while (!stopping_ || !due_.empty()) {
      if (due_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const auto first = due_.begin();
      if (!stopping_ && Time::now() < first->first) {
        const auto until = first->first;
        changed_.wait_until(lock, until);
        continue;
      }
      auto work = std::move(first->second);
      due_.erase(first);
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Time::time_point, std::function<void()>> due_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace resguardo::commands
