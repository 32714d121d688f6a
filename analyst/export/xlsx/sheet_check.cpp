// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/xlsx/sheet_check.h"

#include <zlib.h>

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "analyst/export/mapped_file.h"

namespace resguardo::analyst {
namespace {

using program::Outcome;
using program::Problem;

constexpr std::string_view kEnd = "PK\5\6";     // APPNOTE 4.3.16
constexpr std::string_view kEntry = "PK\1\2";   // 4.3.12
constexpr std::string_view kMember = "PK\3\4";  // 4.3.7
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kEntrySize = 46;
constexpr std::size_t kMemberSize = 30;

std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = size; i-- > 0;)
    number = number << 8U | static_cast<unsigned char>(bytes.at(at + i));
  return number;
}

struct Member {
  std::string name;
  std::uint32_t checksum = 0;
  std::uint64_t length = 0;
  std::string_view packed;
};

std::optional<Member> member_at(std::string_view file, std::string_view entry) {
  const std::uint64_t size = little(entry, 20, 4);
  const std::uint64_t from = little(entry, 42, 4);
  if (from + kMemberSize > file.size() || !file.substr(from).starts_with(kMember))
    return std::nullopt;
  const std::uint64_t data =
      from + kMemberSize + little(file, from + 26, 2) + little(file, from + 28, 2);
  if (data + size > file.size()) return std::nullopt;
  return Member{std::string(entry.substr(kEntrySize, little(entry, 28, 2))),
                static_cast<std::uint32_t>(little(entry, 16, 4)), little(entry, 24, 4),
                file.substr(data, size)};
}

std::optional<std::vector<Member>> members_of(std::string_view file) {
  if (file.size() < kEndSize) return std::nullopt;
  const std::string_view end = file.substr(file.size() - kEndSize);  // no comment is written
  if (!end.starts_with(kEnd)) return std::nullopt;
  std::vector<Member> members;
  std::uint64_t at = little(end, 16, 4);
  for (std::uint64_t left = little(end, 10, 2); left > 0; --left) {
    if (at + kEntrySize > file.size() || !file.substr(at).starts_with(kEntry)) return std::nullopt;
    const std::size_t whole =
        kEntrySize + little(file, at + 28, 2) + little(file, at + 30, 2) + little(file, at + 32, 2);
    auto member = member_at(file, file.substr(at, whole));
    if (!member) return std::nullopt;
    members.push_back(std::move(*member));
    at += whole;
  }
  return members;
}

using Sink = std::function<void(std::string_view plain)>;

// Piece by piece; whether that was all of it, and as its checksum says.
bool unpack(const Member& member, const Sink& sink) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  stream.next_in =
      reinterpret_cast<Bytef*>(const_cast<char*>(member.packed.data()));  // not written
  stream.avail_in = static_cast<uInt>(member.packed.size());
  std::array<char, 65536> plain{};
  uLong checksum = crc32(0, nullptr, 0);
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = plain.size() - stream.avail_out;
    checksum =
        crc32(checksum, reinterpret_cast<const Bytef*>(plain.data()), static_cast<uInt>(got));
    sink({plain.data(), got});
  }
  const std::uint64_t length = stream.total_out;
  inflateEnd(&stream);
  return state == Z_STREAM_END && length == member.length && checksum == member.checksum;
}

// Finds where the rows of a sheet begin and end, and what stands where the last one should begin.
class RowFinder {
 public:
  explicit RowFinder(const SheetShape& shape)
      : last_("<row r=\"" + std::to_string(shape.rows) + "\""), bytes_(shape.bytes) {}
  void take(std::string_view plain) {
    if (total_ == 0) {  // all that stands before the rows is in the first piece
      const std::size_t begin = plain.find(kBegin);
      if (begin != std::string_view::npos) begin_ = begin + kBegin.size();
    }
    const std::uint64_t wanted = begin_ + bytes_ + seen_.size();
    if (begin_ > 0 && wanted >= total_ && wanted < total_ + plain.size())
      seen_ += plain.substr(wanted - total_, last_.size() - seen_.size());
    total_ += plain.size();
    tail_ += plain;
    if (tail_.size() > kTail) tail_.erase(0, tail_.size() - kTail);
  }
  bool whole() const {
    const std::size_t end = tail_.rfind("</row></sheetData>");
    return begin_ > 0 && end != std::string::npos && seen_ == last_ &&
           total_ - tail_.size() + end > begin_ + bytes_;
  }

 private:
  static constexpr std::string_view kBegin = "<sheetData>";
  static constexpr std::size_t kTail = 8192;  // more than stands after the rows
  std::string last_;
  std::uint64_t bytes_;
  std::uint64_t begin_ = 0, total_ = 0;
  std::string seen_, tail_;
};

bool all_is_there(std::string_view file, std::span<const SheetShape> sheets) {
  const auto members = members_of(file);
  if (!members) return false;
  std::map<std::string, const SheetShape*> shapes;
  for (std::size_t i = 0; i < sheets.size(); ++i)
    shapes["xl/worksheets/sheet" + std::to_string(i + 1) + ".xml"] = &sheets[i];
  std::size_t seen = 0;
  for (const Member& member : *members) {
    const auto shape = shapes.find(member.name);
    if (shape == shapes.end()) {
      if (!unpack(member, [](std::string_view) {})) return false;
      continue;
    }
    RowFinder rows(*shape->second);
    if (!unpack(member, [&](std::string_view plain) { rows.take(plain); }) || !rows.whole())
      return false;
    ++seen;
  }
  return seen == sheets.size();
}

}  // namespace

Outcome<Done> check_sheets(const std::filesystem::path& workbook, const std::string& shown,
                           std::span<const SheetShape> sheets) {
  const Problem broken{shown, "was not written whole", "make room and try again"};
  const auto file = MappedFile::open(workbook);
  const bool whole = file && all_is_there(as_text(file->bytes()), sheets);
  return whole ? Outcome<Done>(Done{}) : broken;
}

}  // namespace resguardo::analyst
