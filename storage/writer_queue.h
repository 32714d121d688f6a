// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <variant>
#include <vector>

#include "storage/store.h"

namespace resguardo::storage {

struct TurnJob {
  Turn turn;
  Store::Completion done;
};

// One writer thread and what waits for it. Turns that have queued up are handed over together,
// so that they can share a transaction and an fsync; batches form by themselves under load.
// Order is kept: a task runs after the turns queued before it and before those queued after.
//
// Thread-safe. The destructor finishes what is queued, then stops.
class WriterQueue {
 public:
  struct Worker {
    std::function<void(std::span<TurnJob>)> turns;  // calls every job's completion, once
    std::function<void()> idle;                     // the queue has just run empty
  };
  WriterQueue(std::size_t limit, std::size_t largest_batch, Worker worker);
  WriterQueue(const WriterQueue&) = delete;
  WriterQueue& operator=(const WriterQueue&) = delete;
  ~WriterQueue();

  // A full or stopped queue completes the job here and now with kUnavailable.
  void push(TurnJob job);
  // Runs `task` on the writer thread and waits; on the writer thread itself, at once.
  Status run(const std::function<Status()>& task);
  bool on_writer_thread() const;
  // No new work; finishes what is queued and ends the thread. Idempotent.
  void stop();

 private:
  using Task = std::function<void()>;
  using Job = std::variant<TurnJob, Task>;
  void work();
  std::vector<TurnJob> take_turns();

  const std::size_t limit_;
  const std::size_t largest_batch_;
  const Worker worker_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread::id writer_;
  std::thread thread_;  // last: the others exist when it starts
};

}  // namespace resguardo::storage
