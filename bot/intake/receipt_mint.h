// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "bot/intake/report_sealer.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/session/receipt.h"

namespace resguardo::intake {

// Receipts made ahead, and those that people come back with, by one worker, because each costs
// about 40 ms and 16 MiB (Argon2id). Where they have run out one is made on that worker too, and
// nobody's thread waits: docs/adr/144. Thread-safe.
class ReceiptMint {
 public:
  // `salt`: derive_from_master(…, kReceipt, …). `stock`: how many lie ready.
  ReceiptMint(SecretBytes salt, std::size_t stock);
  ~ReceiptMint();  // who still waits is told kUnavailable
  ReceiptMint(const ReceiptMint&) = delete;
  ReceiptMint& operator=(const ReceiptMint&) = delete;

  std::optional<ReadyReceipt> take();  // one that lies ready, at once
  // Calls `done` once, on the worker: for those who wait before any is made ahead, in their order.
  // It must not wait for anything.
  using Done = std::function<void(Result<ReadyReceipt>)>;
  void make(Done done);

  static constexpr std::size_t kMostWaiting = 64;
  // What a receipt that somebody came back with gives: calls `done` once, on the worker, after
  // those whose reports end now and before any is made ahead. It must not wait for anything. False:
  // so many wait that this one is refused, and `done` is not called.
  using Opened = std::function<void(Result<ReceiptSecrets>)>;
  bool look_up(SecretText digits, Opened done);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace resguardo::intake
