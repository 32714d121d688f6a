// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/receipt_mint.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

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
  SecretBytes salt;   // read only under `making`
  std::mutex making;  // one Argon2id at a time: 16 MiB, not more
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<ReadyReceipt> ready;
  std::size_t stock = 0;
  bool stopping = false;
  std::thread thread;

  Result<ReadyReceipt> make() {
    const std::lock_guard lock(making);
    return make_one(salt);
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      if (ready.size() >= stock) {
        changed.wait(lock);
        continue;
      }
      lock.unlock();
      auto made = make();
      lock.lock();
      if (!made.ok()) {  // no memory: take() tries again when one is needed
        changed.wait(lock);
        continue;
      }
      ready.push_back(std::move(made).value());
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
}

Result<ReadyReceipt> ReceiptMint::take() {
  {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->ready.empty()) {
      ReadyReceipt receipt = std::move(shared_->ready.front());
      shared_->ready.pop_front();
      shared_->changed.notify_all();
      return receipt;
    }
  }
  return shared_->make();
}

}  // namespace resguardo::intake
