// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/sandbox/filter.h"

#include <gtest/gtest.h>
#include <netdb.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <thread>

#include "bot/sandbox/sandbox.h"
#include "tests/bot/sandbox/in_child.h"

namespace resguardo::sandbox {
namespace {

class FilterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (is_instrumented()) GTEST_SKIP() << "not run: built with a sanitizer or for coverage";
    if (!can_filter()) GTEST_SKIP() << "not run: this kernel has no filter of system calls";
  }
  static int filtered(const std::function<int()>& work) {
    return in_child([&] {
      const rlimit none{0, 0};
      ::setrlimit(RLIMIT_CORE, &none);
      return filter_system_calls().ok() ? work() : 200;
    });
  }
  static int why(long result) { return result < 0 ? errno : 0; }
};

TEST_F(FilterTest, AProgramThatIsStartedEndsTheProcess) {
  EXPECT_EQ(filtered([] {
              ::execl("/bin/true", "true", nullptr);
              return errno;
            }),
            -SIGSYS);
}

TEST_F(FilterTest, WhoLooksIntoProcessesOrChangesTheSystemEndsTheProcess) {
  const long calls[] = {SYS_ptrace,
                        SYS_process_vm_readv,
                        SYS_process_vm_writev,
                        SYS_bpf,
                        SYS_unshare,
                        SYS_mount,
                        SYS_io_uring_setup,
                        SYS_keyctl,
                        SYS_userfaultfd,
                        SYS_init_module,
                        SYS_setns,
                        SYS_setresuid,
                        SYS_perf_event_open,
                        SYS_capset};
  for (const long call : calls)
    EXPECT_EQ(filtered([&] { return why(::syscall(call, 0, 0, 0, 0, 0)); }), -SIGSYS) << call;
}

TEST_F(FilterTest, SocketsAreOfTheKindsThatTheServerHas) {
  for (const int family : {AF_UNIX, AF_INET, AF_INET6})
    EXPECT_NE(filtered([&] { return why(::socket(family, SOCK_STREAM, 0)); }), ENOSYS) << family;
  for (const int family : {AF_PACKET, AF_ALG, AF_VSOCK, AF_BLUETOOTH})
    EXPECT_EQ(filtered([&] { return why(::socket(family, SOCK_STREAM, 0)); }), ENOSYS) << family;
  constexpr int kAudit = 9;
  EXPECT_EQ(filtered([] { return why(::socket(AF_NETLINK, SOCK_RAW, kAudit)); }), ENOSYS);
}

TEST_F(FilterTest, NoCodeIsMade) {
  EXPECT_EQ(filtered([] { return why(::syscall(SYS_memfd_create, "x", 0U)); }), ENOSYS);
  EXPECT_EQ(filtered([] {
              void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              return page == MAP_FAILED ? errno : 0;
            }),
            ENOSYS);
  EXPECT_EQ(filtered([] {
              void* page =
                  ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              if (page == MAP_FAILED) return 201;
              return why(::mprotect(page, 4096, PROT_READ | PROT_EXEC));
            }),
            ENOSYS);
}

TEST_F(FilterTest, NoProcessIsMadeOrSignalledAndNoLimitRaised) {
  EXPECT_EQ(filtered([] { return why(::fork()); }), ENOSYS);
  EXPECT_EQ(filtered([] { return why(::kill(::getppid(), 0)); }), ENOSYS);
  EXPECT_EQ(filtered([] {
              const rlimit more{1, 1};
              return why(::setrlimit(RLIMIT_CORE, &more));
            }),
            ENOSYS);
}

TEST_F(FilterTest, MemoryStaysOutOfReachOfOthers) {
  EXPECT_EQ(filtered([] { return why(::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }), ENOSYS);
}

TEST_F(FilterTest, WhatTheServerDoesGoesOn) {
  EXPECT_EQ(filtered([] {
              addrinfo* found = nullptr;
              if (::getaddrinfo("localhost", "80", nullptr, &found) == 0) ::freeaddrinfo(found);
              int seen = 0;
              std::thread([&] { seen = 1; }).join();
              if (seen != 1) return 201;
              return ::prctl(PR_SET_NAME, "worker", 0, 0, 0) == 0 ? 0 : 202;
            }),
            0);
}

// The filter holds for threads that were there before it.
TEST_F(FilterTest, HoldsForEveryThread) {
  EXPECT_EQ(in_child([] {
              std::mutex entered;
              entered.lock();
              std::atomic<int> said{0};
              std::thread before([&] {
                const std::lock_guard wait(entered);
                said = why(::syscall(SYS_memfd_create, "x", 0U));
              });
              const bool filters = filter_system_calls().ok();
              entered.unlock();
              before.join();
              return filters ? said.load() : 200;
            }),
            ENOSYS);
}

TEST_F(FilterTest, EnteringSaysWhatHolds) {
  EXPECT_EQ(in_child([] {
              const auto state = enter({});
              if (!state.ok() || !state->filtered) return 201;
              if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return 202;
              return missing(*state).empty() == state->whole() ? 0 : 203;
            }),
            0);
}

}  // namespace
}  // namespace resguardo::sandbox
