// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/sandbox/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <vector>

namespace resguardo::sandbox {
namespace {

using Sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

constexpr std::size_t kPasswdLine = std::size_t{16} * 1024;

constexpr std::uint32_t bit(int capability) {
  return 1U << static_cast<unsigned>(capability);
}

bool read_sets(Sets& sets) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  return ::syscall(SYS_capget, &header, sets.data()) == 0;
}

// What may come back by a program that is executed.
void empty_bounds() {
  (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (int one = 0; ::prctl(PR_CAPBSET_READ, one, 0, 0, 0) >= 0; ++one)
    (void)::prctl(PR_CAPBSET_DROP, one, 0, 0, 0);  // refused to who has no right to it
}

bool keep_only(std::uint32_t kept) {
  Sets sets{};
  if (!read_sets(sets)) return false;
  // A unit may forbid capset(2), and has left nothing to give up.
  if (((sets[0].permitted & ~kept) | sets[0].inheritable | sets[1].permitted) == 0) return true;
  const bool had_no_more = ((sets[0].permitted & ~kept) | sets[1].permitted) == 0;
  sets[0].permitted &= kept;
  sets[0].effective = sets[0].permitted;
  sets[0].inheritable = 0;
  sets[1] = {};
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  if (::syscall(SYS_capset, &header, sets.data()) == 0) return true;
  // The same, of one that gives a right by AmbientCapabilities=: what a program that is started
  // would inherit is no more than what is kept, and none can be started.
  return had_no_more;
}

bool take_groups(uid_t user, gid_t group) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> text(kPasswdLine);
  if (::getpwuid_r(user, &entry, text.data(), text.size(), &found) == 0 && found != nullptr)
    return ::initgroups(entry.pw_name, entry.pw_gid) == 0 &&
           ::setresgid(entry.pw_gid, entry.pw_gid, entry.pw_gid) == 0;
  return ::setgroups(1, &group) == 0 && ::setresgid(group, group, group) == 0;
}

// Capabilities are looked through afterwards, by keep_only().
bool become(uid_t user, gid_t group) {
  return ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && take_groups(user, group) &&
         ::setresuid(user, user, user) == 0 && ::prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;  // which a change of user decides anew
}

}  // namespace

bool stays_root(const std::filesystem::path& data) {
  struct stat owner{};
  return ::geteuid() == 0 && (::stat(data.c_str(), &owner) != 0 || owner.st_uid == 0);
}

Status drop_privileges(const std::filesystem::path& data, Kept kept) {
  struct stat owner{};
  if (::geteuid() == 0) empty_bounds();
  if (::geteuid() == 0 && ::stat(data.c_str(), &owner) == 0 && owner.st_uid != 0 &&
      !become(owner.st_uid, owner.st_gid))
    return Error{Fault::kUnavailable, "the rights of root cannot be given up for its owner's"};
  if (!keep_only(bit(CAP_IPC_LOCK) | (kept.low_ports ? bit(CAP_NET_BIND_SERVICE) : 0)))
    return Error{Fault::kUnavailable, "the rights of root cannot be given up"};
  return success();
}

}  // namespace resguardo::sandbox
