// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/slot_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "storage/durable_file.h"

namespace resguardo::storage {
namespace {

constexpr std::array<std::uint8_t, 8> kSlotMagic = {'R', 'G', 'S', 'L', 'O', 'T', 0, 1};
constexpr std::size_t kBlock = 256;           // cells a file begins with, and grows by at least
constexpr std::size_t kLargestBlock = 4096;   // 2 MiB: the writer's turns wait for it
constexpr std::uint32_t kHead = 0xffffffffU;  // no cell's place
constexpr std::size_t kCellsPerRead = 2048;

constexpr Error kDamagedCell = {Fault::kMalformed,
                                "a report's key is damaged or missing in the file of slots"};
constexpr Error kCannotWrite = {Fault::kUnavailable, "the file of slots cannot be written"};

Status write_at(int file, ByteView bytes, std::size_t at) {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return kCannotWrite;
    at += static_cast<std::size_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return success();
}

Status read_at(int file, std::span<std::uint8_t> out, std::size_t at) {
  while (!out.empty()) {
    const ssize_t done = ::pread(file, out.data(), out.size(), static_cast<off_t>(at));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return Error{Fault::kUnavailable, "the file of slots cannot be read"};
    if (done == 0) return kDamagedCell;
    at += static_cast<std::size_t>(done);
    out = out.subspan(static_cast<std::size_t>(done));
  }
  return success();
}

std::size_t offset_of(std::size_t cell) {
  return (cell + 1) * kSlotCell;
}

Result<Bytes> free_block(std::size_t first, std::size_t count, const SecretBytes& key) {
  const std::array<std::uint8_t, kSlotContent> nothing{};
  Bytes block(count * kSlotCell);
  for (std::size_t at = 0; at < count; ++at)
    RESGUARDO_CHECK(seal_slot(std::span(block).subspan(at * kSlotCell, kSlotCell), nothing,
                              static_cast<std::uint32_t>(first + at), key));
  return block;
}

}  // namespace

Status SlotFile::create(const std::filesystem::path& file, const SecretBytes& key) {
  Bytes whole(kSlotCell);
  std::copy(kSlotMagic.begin(), kSlotMagic.end(), whole.begin());
  const std::array<std::uint8_t, kSlotContent - kSlotMagic.size()> nothing{};
  RESGUARDO_CHECK(seal_slot(std::span(whole).subspan(kSlotMagic.size()), nothing, kHead, key));
  RESGUARDO_TRY(const Bytes cells, free_block(0, kBlock, key));
  whole.insert(whole.end(), cells.begin(), cells.end());
  return write_new_file(file, whole);
}

Result<std::unique_ptr<SlotFile>> SlotFile::open(const std::filesystem::path& file,
                                                 SecretBytes key) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (handle < 0 && errno == ENOENT)
    return Error{Fault::kNotFound, "the file of slots is missing: put it back from its backup"};
  if (handle < 0) return Error{Fault::kUnavailable, "the file of slots cannot be opened"};
  std::unique_ptr<SlotFile> slots(new SlotFile(handle, std::move(key), 0));
  struct stat about = {};
  std::array<std::uint8_t, kSlotCell> head{};
  if (::fstat(handle, &about) != 0 || about.st_size < static_cast<off_t>(kSlotCell))
    return Error{Fault::kMalformed, "the file of slots is damaged"};
  RESGUARDO_CHECK(read_at(handle, head, 0));
  if (!std::equal(kSlotMagic.begin(), kSlotMagic.end(), head.begin()))
    return Error{Fault::kMalformed, "the file of slots is damaged, or of another version"};
  std::array<std::uint8_t, kSlotContent> nothing{};
  if (!open_slot(ByteView(head).subspan(kSlotMagic.size()), nothing, kHead, slots->key_))
    return Error{Fault::kUnauthentic, "the file of slots belongs to another store"};
  slots->cells_ = static_cast<std::size_t>(about.st_size) / kSlotCell - 1;
  // Opened once around all the cells: each opening of a key costs two calls of the system.
  RESGUARDO_CHECK(slots->key_.read([&](ByteView) { return slots->look_at_all(); }));
  return slots;
}

SlotFile::~SlotFile() {
  ::close(file_);
}

