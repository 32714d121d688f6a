// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/writer_queue.h"

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

namespace resguardo::storage {
namespace {

constexpr Error kFull = {Fault::kUnavailable, "the store's queue is full or closed"};
// Before a turn that failed is tried again: a full disk or a busy file does not change at once.
constexpr std::chrono::milliseconds kPause{200};

std::chrono::steady_clock::time_point clock_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

WriterQueue::WriterQueue(const QueueLimits& limits, Worker worker)
    : limits_(limits), worker_(std::move(worker)), thread_([this] { work(); }) {}

WriterQueue::~WriterQueue() {
  stop();
}

void WriterQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void WriterQueue::push(TurnJob job) {
  const bool patient = job.turn.patience.count() > 0;
  const auto now = clock_now();
  job.until = now + job.turn.patience;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && jobs_.size() < limits_.common + (patient ? limits_.reserve : 0)) {
      jobs_.emplace_back(std::move(job));
      filled_.notify_one();
      return;
    }
    if (!stopping_ && patient && waiting_.size() < limits_.waiting) {
      waiting_.push_back({std::move(job), now});
      return;
    }
  }
  job.done(kFull);
}

void WriterQueue::complete(TurnJob& job, const Result<Recorded>& result) {
  const bool may_pass = !result.ok() && result.error().fault == Fault::kUnavailable;
  if (may_pass && job.turn.patience.count() > 0) {
    const auto again = clock_now() + kPause;
    const std::lock_guard lock(mutex_);
    if (!stopping_ && again < job.until && waiting_.size() < limits_.waiting) {
      waiting_.push_back({std::move(job), again});
      return;
    }
  }
  job.done(result);
}

Status WriterQueue::run(const std::function<Status()>& task) {
  if (on_writer_thread()) return task();
  const auto promise = std::make_shared<std::promise<Status>>();
  auto finished = promise->get_future();
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error{Fault::kUnavailable, "the store is closed"};
    jobs_.emplace_back(Task([promise, &task] { promise->set_value(task()); }));
    filled_.notify_one();
  }
  return finished.get();
}

bool WriterQueue::on_writer_thread() const {
  const std::lock_guard lock(mutex_);
  return std::this_thread::get_id() == writer_;
}

bool WriterQueue::is_full() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size() >= limits_.common;
}

std::vector<TurnJob> WriterQueue::take_turns() {
  std::vector<TurnJob> batch;
  while (!jobs_.empty() && batch.size() < limits_.batch) {
    auto* turn = std::get_if<TurnJob>(&jobs_.front());
    if (turn == nullptr) break;
    batch.push_back(std::move(*turn));
    jobs_.pop_front();
  }
  return batch;
}

// Those that have waited go in as far as there is room; the ones whose patience has ended come out.
std::vector<TurnJob> WriterQueue::let_in(Time now) {
  std::vector<TurnJob> late;
  std::deque<Waiting> still;
  for (Waiting& one : waiting_) {
    const bool room = jobs_.size() < limits_.common + limits_.reserve;
    if (stopping_ || (room && one.not_before <= now)) {
      jobs_.emplace_back(std::move(one.job));
    } else if (one.job.until <= now) {
      late.push_back(std::move(one.job));
    } else {
      still.push_back(std::move(one));
    }
  }
  waiting_ = std::move(still);
  return late;
}

void WriterQueue::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto there_is = [this] { return stopping_ || !jobs_.empty(); };
  if (waiting_.empty()) return filled_.wait(lock, there_is);
  const auto next = std::ranges::min_element(waiting_, {}, &Waiting::not_before)->not_before;
  filled_.wait_until(lock, next, there_is);
}

void WriterQueue::hand_over(std::unique_lock<std::mutex>& lock) {
  auto batch = take_turns();
  Task task;
  if (batch.empty()) {
    task = std::get<Task>(std::move(jobs_.front()));
    jobs_.pop_front();
  }
  lock.unlock();
  if (task) {
    task();
  } else {
    worker_.turns(batch);
  }
  lock.lock();
  if (!jobs_.empty()) return;
  lock.unlock();
  worker_.idle();
  lock.lock();
}

void WriterQueue::work() {
  std::unique_lock lock(mutex_);
  writer_ = std::this_thread::get_id();
  for (;;) {
    auto late = let_in(clock_now());
    if (!late.empty()) {
      lock.unlock();
      for (TurnJob& job : late) job.done(kFull);
      late.clear();
      lock.lock();
    } else if (!jobs_.empty()) {
      hand_over(lock);
    } else if (stopping_) {
      return;
    } else {
      wait_for_work(lock);
    }
  }
}

}  // namespace resguardo::storage
