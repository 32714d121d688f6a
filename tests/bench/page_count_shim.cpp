// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A library to LD_PRELOAD into the bot while it is measured: counts what it writes to its
// databases. RESGUARDO_PAGES names a file of 64-bit counters (page_counts.h), shared with whoever
// reads them.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <string_view>

#include "tests/bench/page_counts.h"

namespace {

using resguardo::bench::PageCounts;
constexpr std::size_t kPage = 4096;

// What a file is, by its number; 0 is not known yet.
enum class File : unsigned char { kUnknown, kJournalWal, kReportsWal, kDatabase, kOther };
std::array<std::atomic<File>, 4096> files{};

PageCounts* map_counts() {
  const char* path = std::getenv("RESGUARDO_PAGES");
  const int handle = path == nullptr ? -1 : ::open(path, O_RDWR | O_CLOEXEC);
  if (handle < 0) return nullptr;
  void* at = ::mmap(nullptr, sizeof(PageCounts), PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
  ::close(handle);
  return at == MAP_FAILED ? nullptr : static_cast<PageCounts*>(at);
}

PageCounts* counts() {
  static PageCounts* const made = map_counts();
  return made;
}

File look(int file) {
  std::array<char, 32> link{};
  std::string_view name = "/proc/self/fd/";
  std::size_t at = name.copy(link.data(), link.size());
  std::array<char, 12> digits{};
  std::size_t count = 0;
  for (int left = file; left > 0 || count == 0; left /= 10)
    digits[count++] = static_cast<char>('0' + left % 10);
  while (count > 0) link[at++] = digits[--count];
  std::array<char, 512> path{};
  const ssize_t size = ::readlink(link.data(), path.data(), path.size());
  const std::string_view text(path.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  if (text.ends_with("-wal"))
    return text.find("/journal") != std::string_view::npos ? File::kJournalWal : File::kReportsWal;
  return text.ends_with(".db") ? File::kDatabase : File::kOther;
}

File kind_of(int file) {
  if (file < 0 || static_cast<std::size_t>(file) >= files.size()) return File::kOther;
  auto& known = files[static_cast<std::size_t>(file)];
  if (known == File::kUnknown) known = look(file);
  return known;
}

void note_write(int file, std::size_t size) {
  PageCounts* const to = counts();
  if (to == nullptr) return;
  // A page goes into the WAL as a header of 24 bytes and 4096 of the page: two writes.
  switch (kind_of(file)) {
    case File::kJournalWal:
      if (size == kPage) ++to->journal_frames;
      break;
    case File::kReportsWal:
      if (size == kPage) ++to->report_frames;
      break;
    case File::kDatabase:
      if (size == kPage) ++to->database_pages;
      break;
    case File::kUnknown:
    case File::kOther:
      break;
  }
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t pwrite64(int file, const void* from, size_t size, off64_t at) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  note_write(file, size);
  return real(file, from, size, at);
}

ssize_t pwrite(int file, const void* from, size_t size, off_t at) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  note_write(file, size);
  return real(file, from, size, at);
}

int fdatasync(int file) {
  static const auto real = next<int (*)(int)>("fdatasync");
  if (counts() != nullptr && kind_of(file) != File::kOther) ++counts()->syncs;
  return real(file);
}

int fsync(int file) {
  static const auto real = next<int (*)(int)>("fsync");
  if (counts() != nullptr && kind_of(file) != File::kOther) ++counts()->syncs;
  return real(file);
}

int close(int file) {
  static const auto real = next<int (*)(int)>("close");
  if (file >= 0 && static_cast<std::size_t>(file) < files.size())
    files[static_cast<std::size_t>(file)] = File::kUnknown;
  return real(file);
}

}  // extern "C"