Status SlotFile::look_at_all() {
  found_.reserve(cells_);
  Bytes some(kCellsPerRead * kSlotCell);
  while (found_.size() < cells_) {
    const std::size_t count = std::min(kCellsPerRead, cells_.load() - found_.size());
    RESGUARDO_CHECK(
        read_at(file_, std::span(some).first(count * kSlotCell), offset_of(found_.size())));
    for (std::size_t at = 0; at < count; ++at) {
      const auto cell = static_cast<std::uint32_t>(found_.size());
      SlotContent content;
      const bool opens =
          open_slot(ByteView(some).subspan(at * kSlotCell, kSlotCell), content.bytes(), cell, key_);
      found_.push_back(opens ? content.found() : FoundSlot{});
      if (found_.back().state == SlotState::kEnd)
        ends_.emplace(found_.back().report, End{cell, content.erasure()});
    }
  }
  return success();
}

void SlotFile::settle(const std::map<std::uint32_t, ReportId>& used) {
  for (const auto& [cell, report] : used) {
    const bool own =
        cell < cells_ && found_[cell].report == report &&
        (found_[cell].state == SlotState::kKey || found_[cell].state == SlotState::kGone);
    if (!own) named_.insert(cell);
  }
  for (std::uint32_t cell = 0; cell < cells_; ++cell) {
    if (used.contains(cell) || found_[cell].state == SlotState::kEnd) continue;
    // A key that is nobody's opens nothing, but it need not lie there until it is overwritten; and
    // a cell that a crash left half written shall not look like damage.
    if (found_[cell].state == SlotState::kKey || found_[cell].state == SlotState::kDamaged)
      set_free(cell);
    free_.push_back(cell);
  }
  found_.clear();
  found_.shrink_to_fit();
}

std::vector<SlotErasure> SlotFile::unfinished() const {
  std::vector<SlotErasure> unfinished;
  unfinished.reserve(ends_.size());
  for (const auto& [report, end] : ends_) unfinished.push_back(end.erasure);
  return unfinished;
}

void SlotFile::set_free(std::uint32_t cell) {
  static_cast<void>(write(cell, SlotContent(SlotState::kFree, ReportId())));
}

Status SlotFile::copy_to(const std::function<Status(ByteView)>& take) const {
  struct stat about{};
  if (::fstat(file_, &about) != 0) return Error{Fault::kUnavailable, "the slots cannot be read"};
  const std::size_t pieces = static_cast<std::size_t>(about.st_size) / kSlotCell;
  std::array<std::uint8_t, kSlotCell> piece{};
  for (std::size_t at = 0; at < pieces; ++at) {
    {
      const std::lock_guard lock(mutex_);
      RESGUARDO_CHECK(read_at(file_, piece, at * kSlotCell));
    }
    RESGUARDO_CHECK(take(piece));
  }
  return success();
}

Result<SlotFile::Inspected> SlotFile::inspect() const {
  Inspected inspected;
  SlotContent content;
  // Opened once around all the cells, as by open().
  const Status read = key_.read([&](ByteView) {
    return copy_to([&](ByteView piece) {
      const bool head = inspected.cells == 0;
      const auto place = head ? kHead : static_cast<std::uint32_t>(inspected.cells - 1);
      ++inspected.cells;
      if (!head && !open_slot(piece, content.bytes(), place, key_))
        inspected.damaged.push_back(place);
      return success();
    });
  });
  RESGUARDO_CHECK(read);
  inspected.cells -= std::min<std::uint64_t>(inspected.cells, 1);
  return inspected;
}

Status SlotFile::grow() {
  const std::size_t count = std::clamp(cells_.load() / 2, kBlock, kLargestBlock);
  RESGUARDO_TRY(const Bytes block, free_block(cells_, count, key_));
  RESGUARDO_CHECK(write_at(file_, block, offset_of(cells_)));
  for (std::size_t at = 0; at < count; ++at) {
    const auto cell = static_cast<std::uint32_t>(cells_ + at);
    if (!named_.contains(cell)) free_.push_back(cell);
  }
  cells_ += count;
  return success();
}

Result<std::uint32_t> SlotFile::give(const ReportId& report, RandomSource& random) {
  if (const auto known = given_.find(report); known != given_.end()) {
    // Written again: a sync that failed may have forgotten what it did not write.
    SlotContent content;
    RESGUARDO_CHECK(read(known->second, content));
    RESGUARDO_CHECK(write(known->second, content));
    return known->second;
  }
  RESGUARDO_TRY(const auto cell, take_free(random));
  SlotContent content(SlotState::kKey, report);
  randombytes_buf(content.key().data(), kSlotKey);
  if (const Status written = write(cell, content); !written.ok()) {
    free_.push_back(cell);
    return written.error();
  }
  given_.emplace(report, cell);
  return cell;
}

