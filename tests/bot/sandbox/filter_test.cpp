// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/sandbox/filter.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

TEST_F(FilterTest, NoSocketGoesPastWhatLandlockAsks) {
  const auto made = [](int family, int kind, int protocol) {
    return filtered([=] { return why(::socket(family, kind | SOCK_CLOEXEC, protocol)); });
  };
  constexpr int kMultipath = 262, kStreamControl = 132, kRaw = 255;
  for (const int family : {AF_INET, AF_INET6}) {
    for (const int protocol : {kMultipath, kStreamControl, kRaw})
      EXPECT_EQ(made(family, SOCK_STREAM, protocol), ENOSYS) << protocol;
    EXPECT_EQ(made(family, SOCK_DGRAM, IPPROTO_ICMP), ENOSYS);
    EXPECT_EQ(made(family, SOCK_RAW, IPPROTO_TCP), ENOSYS);
    EXPECT_NE(made(family, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP), ENOSYS);
    EXPECT_NE(made(family, SOCK_DGRAM, IPPROTO_UDP), ENOSYS);
    EXPECT_NE(made(family, SOCK_DGRAM | SOCK_NONBLOCK, 0), ENOSYS);
  }
}

// Its connection is made by a call that Landlock does not look at.
TEST_F(FilterTest, NothingIsSentTogetherWithItsConnection) {
  const auto sent = [](int how) {
    return filtered([=] {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      address.sin_port = htons(9);
      const int made = ::socket(AF_INET, SOCK_STREAM, 0);
      msghdr message{};
      message.msg_name = &address;
      message.msg_namelen = sizeof address;
      if (how == 0) return why(::sendmsg(made, &message, MSG_FASTOPEN | MSG_NOSIGNAL));
      if (how == 1) return why(::sendmsg(made, &message, MSG_NOSIGNAL));
      return why(::sendto(made, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL,
                          reinterpret_cast<sockaddr*>(&address), sizeof address));
    });
  };
  EXPECT_EQ(sent(0), ENOSYS);
  EXPECT_EQ(sent(2), ENOSYS);
  EXPECT_NE(sent(1), ENOSYS);
}

TEST_F(FilterTest, NobodyElseIsSignalledBecauseAFileIsReady) {
  EXPECT_EQ(filtered([] { return why(::fcntl(0, F_SETOWN, ::getppid())); }), ENOSYS);
  EXPECT_EQ(filtered([] { return why(::fcntl(0, F_SETSIG, SIGKILL)); }), ENOSYS);
  EXPECT_EQ(filtered([] {
              const int other = ::fcntl(0, F_DUPFD_CLOEXEC, 100);
              return other < 0 ? errno : why(::fcntl(other, F_GETFL));
            }),
            0);
}

TEST_F(FilterTest, NoFileIsCutByItsPath) {
  EXPECT_EQ(filtered([] { return why(::truncate("/nowhere", 0)); }), ENOSYS);
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
              const int file = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
              constexpr int kBoth = PROT_READ | PROT_WRITE | PROT_EXEC;
              if (::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED)
                return 201;  // a library
              return ::mmap(nullptr, 4096, kBoth, MAP_PRIVATE, file, 0) == MAP_FAILED ? errno : 0;
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

// What a start needs and a server that runs does not, for threads that are there already too.
TEST_F(FilterTest, OnceSettledNothingListensNorCallsTheSystemsServices) {
  const auto settled = [](const std::function<int()>& work, StillNeeded still = {}) {
    return filtered([&] {
      const State state{.landlock = 0, .filtered = true, .root = false};
      const int early = ::socket(AF_INET, SOCK_STREAM, 0);
      std::mutex entered;
      entered.lock();
      int said = 0;
      std::thread before([&] {
        const std::lock_guard wait(entered);
        said = work();
      });
      const bool settles = early >= 0 && settle(state, still).ok();
      entered.unlock();
      before.join();
      return settles ? said : 200;
    });
  };
  EXPECT_EQ(settled([] { return why(::listen(::socket(AF_INET, SOCK_STREAM, 0), 1)); }), ENOSYS);
  const auto call_by_path = [] { return why(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); };
  EXPECT_EQ(settled(call_by_path), ENOSYS);
  EXPECT_EQ(settled(call_by_path, {.unix_sockets = true}), 0);
  EXPECT_EQ(settled([] { return why(::chmod("/nowhere", 0777)); }), ENOSYS);
  EXPECT_EQ(settled([] { return why(::fchmodat(AT_FDCWD, "/nowhere", 0777, 0)); }), ENOSYS);
  EXPECT_EQ(settled([] { return filter_system_calls().ok() ? 201 : 0; }), 0);
  EXPECT_EQ(settled([] { return why(::socket(AF_INET, SOCK_STREAM, 0)); }), 0);
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
