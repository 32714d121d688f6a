// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/wal_scan.h"

#include <array>
#include <fstream>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"

namespace resguardo::storage {
namespace {

constexpr std::size_t kWalHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::size_t kLargestPage = 65536;
constexpr std::uint32_t kWalMagic = 0x377f0682;  // its last bit: checksums over big-endian words

std::uint32_t big_endian(ByteView bytes) {
  return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
         std::uint32_t{bytes[2]} << 8U | bytes[3];
}
std::uint32_t little_endian(ByteView bytes) {
  return std::uint32_t{bytes[3]} << 24U | std::uint32_t{bytes[2]} << 16U |
         std::uint32_t{bytes[1]} << 8U | bytes[0];
}

// The running checksum of the file format.
struct Sum {
  bool big = false;
  std::uint32_t first = 0;
  std::uint32_t second = 0;

  void add(ByteView bytes) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      const ByteView pair = bytes.subspan(at, 8);
      first += (big ? big_endian(pair) : little_endian(pair)) + second;
      const ByteView other = pair.subspan(4);
      second += (big ? big_endian(other) : little_endian(other)) + first;
    }
  }
  bool is(ByteView stored) const {
    return big_endian(stored) == first && big_endian(stored.subspan(4)) == second;
  }
};

bool read_into(std::ifstream& in, std::span<std::uint8_t> out) {
  in.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
  return in.gcount() == static_cast<std::streamsize>(out.size());
}

class Scan {
 public:
  explicit Scan(std::ifstream& in) : in_(in) {}

  std::uint64_t run() {
    std::array<std::uint8_t, kWalHeader> header{};
    if (!read_into(in_, header)) return 0;
    const ByteView view(header);
    const std::size_t page = big_endian(view.subspan(8));
    if (page < 512 || page > kLargestPage) return 0;  // not even a size: nothing can be told
    sum_.big = (big_endian(view) & 1U) != 0;
    sum_.add(view.first(24));
    whole_ = (big_endian(view) & ~1U) == kWalMagic && sum_.is(view.subspan(24));
    salts_ = to_bytes(view.subspan(16, 8));
    frame_.resize(kFrameHeader + page);
    while (read_into(in_, frame_)) look();
    return commits_ > 1 ? commits_ : 0;
  }

 private:
  void look() {
    const ByteView frame(frame_);
    const bool ours = equal(frame.subspan(8, 8), salts_);
    if (whole_ && ours) {
      sum_.add(frame.first(8));
      sum_.add(frame.subspan(kFrameHeader));
      if (sum_.is(frame.subspan(16))) return;
    }
    whole_ = false;
    if (ours && big_endian(frame.subspan(4)) != 0) ++commits_;
  }

  std::ifstream& in_;
  Sum sum_;
  Bytes salts_;
  Bytes frame_;
  bool whole_ = true;  // all so far
  std::uint64_t commits_ = 0;
};

}  // namespace

Result<std::uint64_t> unreadable_commits(const std::filesystem::path& wal) {
  std::error_code failed;
  if (!std::filesystem::exists(wal, failed)) return std::uint64_t{0};
  std::ifstream in(wal, std::ios::binary);
  if (!in) return Error{Fault::kUnavailable, "a file of the store cannot be read"};
  return Scan(in).run();
}

}  // namespace resguardo::storage