// A random one; it is the caller's.
Result<std::uint32_t> SlotFile::take_free(RandomSource& random) {
  if (free_.size() * 4 <= cells_) {
    const Status grown = grow();
    if (free_.empty()) return grown.ok() ? kCannotWrite : grown.error();
  }
  auto& chosen = free_[random.below(static_cast<std::uint32_t>(free_.size()))];
  const std::uint32_t cell = chosen;
  chosen = free_.back();
  free_.pop_back();
  return cell;
}

Status SlotFile::sync() {
  if (::fsync(file_) != 0) return Error{Fault::kUnavailable, "the file of slots cannot be synced"};
  return success();
}

Status SlotFile::read(std::uint32_t cell, SlotContent& content) const {
  if (cell >= cells_) return kDamagedCell;
  std::array<std::uint8_t, kSlotCell> sealed{};
  {
    const std::lock_guard lock(mutex_);
    RESGUARDO_CHECK(read_at(file_, sealed, offset_of(cell)));
  }
  return open_slot(sealed, content.bytes(), cell, key_) ? success() : Status(kDamagedCell);
}

Status SlotFile::write(std::uint32_t cell, const SlotContent& content) const {
  std::array<std::uint8_t, kSlotCell> sealed{};
  RESGUARDO_CHECK(seal_slot(sealed, content.view(), cell, key_));
  const std::lock_guard lock(mutex_);
  return write_at(file_, sealed, offset_of(cell));
}

Result<SecretBytes> SlotFile::key_of(std::uint32_t cell, const ReportId& report) const {
  SlotContent content;
  RESGUARDO_CHECK(read(cell, content));
  const FoundSlot found = content.found();
  if (found.report != report) return kDamagedCell;
  if (found.state == SlotState::kGone) return Error{Fault::kNotFound, "the report was erased"};
  if (found.state != SlotState::kKey) return kDamagedCell;
  return SecretBytes::take(content.key());
}

SlotState SlotFile::state_of(std::uint32_t cell, const ReportId& report) const {
  SlotContent content;
  if (!read(cell, content).ok()) return SlotState::kDamaged;
  const FoundSlot found = content.found();
  return found.report == report ? found.state : SlotState::kFree;
}

Result<SlotErasure> SlotFile::begin_end(const SlotErasure& erasure, RandomSource& random) {
  if (erasure.entry.size() > kMostErasureEntry) return kLongErasureEntry;
  auto at = ends_.find(erasure.report);
  if (at == ends_.end()) {
    RESGUARDO_TRY(const auto cell, take_free(random));
    at = ends_.emplace(erasure.report, End{cell, erasure}).first;
  }
  // Written also when it is there: a sync that failed may have forgotten what it did not write.
  SlotContent content(SlotState::kEnd, erasure.report);
  content.put(at->second.erasure);
  RESGUARDO_CHECK(write(at->second.noted, content));
  return at->second.erasure;
}

bool SlotFile::may_overwrite(std::uint32_t cell, const ReportId& report) const {
  if (cell >= cells_) return false;
  SlotContent content;
  if (!read(cell, content).ok()) return true;
  const FoundSlot found = content.found();
  return found.report == report || found.state == SlotState::kFree;
}

Status SlotFile::overwrite_key(const SlotErasure& erasure) {
  if (!may_overwrite(erasure.cell, erasure.report)) return success();
  return write(erasure.cell, SlotContent(SlotState::kGone, erasure.report));
}

void SlotFile::finish_end(const SlotErasure& erasure) {
  const auto at = ends_.find(erasure.report);
  if (at == ends_.end()) return;
  const std::uint32_t noted = at->second.noted;
  const bool own = may_overwrite(erasure.cell, erasure.report);
  ends_.erase(at);
  set_free(noted);
  free_.push_back(noted);
  if (!own) return;
  named_.erase(erasure.cell);
  set_free(erasure.cell);
  if (std::ranges::find(free_, erasure.cell) == free_.end()) free_.push_back(erasure.cell);
}

}  // namespace resguardo::storage
