// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/sealed_part.h"

#include <algorithm>
#include <concepts>
#include <utility>

namespace resguardo::storage {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kSegmentItem = 1;
constexpr std::uint8_t kRowItem = 2;
constexpr std::uint8_t kLogItem = 3;
constexpr std::uint8_t kReceiptItem = 4;
constexpr std::uint8_t kSegmentOfWeekItem = 5;
constexpr std::uint8_t kUndatedItem = 6;

class Writer {
 public:
  void bytes(ByteView value) { out_.insert(out_.end(), value.begin(), value.end()); }
  template <std::unsigned_integral Number>
  void number(Number value) {
    for (unsigned shift = 0; shift < 8 * sizeof value; shift += 8)
      out_.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  void value(ByteView content) {
    number(static_cast<std::uint32_t>(content.size()));
    bytes(content);
  }
  Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
};

class Reader {
 public:
  explicit Reader(ByteView in) : in_(in) {}
  bool at_end() const { return in_.empty(); }

  template <std::unsigned_integral Number>
  bool number(Number& value) {
    if (in_.size() < sizeof value) return false;
    std::uint64_t read = 0;
    for (std::size_t at = 0; at < sizeof value; ++at) read |= std::uint64_t{in_[at]} << (8 * at);
    value = static_cast<Number>(read);
    in_ = in_.subspan(sizeof value);
    return true;
  }
  template <class Meaning, std::size_t kLength>
  bool fixed(FixedBytes<Meaning, kLength>& value) {
    if (in_.size() < kLength) return false;
    std::copy_n(in_.begin(), kLength, value.bytes.begin());
    in_ = in_.subspan(kLength);
    return true;
  }
  bool value(Bytes& content) {
    std::uint32_t size = 0;
    if (!number(size) || in_.size() < size) return false;
    content = to_bytes(in_.first(size));
    in_ = in_.subspan(size);
    return true;
  }

 private:
  ByteView in_;
};

bool read_item(Reader& in, std::uint8_t kind, SealedPart& part) {
  if (kind == kSegmentItem) {
    auto& item = part.segments.emplace_back();
    return in.fixed(item.segment) && in.number(item.index) && in.value(item.header);
  }
  if (kind == kSegmentOfWeekItem) {
    auto& item = part.segments.emplace_back();
    std::uint32_t week = 0;
    if (!in.fixed(item.segment) || !in.number(item.index) || !in.number(week)) return false;
    item.week = Week{static_cast<std::int32_t>(week)};
    return in.value(item.header);
  }
  if (kind == kRowItem) {
    auto& item = part.rows.emplace_back();
    return in.fixed(item.segment) && in.number(item.sequence) && in.value(item.row);
  }
  if (kind == kLogItem) return in.value(part.log_entries.emplace_back());
  if (kind == kUndatedItem) return in.value(part.undated_entries.emplace_back());
  if (kind == kReceiptItem) {
    auto& item = part.receipts.emplace_back();
    return in.fixed(item.lookup) && in.value(item.wrapped_mailbox) && in.value(item.withdrawal_key);
  }
  return false;
}

void write_items(const std::vector<SegmentWrite>& segments, const std::vector<RowWrite>& rows,
                 Writer& out) {
  for (const SegmentWrite& segment : segments) {
    out.number(segment.week ? kSegmentOfWeekItem : kSegmentItem);
    out.bytes(segment.segment.view());
    out.number(segment.index);
    if (segment.week) out.number(static_cast<std::uint32_t>(segment.week->number));
    out.value(segment.header);
  }
  for (const RowWrite& row : rows) {
    out.number(kRowItem);
    out.bytes(row.segment.view());
    out.number(row.sequence);
    out.value(row.row);
  }
}

void write_entries(const std::vector<Bytes>& entries, std::uint8_t kind, Writer& out) {
  for (const Bytes& entry : entries) {
    out.number(kind);
    out.value(entry);
  }
}

void write_item(const ReceiptWrite& receipt, Writer& out) {
  out.number(kReceiptItem);
  out.bytes(receipt.lookup.view());
  out.value(receipt.wrapped_mailbox);
  out.value(receipt.withdrawal_key);
}

}  // namespace

bool SealedPart::is_only_addenda() const {
  return log_entries.empty() && receipts.empty() && !segments.empty() &&
         std::ranges::all_of(segments, [](const auto& one) { return one.index >= kFirstAddendum; });
}

Bytes encode_sealed_part(const ReportWrite& write) {
  Writer out;
  out.number(kVersion);
  write_items(write.segments, write.rows, out);
  write_entries(write.log_entries,
                write.change == ReportChange::kAddendum ? kUndatedItem : kLogItem, out);
  if (write.receipt) write_item(*write.receipt, out);
  return out.take();
}

Bytes encode_sealed_part(const SealedPart& part) {
  Writer out;
  out.number(kVersion);
  write_items(part.segments, part.rows, out);
  write_entries(part.log_entries, kLogItem, out);
  write_entries(part.undated_entries, kUndatedItem, out);
  for (const ReceiptWrite& receipt : part.receipts) write_item(receipt, out);
  return out.take();
}

Result<SealedPart> decode_sealed_part(ByteView bytes) {
  Reader in(bytes);
  SealedPart part;
  std::uint8_t version = 0;
  bool whole = in.number(version) && version == kVersion;
  while (whole && !in.at_end()) {
    std::uint8_t kind = 0;
    whole = in.number(kind) && read_item(in, kind, part);
  }
  if (!whole) return Error{Fault::kMalformed, "a journal row does not parse"};
  return part;
}

}  // namespace resguardo::storage
