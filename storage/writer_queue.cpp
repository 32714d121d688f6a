// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/writer_queue.h"

#include <future>
#include <memory>
#include <utility>

namespace resguardo::storage {

WriterQueue::WriterQueue(std::size_t limit, std::size_t largest_batch, Worker worker)
    : limit_(limit),
      largest_batch_(largest_batch),
      worker_(std::move(worker)),
      thread_([this] { work(); }) {}

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
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && jobs_.size() < limit_) {
      jobs_.emplace_back(std::move(job));
      filled_.notify_one();
      return;
    }
  }
  job.done(Error{Fault::kUnavailable, "the store's queue is full or closed"});
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

std::vector<TurnJob> WriterQueue::take_turns() {
  std::vector<TurnJob> batch;
  while (!jobs_.empty() && batch.size() < largest_batch_) {
    auto* turn = std::get_if<TurnJob>(&jobs_.front());
    if (turn == nullptr) break;
    batch.push_back(std::move(*turn));
    jobs_.pop_front();
  }
  return batch;
}

void WriterQueue::work() {
  std::unique_lock lock(mutex_);
  writer_ = std::this_thread::get_id();
  for (;;) {
    filled_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;  // stopping, and nothing is left
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
    if (!jobs_.empty()) continue;
    lock.unlock();
    worker_.idle();
    lock.lock();
  }
}

}  // namespace resguardo::storage
