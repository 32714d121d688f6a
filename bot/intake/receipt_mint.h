// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "bot/intake/report_sealer.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::intake {

// Receipts made ahead by one worker, because each costs about 40 ms and 16 MiB (Argon2id): a turn
// never waits for one unless they have run out. Thread-safe.
class ReceiptMint {
 public:
  // `salt`: derive_from_master(…, kReceipt, …). `stock`: how many lie ready.
  ReceiptMint(SecretBytes salt, std::size_t stock);
  ~ReceiptMint();
  ReceiptMint(const ReceiptMint&) = delete;
  ReceiptMint& operator=(const ReceiptMint&) = delete;

  Result<ReadyReceipt> take();

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace resguardo::intake
