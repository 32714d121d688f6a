// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/writer_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

namespace resguardo::storage {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kNone{0};
constexpr milliseconds kLong{60'000};
constexpr Error kDiskFull = {Fault::kUnavailable, "the disk is full"};

// A writer that stops at a gate while it is shut, and fails as often as the test wants.
class WriterQueueTest : public testing::Test {
 protected:
  void make(const QueueLimits& limits) {
    queue_ = std::make_unique<WriterQueue>(
        limits, WriterQueue::Worker{[this](std::span<TurnJob> jobs) { work(jobs); }, [] {}});
  }
  void work(std::span<TurnJob> jobs) {
    {
      std::unique_lock lock(mutex_);
      busy_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
      busy_ = false;
    }
    for (TurnJob& job : jobs)
      queue_->complete(
          job, failures_-- > 0 ? Result<Recorded>(kDiskFull) : Result<Recorded>(Recorded{}));
  }
  void occupy() {  // the writer has a turn, and keeps it
    std::unique_lock lock(mutex_);
    open_ = false;
    lock.unlock();
    push(0, kNone);
    lock.lock();
    changed_.wait(lock, [this] { return busy_; });
  }
  void release() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void push(int name, milliseconds patience) {
    TurnJob job;
    job.turn.patience = patience;
    job.done = [this, name](const Result<Recorded>& result) {
      const std::lock_guard lock(mutex_);
      told_[name] += result.ok() ? "recorded" : "unavailable";
      changed_.notify_all();
    };
    queue_->push(std::move(job));
  }
  std::string told(int name) {
    const std::lock_guard lock(mutex_);
    return told_[name];
  }
  std::string told_at_last(int name) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return !told_[name].empty(); });
    return told_[name];
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  bool busy_ = false;
  std::atomic<int> failures_ = 0;
  std::map<int, std::string> told_;
  std::unique_ptr<WriterQueue> queue_;  // first to go: its thread uses the others
};

TEST_F(WriterQueueTest, TheReserveIsForThoseWithPatience) {
  make({.common = 2, .reserve = 2, .waiting = 0, .batch = 16});
  occupy();
  for (int name = 1; name <= 3; ++name) push(name, kNone);
  EXPECT_EQ(told(3), "unavailable") << "at once";
  EXPECT_TRUE(queue_->is_full());
  for (int name = 4; name <= 6; ++name) push(name, kLong);
  EXPECT_EQ(told(6), "unavailable") << "the reserve is full too, and nobody may wait";
  release();
  for (const int name : {0, 1, 2, 4, 5}) EXPECT_EQ(told_at_last(name), "recorded") << name;
}

TEST_F(WriterQueueTest, WhoHasPatienceWaitsForRoom) {
  make({.common = 1, .reserve = 0, .waiting = 2, .batch = 1});
  occupy();
  push(1, kNone);
  for (int name = 2; name <= 4; ++name) push(name, kLong);
  EXPECT_EQ(told(4), "unavailable") << "more than may wait";
  EXPECT_EQ(told(2), "");
  release();
  for (const int name : {0, 1, 2, 3}) EXPECT_EQ(told_at_last(name), "recorded") << name;
  EXPECT_FALSE(queue_->is_full());
}

TEST_F(WriterQueueTest, PatienceEnds) {
  make({.common = 1, .reserve = 0, .waiting = 8, .batch = 1});
  occupy();
  push(1, kNone);
  push(2, milliseconds(1));
  push(3, kLong);
  const auto end = std::chrono::steady_clock::now() + milliseconds(2);
  while (std::chrono::steady_clock::now() < end) {
  }
  release();
  EXPECT_EQ(told_at_last(2), "unavailable");
  EXPECT_EQ(told_at_last(3), "recorded");
}

TEST_F(WriterQueueTest, WhatFailedForAWhileIsTriedAgainWithPatience) {
  make({});
  failures_ = 3;
  push(1, kLong);
  EXPECT_EQ(told_at_last(1), "recorded");
  EXPECT_LT(failures_, 0);
  failures_ = 1;
  push(2, kNone);
  EXPECT_EQ(told_at_last(2), "unavailable");
  failures_ = 1000;
  push(3, milliseconds(300));
  EXPECT_EQ(told_at_last(3), "unavailable");
}

TEST_F(WriterQueueTest, AtTheEndEverythingIsToldOnce) {
  make({.common = 4, .reserve = 2, .waiting = 16, .batch = 2});
  occupy();
  for (int name = 1; name <= 30; ++name) push(name, name % 2 == 0 ? kLong : kNone);
  failures_ = 10;
  release();
  queue_->stop();
  for (int name = 0; name <= 30; ++name)
    EXPECT_TRUE(told(name) == "recorded" || told(name) == "unavailable") << told(name);
  push(31, kLong);
  EXPECT_EQ(told(31), "unavailable") << "stopped";
}

}  // namespace
}  // namespace resguardo::storage
