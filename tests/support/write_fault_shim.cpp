// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A library to LD_PRELOAD into any program: it counts what the program does to files and lets the
// n-th such call go wrong. Looping n over the count tries a crash, or a failing disk, everywhere.
//
//   RESGUARDO_FAULT_AT     n, from 1; unset or 0: only count
//   RESGUARDO_FAULT_KIND   kill    SIGKILL before the call
//                          torn    half of what was to be written is written, then SIGKILL
//                          enospc, eio   the call fails; everything after it works again
//                          full    from this call on nothing can be written (ENOSPC)
//                          readonly  from this call on the file system is read-only (EROFS): what
//                          is
//                                  open cannot be written, nothing can be opened for writing
//                          failing   from this call on every one of them fails, syncs too (EIO)
//                          pulled  from the n-th read() on, every read() fails (EIO)
//   RESGUARDO_FAULT_WHILE  with full, readonly, failing: only while this file is there
//   RESGUARDO_FAULT_COUNTS a file that gets, at exit, one line per kind of call and a total
//   RESGUARDO_FAULT_UNDER  only files under this folder count
//   RESGUARDO_FAULT_PROGRAM only in a process of this name (children may have another)
//
// Counted: write, pwrite, writev, pwritev, ftruncate, fsync, fdatasync, unlink, rename, linkat and
// their variants, on regular files; apart from them, read (not pread). Not counted: memory maps,
// sockets, pipes.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

enum Call : unsigned { kWrite, kTruncate, kSync, kUnlink, kRename, kCalls };
constexpr std::array<const char*, kCalls> kNames = {"write", "truncate", "sync", "unlink",
                                                    "rename"};
enum class Kind { kCount, kKill, kTorn, kNoSpace, kError, kFull, kReadOnly, kFailing, kPulled };
enum class Verdict { kGoOn, kTear, kFail };

struct Plan {
  Kind kind = Kind::kCount;
  long at = 0;
  bool active = true;
  std::string_view under;
  const char* counts = nullptr;
  const char* only_while = nullptr;
};

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

Plan make_plan() {
  Plan plan;
  const auto kind = environment("RESGUARDO_FAULT_KIND");
  if (kind == "kill") plan.kind = Kind::kKill;
  if (kind == "torn") plan.kind = Kind::kTorn;
  if (kind == "enospc") plan.kind = Kind::kNoSpace;
  if (kind == "eio") plan.kind = Kind::kError;
  if (kind == "full") plan.kind = Kind::kFull;
  if (kind == "readonly") plan.kind = Kind::kReadOnly;
  if (kind == "failing") plan.kind = Kind::kFailing;
  if (kind == "pulled") plan.kind = Kind::kPulled;
  if (const char* at = std::getenv("RESGUARDO_FAULT_AT")) plan.at = std::atol(at);
  const auto program = environment("RESGUARDO_FAULT_PROGRAM");
  plan.active = program.empty() || program == program_invocation_short_name;
  plan.under = environment("RESGUARDO_FAULT_UNDER");
  plan.counts = std::getenv("RESGUARDO_FAULT_COUNTS");
  plan.only_while = std::getenv("RESGUARDO_FAULT_WHILE");
  return plan;
}

const Plan& plan() {
  static const Plan made = make_plan();
  return made;
}

std::array<std::atomic<long>, kCalls> counted{};
std::atomic<long> total{0};
std::atomic<long> reads{0};

bool under(std::string_view path) {
  return plan().under.empty() || path.starts_with(plan().under);
}

bool counts(int file) {
  struct stat about = {};
  if (!plan().active || ::fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) return false;
  if (plan().under.empty()) return true;
  std::array<char, 64> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink(link.data(), path.data(), path.size());
  return size > 0 && under(std::string_view(path.data(), static_cast<std::size_t>(size)));
}

[[noreturn]] void die() {
  ::raise(SIGKILL);  // of itself: a server's sandbox lets it signal nobody by kill()
  for (;;) ::pause();
}

bool lasts(Kind kind) {
  return kind == Kind::kFull || kind == Kind::kReadOnly || kind == Kind::kFailing;
}

bool now_and_here() {
  return plan().only_while == nullptr || ::access(plan().only_while, F_OK) == 0;
}

// Of a fault that lasts. A full disk can still sync and unlink, a read-only one still sync.
Verdict lasting(Call call) {
  const Kind kind = plan().kind;
  const bool spared =
      kind == Kind::kFull ? call != kWrite : kind == Kind::kReadOnly && call == kSync;
  if (spared || !now_and_here()) return Verdict::kGoOn;
  errno = kind == Kind::kFull ? ENOSPC : kind == Kind::kReadOnly ? EROFS : EIO;
  return Verdict::kFail;
}

Verdict count(Call call) {
  counted[call]++;
  const long now = ++total;
  if (plan().at == 0 || now < plan().at) return Verdict::kGoOn;
  if (lasts(plan().kind)) return lasting(call);
  if (now > plan().at) return Verdict::kGoOn;
  switch (plan().kind) {
    case Kind::kCount:
    case Kind::kPulled:
      return Verdict::kGoOn;
    case Kind::kKill:
      die();
    case Kind::kTorn:
      if (call != kWrite) die();
      return Verdict::kTear;
    case Kind::kFull:
    case Kind::kReadOnly:
    case Kind::kFailing:
      return lasting(call);
    case Kind::kNoSpace:
      errno = ENOSPC;
      return Verdict::kFail;
    case Kind::kError:
      errno = EIO;
      return Verdict::kFail;
  }
  return Verdict::kGoOn;
}

