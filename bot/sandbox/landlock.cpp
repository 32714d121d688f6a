// SPDX-License-Identifier: AGPL-3.0-or-later
// By system calls: the headers of Debian 12 know Landlock's second version, kernels the seventh.
#include "bot/sandbox/landlock.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "bot/sandbox/filter.h"

namespace resguardo::sandbox {
namespace {

struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t ports = 0;
  std::uint64_t scopes = 0;
};
struct [[gnu::packed]] BeneathRule {
  std::uint64_t allowed = 0;
  std::int32_t folder = -1;
};
struct PortRule {
  std::uint64_t allowed = 0;
  std::uint64_t port = 0;
};
constexpr int kBeneath = 1;
constexpr int kPort = 2;
constexpr unsigned kAskVersion = 1;

// In the order of linux/landlock.h.
enum Right : std::uint64_t {
  kExecute = 1U << 0,
  kWriteFile = 1U << 1,
  kReadFile = 1U << 2,
  kReadFolder = 1U << 3,
  kRemoveFolder = 1U << 4,
  kRemoveFile = 1U << 5,
  kMakeFolder = 1U << 7,
  kMakeFile = 1U << 8,
  kMakeSocket = 1U << 9,
  kMoveAcross = 1U << 13,
  kTruncate = 1U << 14,
  kDeviceCalls = 1U << 15,
};
constexpr std::uint64_t kOfFiles = kExecute | kWriteFile | kReadFile | kTruncate | kDeviceCalls;
constexpr std::uint64_t kRead = kReadFile | kReadFolder;
constexpr std::uint64_t kWrite = kRead | kWriteFile | kRemoveFolder | kRemoveFile | kMakeFolder |
                                 kMakeFile | kMakeSocket | kMoveAcross | kTruncate;
constexpr std::uint64_t kEmpty = kReadFolder | kRemoveFile;
constexpr std::uint64_t kSockets = kReadFolder | kRemoveFile | kMakeSocket;
constexpr std::uint64_t kListen = 1U << 0;
constexpr std::uint64_t kConnect = 1U << 1;
constexpr std::uint64_t kAbstractSocketsAndSignals = 3;

// Everything that this version can forbid is forbidden, unless a rule allows it.
Ruleset all_of(int version) {
  Ruleset all;
  all.files = (1U << 13) - 1;
  // A sanitizer's report is made readable by a program that it starts.
  if (is_instrumented()) all.files &= ~std::uint64_t{kExecute};
  if (version >= 2) all.files |= kMoveAcross;
  if (version >= 3) all.files |= kTruncate;
  if (version >= 5) all.files |= kDeviceCalls;
  if (version >= 4) all.ports = kListen | kConnect;
  if (version >= 6) all.scopes = kAbstractSocketsAndSignals;
  return all;
}

class Rules {
 public:
  explicit Rules(const Ruleset& all)
      : all_(all),
        rules_(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &all_, sizeof all_, 0U))) {}
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;
  ~Rules() {
    if (rules_ >= 0) ::close(rules_);
  }

  bool made() const { return rules_ >= 0; }

  bool allow(const std::vector<Path>& paths, std::uint64_t rights) {
    for (const Path& one : paths)
      if (!allow(one, rights)) return false;
    return true;
  }
  bool allow(const std::vector<std::uint16_t>& ports, std::uint64_t right, bool known) {
    for (const std::uint16_t port : ports) {
      const PortRule rule{right, port};
      if (known && ::syscall(SYS_landlock_add_rule, rules_, kPort, &rule, 0U) != 0) return false;
    }
    return true;
  }
  bool enter() const { return ::syscall(SYS_landlock_restrict_self, rules_, 0U) == 0; }

 private:
  bool allow(const Path& path, std::uint64_t rights) {
    const int opened = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (opened < 0) return true;  // nothing there: nothing to allow
    struct stat found{};
    const bool known = ::fstat(opened, &found) == 0;
    if (!S_ISDIR(found.st_mode)) rights &= kOfFiles;
    const BeneathRule rule{rights & all_.files, opened};
    const bool added = known && (rule.allowed == 0 || ::syscall(SYS_landlock_add_rule, rules_,
                                                                kBeneath, &rule, 0U) == 0);
    ::close(opened);
    return added;
  }

  const Ruleset all_;
  const int rules_;
};

}  // namespace

int landlock_version() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0UL, kAskVersion);
  return version > 0 ? static_cast<int>(version) : 0;
}

Result<int> confine_files_and_ports(const Plan& plan) {
  const int version = landlock_version();
  if (version == 0) return Error{Fault::kUnavailable, "this kernel has no Landlock"};
  Rules rules(all_of(version));
  const bool allowed = rules.made() && rules.allow(plan.readable, kRead) &&
                       rules.allow(plan.writable, kWrite) && rules.allow(plan.emptied, kEmpty) &&
                       rules.allow(plan.sockets, kSockets) &&
                       rules.allow(plan.listens, kListen, version >= 4) &&
                       rules.allow(plan.connects, kConnect, version >= 4);
  if (!allowed || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !rules.enter())
    return Error{Fault::kUnavailable, "the kernel refuses the Landlock rules"};
  return version;
}

}  // namespace resguardo::sandbox
