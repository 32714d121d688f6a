// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>

namespace resguardo::commands {
namespace {

TEST(WorkerPoolTest, RunsEverythingThatWasPosted) {
  std::atomic<int> ran{0};
  {
    WorkerPool pool(3);
    for (int i = 0; i < 1000; ++i) pool.post([&] { ++ran; });
  }
  EXPECT_EQ(ran, 1000);
}

// As the server stops: the last turn's end is what the owner waits for, and the thread that posted
// it may not have come back from post() yet. ThreadSanitizer sees it if post() still touches the
// pool then.
TEST(WorkerPoolTest, MayEndAsSoonAsTheLastWorkIsDone) {
  for (int round = 0; round < 200; ++round) {
    auto pool = std::make_unique<WorkerPool>(2);
    std::promise<void> done;
    std::thread poster([&, raw = pool.get()] { raw->post([&] { done.set_value(); }); });
    done.get_future().wait();
    pool.reset();
    poster.join();
  }
}

}  // namespace
}  // namespace resguardo::commands
