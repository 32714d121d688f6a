// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/sandbox/privileges.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fstream>

#include "tests/bot/sandbox/in_child.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::sandbox {
namespace {

using testing_support::TemporaryDirectory;

constexpr uid_t kSomebody = 65534;

std::uint32_t effective() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return ~0U;
  return sets[0].effective | sets[0].permitted | sets[0].inheritable | sets[1].permitted;
}

bool only(std::uint32_t found, std::uint32_t allowed) {
  return (found & ~allowed) == 0;
}

// As systemd begins a unit: somebody, with one right that a program would inherit, and no
// capset(2).
bool as_in_a_unit(std::uint32_t rights) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  sets[0] = {rights, rights, rights};
  sock_filter code[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_capset},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog program{4, code};
  return ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 &&
         ::setresuid(kSomebody, kSomebody, kSomebody) == 0 &&
         ::syscall(SYS_capset, &header, sets.data()) == 0 &&
         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

class PrivilegesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "not run: that takes root";
  }
  TemporaryDirectory directory_;
};

TEST_F(PrivilegesTest, RootBecomesTheOwnerOfTheData) {
  ASSERT_EQ(::chown(directory_.path().c_str(), kSomebody, kSomebody), 0);
  EXPECT_EQ(in_child([&] {
              if (!drop_privileges(directory_.path(), {}).ok()) return 201;
              if (::getuid() != kSomebody || ::geteuid() != kSomebody) return 202;
              if (::getgid() != kSomebody || ::getegid() != kSomebody) return 203;
              if (!only(effective(), 1U << CAP_IPC_LOCK)) return 204;
              if (::setuid(0) == 0) return 205;
              return ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 206;
            }),
            0);
}

TEST_F(PrivilegesTest, SaysBeforehandWhoStaysRoot) {
  EXPECT_TRUE(stays_root(directory_.path()));
  ASSERT_EQ(::chown(directory_.path().c_str(), kSomebody, kSomebody), 0);
  EXPECT_FALSE(stays_root(directory_.path()));
}

TEST_F(PrivilegesTest, WhereTheDataIsRootsNothingOfRootIsLeftButTheName) {
  const auto file = directory_.path() / "closed";
  std::ofstream(file) << "text";
  ASSERT_EQ(::chown(file.c_str(), kSomebody, kSomebody), 0);
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_EQ(in_child([&] {
              if (!drop_privileges(directory_.path(), {}).ok()) return 201;
              if (!only(effective(), 1U << CAP_IPC_LOCK)) return 202;
              if (::open(file.c_str(), O_RDONLY | O_CLOEXEC) >= 0) return 203;
              return errno == EACCES ? 0 : 204;
            }),
            0);
}

TEST_F(PrivilegesTest, LowPortsAreKeptWhereTheyAreAskedFor) {
  ASSERT_EQ(::chown(directory_.path().c_str(), kSomebody, kSomebody), 0);
  const auto kept = [&](bool asked) {
    return in_child([&] {
      if (!drop_privileges(directory_.path(), {.low_ports = asked}).ok()) return 201;
      return (effective() & (1U << CAP_NET_BIND_SERVICE)) != 0 ? 1 : 0;
    });
  };
  const bool had = (effective() & (1U << CAP_NET_BIND_SERVICE)) != 0;
  EXPECT_EQ(kept(true), had ? 1 : 0);
  EXPECT_EQ(kept(false), 0);
}

TEST_F(PrivilegesTest, AUnitMayGiveTheRightToLowPortsAndForbidToGiveItUp) {
  if ((effective() & (1U << CAP_NET_BIND_SERVICE)) == 0)
    GTEST_SKIP() << "not run: not a whole root";
  const auto drops = [&](bool asked) {
    return in_child([&] {
      if (!as_in_a_unit(1U << CAP_NET_BIND_SERVICE)) return 201;
      return drop_privileges(directory_.path(), {.low_ports = asked}).ok() ? 1 : 0;
    });
  };
  EXPECT_EQ(drops(true), 1);
  EXPECT_EQ(drops(false), 0) << "it would keep what nobody asked for";
}

}  // namespace
}  // namespace resguardo::sandbox
