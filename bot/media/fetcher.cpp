// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/fetcher.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "bot/media/http_caller.h"

namespace resguardo::media {
namespace {

class ThreadedFetcher final : public Fetcher {
 public:
  ThreadedFetcher(FetchParts parts, std::function<bool()> takes)
      : clock_(parts.clock), takes_(std::move(takes)), fetching_(std::move(parts)) {}
  ThreadedFetcher(const ThreadedFetcher&) = delete;
  ThreadedFetcher& operator=(const ThreadedFetcher&) = delete;
  ~ThreadedFetcher() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (auto& one : workers_) one.caller->stop();
    for (auto& one : workers_)
      if (one.thread.joinable()) one.thread.join();
  }

  Status begin(const std::vector<Messenger>& messengers) {
    for (std::size_t messenger = 0; messenger < messengers.size(); ++messenger)
      for (std::size_t i = 0; i < kFilesAtOnce; ++i) {
        RESGUARDO_TRY(auto caller, HttpCaller::create(messengers[messenger].ca_file));
        workers_.push_back({messenger, i == 0, std::move(caller), {}});
      }
    for (Worker& one : workers_) one.thread = std::thread([this, &one] { run(one); });
    return success();
  }

  void add(storage::PendingMedia row) override {
    fetching_.add(row);
    wake();
  }
  void discard(StaticText messenger, std::string reference) override {
    fetching_.discard(messenger, std::move(reference));
    wake();
  }
  FetchHealth health() const override { return fetching_.health(); }

 private:
  struct Worker {
    std::size_t messenger = 0;
    bool tidies = false;
    std::unique_ptr<HttpCaller> caller;
    std::thread thread;
  };

  // Without the lock nobody who is about to wait would hear it.
  void wake() {
    {
      const std::lock_guard lock(mutex_);
      ++woken_;
    }
    changed_.notify_all();
  }

  void run(Worker& worker) {
    auto next_tidy = TimePoint();
    for (;;) {
      std::uint64_t before = 0;
      {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        before = woken_;
      }
      if (worker.tidies && clock_.now() >= next_tidy) {
        fetching_.tidy(worker.messenger, *worker.caller, takes_());
        next_tidy = clock_.now() + kBetweenSweeps;
        wake();
      } else if (!fetching_.work(worker.messenger, *worker.caller)) {
        rest(worker.messenger, before);
      }
    }
  }

  // At most a second: the clock may have been set.
  void rest(std::size_t messenger, std::uint64_t before) {
    auto wait = std::chrono::milliseconds(1000);
    if (const auto due = fetching_.next_due(messenger))
      wait = std::clamp(*due - clock_.now(), std::chrono::milliseconds(10), wait);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [&] { return stopping_ || woken_ != before; });
  }

  const Clock& clock_;
  std::function<bool()> takes_;
  Fetching fetching_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::uint64_t woken_ = 0;
  std::vector<Worker> workers_;  // never moved once they run
};

}  // namespace

Result<std::unique_ptr<Fetcher>> Fetcher::start(FetchParts parts, std::function<bool()> takes) {
  const auto messengers = parts.messengers;
  auto fetcher = std::make_unique<ThreadedFetcher>(std::move(parts), std::move(takes));
  RESGUARDO_CHECK(fetcher->begin(messengers));
  return std::unique_ptr<Fetcher>(std::move(fetcher));
}

}  // namespace resguardo::media
