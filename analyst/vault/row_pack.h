// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>

#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"

// Inside analyst/vault only.
namespace resguardo::analyst {

// A pack has what came of this many rows of a segment, by their places in it (docs/adr/173).
constexpr std::uint64_t kRowsInPack = 64;

// Pieces in one blob, ascending by their keys: for each u8 key, u24be length, content.
class RowPack {
 public:
  // What is there under that key stays. kRefused: 16 MiB or more.
  Status put(std::uint8_t key, ByteView content);
  // Whatever either has; what both have as `older` has it. kMalformed: one is no pack.
  static Result<RowPack> merged(ByteView older, ByteView newer);

  ByteView view() const { return bytes_.view(); }
  bool empty() const { return bytes_.empty(); }
  void clear();

 private:
  void append(std::uint8_t key, ByteView content);
  SecretBuffer bytes_;  // of records as they were told
  int last_ = -1;       // key
};

// Reads a pack, piece by piece. What content() returns lives as long as the pack.
class PackReader {
 public:
  explicit PackReader(ByteView pack) : rest_(pack) {}
  Result<bool> next();  // false: there are no more. kMalformed: no pack
  std::uint8_t key() const { return static_cast<std::uint8_t>(key_); }
  ByteView content() const { return content_; }

 private:
  ByteView rest_;
  ByteView content_;
  int key_ = -1;
};

}  // namespace resguardo::analyst
