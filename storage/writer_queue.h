// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
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
  std::chrono::steady_clock::time_point until{};  // its patience ends; the queue sets it
};

struct QueueLimits {
  std::size_t common = 4096;   // turns that are queued
  std::size_t reserve = 512;   // more of them, with patience (Turn::patience)
  std::size_t waiting = 1024;  // turns with patience that wait for room, or to be tried again
  std::size_t batch = 256;     // turns that are handed over together
};

// One writer thread and what waits for it. Turns that have queued up are handed over together,
// so that they can share a transaction and an fsync; batches form by themselves under load.
// Order is kept: a task runs after the turns queued before it and before those queued after. Turns
// with patience that found no room, or that failed for a while, are queued again later.
//
// Thread-safe; nobody waits in push(). The destructor finishes what is queued, then stops.
class WriterQueue {
 public:
  struct Worker {
    // Completes every job, once: complete().
    std::function<void(std::span<TurnJob>)> turns;
    std::function<void()> idle;  // the queue has just run empty
  };
  WriterQueue(const QueueLimits& limits, Worker worker);
  WriterQueue(const WriterQueue&) = delete;
  WriterQueue& operator=(const WriterQueue&) = delete;
  ~WriterQueue();

  // A full or stopped queue completes the job here and now with kUnavailable, unless it has
  // patience and there is room to wait.
  void push(TurnJob job);
  // On the writer thread. A job with patience that is kUnavailable is tried again until its
  // patience ends; the others are told their result.
  void complete(TurnJob& job, const Result<Recorded>& result);
  // Runs `task` on the writer thread and waits; on the writer thread itself, at once.
  Status run(const std::function<Status()>& task);
  bool on_writer_thread() const;
  bool is_full() const;  // for turns without patience
  // No new work; finishes what is queued and ends the thread. Idempotent.
  void stop();

 private:
  using Task = std::function<void()>;
  using Job = std::variant<TurnJob, Task>;
  using Time = std::chrono::steady_clock::time_point;
  struct Waiting {
    TurnJob job;
    Time not_before;
  };
  void work();
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void hand_over(std::unique_lock<std::mutex>& lock);
  std::vector<TurnJob> take_turns();
  std::vector<TurnJob> let_in(Time now);

  const QueueLimits limits_;
  const Worker worker_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Job> jobs_;
  std::deque<Waiting> waiting_;
  bool stopping_ = false;
  std::thread::id writer_;
  std::thread thread_;  // last: the others exist when it starts
};

}  // namespace resguardo::storage
