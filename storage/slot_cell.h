// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"
#include "storage/retention_store.h"

namespace resguardo::storage {

// One cell of the file of slots (slot_file.h has the layout): what is in it, sealed and opened.
constexpr std::size_t kSlotCell = 512;
constexpr std::size_t kSlotKey = 32;
constexpr std::size_t kSlotAround = 24 + 16;  // nonce and tag
constexpr std::size_t kSlotContent = kSlotCell - kSlotAround;

// The end of a report, as a cell of its own has it while key and rows are being taken out.
struct SlotErasure {
  std::uint32_t cell = 0;  // where its key is
  ReportId report;
  Day day;
  Bytes entry;  // what the log says of it, exact bytes of pb::LogEntry
};

enum class SlotState : std::uint8_t { kFree = 0, kKey = 1, kGone = 2, kEnd = 3, kDamaged = 255 };
struct FoundSlot {
  SlotState state = SlotState::kDamaged;
  ReportId report;
};

// nonce ‖ ciphertext ‖ tag into `out`, which is kSlotAround longer than `content`.
Status seal_slot(std::span<std::uint8_t> out, ByteView content, std::uint32_t place,
                 const SecretBytes& key);
bool open_slot(ByteView sealed, std::span<std::uint8_t> content, std::uint32_t place,
               const SecretBytes& key);

// The opened bytes of a cell; wiped when they go.
class SlotContent {
 public:
  SlotContent() = default;  // nothing: free
  SlotContent(SlotState state, const ReportId& report);
  SlotContent(const SlotContent&) = delete;
  SlotContent& operator=(const SlotContent&) = delete;
  ~SlotContent() { wipe(bytes_); }

  FoundSlot found() const;
  std::span<std::uint8_t> key() { return std::span(bytes_).subspan(kRest, kSlotKey); }
  void put(const SlotErasure& erasure);  // of kEnd
  SlotErasure erasure() const;
  std::span<std::uint8_t> bytes() { return bytes_; }
  ByteView view() const { return bytes_; }

 private:
  static constexpr std::size_t kRest = 1 + ReportId::kSize;
  static constexpr std::size_t kEntry = kRest + 4 + 4 + 2;
  static_assert(kEntry + kMostErasureEntry <= kSlotContent);
  std::array<std::uint8_t, kSlotContent> bytes_{};
};

}  // namespace resguardo::storage
