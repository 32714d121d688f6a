// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/receipt_mint.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace resguardo::intake {
namespace {

Result<ReadyReceipt> make_one(const SecretBytes& salt) {
  RESGUARDO_TRY(auto digits, make_receipt());
  RESGUARDO_TRY(auto keys, derive_receipt_keys(digits.reveal(), salt));
  return ReadyReceipt{std::move(digits), std::move(keys)};
}

}  // namespace

struct ReceiptMint::Shared {
  explicit Shared(SecretBytes secret) : salt(std::move(secret)) {}
  SecretBytes salt;  // read by the worker alone: one Argon2id at a time, 16 MiB and not more
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<ReadyReceipt> ready;
  std::deque<Done> waiting;
  struct Return {
    SecretText digits;
    Opened done;
  };
  std::deque<Return> returns;
  std::size_t stock = 0;
  bool stopping = false;
  std::thread thread;

  std::optional<ReadyReceipt> pop_ready() {
    if (ready.empty()) return std::nullopt;
    std::optional<ReadyReceipt> receipt(std::move(ready.front()));
    ready.pop_front();
    return receipt;
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      if (waiting.empty() && !returns.empty()) {
        open_next(lock);
        continue;
      }
      if (waiting.empty() && ready.size() >= stock) {
        changed.wait(lock);
        continue;
      }
      auto lies_ready = waiting.empty() ? std::nullopt : pop_ready();
      lock.unlock();
      auto made = lies_ready ? Result<ReadyReceipt>(std::move(*lies_ready)) : make_one(salt);
      lock.lock();
      give(std::move(made), lock);
    }
  }

  void open_next(std::unique_lock<std::mutex>& lock) {
    const Return next = std::move(returns.front());
    returns.pop_front();
    lock.unlock();
    next.done(open_receipt(next.digits, salt));
    lock.lock();
  }

  // To who waits longest, and else to the stock.
  void give(Result<ReadyReceipt> made, std::unique_lock<std::mutex>& lock) {
    if (!waiting.empty()) {
      const Done done = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      done(std::move(made));
      lock.lock();
    } else if (made.ok()) {
      ready.push_back(std::move(made).value());
    } else {
      changed.wait(lock);  // no memory: tried again when one is needed
    }
  }
};

ReceiptMint::ReceiptMint(SecretBytes salt, std::size_t stock)
    : shared_(std::make_unique<Shared>(std::move(salt))) {
  shared_->stock = stock;
  shared_->thread = std::thread([this] { shared_->run(); });
}

ReceiptMint::~ReceiptMint() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->changed.notify_all();
  shared_->thread.join();
  for (const Done& done : shared_->waiting)
    done(Error{Fault::kUnavailable, "the server is stopping"});
  for (const auto& one : shared_->returns)
    one.done(Error{Fault::kUnavailable, "the server is stopping"});
}

std::optional<ReadyReceipt> ReceiptMint::take() {
  std::optional<ReadyReceipt> receipt;
  {
    const std::lock_guard lock(shared_->mutex);
    receipt = shared_->pop_ready();
  }
  shared_->changed.notify_all();
  return receipt;
}

bool ReceiptMint::look_up(SecretText digits, Opened done) {
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->returns.size() >= kMostWaiting) return false;
    shared_->returns.push_back({std::move(digits), std::move(done)});
  }
  shared_->changed.notify_all();
  return true;
}

void ReceiptMint::make(Done done) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->waiting.push_back(std::move(done));
  }
  shared_->changed.notify_all();
}

}  // namespace resguardo::intake