template <class Function>
Function* next(const char* name) {
  void* symbol = ::dlsym(RTLD_NEXT, name);
  Function* result = nullptr;
  static_assert(sizeof result == sizeof symbol);
  std::memcpy(&result, &symbol, sizeof result);
  return result;
}

// Runs what came before unless the plan says otherwise; `half` writes half and is the last thing.
template <class Real, class Half>
auto guarded(int file, Call call, Real real, Half half) -> decltype(real()) {
  if (!counts(file)) return real();
  switch (count(call)) {
    case Verdict::kGoOn:
      return real();
    case Verdict::kTear:
      half();
      die();
    case Verdict::kFail:
      return -1;
  }
  return -1;
}
constexpr auto kNothing = [] {};

void report(long file) {
  if (file < 0) return;
  std::array<char, 256> text{};
  int size = 0;
  for (unsigned call = 0; call < kCalls; ++call)
    size += std::snprintf(text.data() + size, text.size() - static_cast<std::size_t>(size),
                          "%s %ld\n", kNames[call], counted[call].load());
  size += std::snprintf(text.data() + size, text.size() - static_cast<std::size_t>(size),
                        "total %ld\nread %ld\n", total.load(), reads.load());
  ::syscall(SYS_write, file, text.data(), static_cast<std::size_t>(size));
  ::syscall(SYS_close, file);
}

// Opens its file before main(): a server's sandbox would not let it later.
struct Reporter {
  Reporter() {
    if (plan().counts != nullptr && plan().active)
      file = ::syscall(SYS_openat, AT_FDCWD, plan().counts,
                       O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  }
  ~Reporter() { report(file); }
  long file = -1;
};
const Reporter reporter;

}  // namespace

extern "C" {

ssize_t read(int file, void* data, size_t size) {
  static const auto real = next<ssize_t(int, void*, size_t)>("read");
  if (!counts(file)) return real(file, data, size);
  const long now = ++reads;
  if (plan().kind != Kind::kPulled || plan().at == 0 || now < plan().at)
    return real(file, data, size);
  errno = EIO;
  return -1;
}

ssize_t write(int file, const void* data, size_t size) {
  static const auto real = next<ssize_t(int, const void*, size_t)>("write");
  return guarded(
      file, kWrite, [&] { return real(file, data, size); }, [&] { real(file, data, size / 2); });
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  static const auto real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return guarded(
      file, kWrite, [&] { return real(file, data, size, at); },
      [&] { real(file, data, size / 2, at); });
}

ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  return pwrite64(file, data, size, at);
}

ssize_t writev(int file, const iovec* parts, int number) {
  static const auto real = next<ssize_t(int, const iovec*, int)>("writev");
  return guarded(
      file, kWrite, [&] { return real(file, parts, number); },
      [&] { real(file, parts, number / 2); });
}

ssize_t pwritev64(int file, const iovec* parts, int number, off64_t at) {
  static const auto real = next<ssize_t(int, const iovec*, int, off64_t)>("pwritev64");
  return guarded(
      file, kWrite, [&] { return real(file, parts, number, at); },
      [&] { real(file, parts, number / 2, at); });
}

ssize_t pwritev(int file, const iovec* parts, int number, off_t at) {
  return pwritev64(file, parts, number, at);
}

int ftruncate64(int file, off64_t size) noexcept {
  static const auto real = next<int(int, off64_t)>("ftruncate64");
  return guarded(file, kTruncate, [&] { return real(file, size); }, kNothing);
}

int ftruncate(int file, off_t size) noexcept {
  return ftruncate64(file, size);
}

int fsync(int file) {
  static const auto real = next<int(int)>("fsync");
  return guarded(file, kSync, [&] { return real(file); }, kNothing);
}

int fdatasync(int file) {
  static const auto real = next<int(int)>("fdatasync");
  return guarded(file, kSync, [&] { return real(file); }, kNothing);
}

int unlink(const char* path) noexcept {
  static const auto real = next<int(const char*)>("unlink");
  if (plan().active && under(path) && count(kUnlink) == Verdict::kFail) return -1;
  return real(path);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  static const auto real = next<int(int, const char*, int)>("unlinkat");
  if (plan().active && under(path) && count(kUnlink) == Verdict::kFail) return -1;
  return real(folder, path, flags);
}

int open64(const char* path, int flags, ...) {
  static const auto real = next<int(const char*, int, ...)>("open64");
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  const bool writes = (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0;
  if (writes && plan().kind == Kind::kReadOnly && plan().active && under(path) &&
      total >= plan().at && now_and_here()) {
    errno = EROFS;
    return -1;
  }
  return real(path, flags, mode);
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open64(path, flags, mode);
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = next<int(const char*, const char*)>("rename");
  if (plan().active && under(to) && count(kRename) == Verdict::kFail) return -1;
  return real(from, to);
}

int linkat(int from_folder, const char* from, int folder, const char* to, int flags) noexcept {
  static const auto real = next<int(int, const char*, int, const char*, int)>("linkat");
  if (plan().active && under(to) && count(kRename) == Verdict::kFail) return -1;
  return real(from_folder, from, folder, to, flags);
}

int renameat2(int from_folder, const char* from, int folder, const char* to,
              unsigned flags) noexcept {
  static const auto real = next<int(int, const char*, int, const char*, unsigned)>("renameat2");
  if (plan().active && under(to) && count(kRename) == Verdict::kFail) return -1;
  return real(from_folder, from, folder, to, flags);
}

}  // extern "C"
