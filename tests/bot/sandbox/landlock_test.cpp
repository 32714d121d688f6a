// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/sandbox/landlock.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <thread>

#include "bot/sandbox/filter.h"
#include "tests/bot/sandbox/in_child.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::sandbox {
namespace {

using testing_support::TemporaryDirectory;

class LandlockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (landlock_version() == 0) GTEST_SKIP() << "not run: this kernel has no Landlock";
    for (const char* folder : {"read", "write", "write/deep", "empty", "sockets", "outside"})
      std::filesystem::create_directory(at(folder));
    for (const char* file :
         {"read/one", "write/one", "empty/one", "outside/one", "outside/two", "alone"})
      std::ofstream(at(file)) << "text";
    plan_.readable = {at("read"), at("alone"), at("is not there")};
    plan_.writable = {at("write")};
    plan_.emptied = {at("empty")};
    plan_.sockets = {at("sockets")};
  }
  Path at(const std::string& name) const { return directory_.path() / name; }

  // 0, or what open() fails with.
  int open(const std::string& name, int how) const {
    const int file = ::open(at(name).c_str(), how | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    ::close(file);
    return 0;
  }
  int list(const std::string& name) const {
    DIR* folder = ::opendir(at(name).c_str());
    if (folder == nullptr) return errno;
    ::closedir(folder);
    return 0;
  }
  int confined(const std::function<int()>& work) const {
    return in_child([&] { return confine_files_and_ports(plan_).ok() ? work() : 200; });
  }

  TemporaryDirectory directory_;
  Plan plan_;
};

TEST_F(LandlockTest, WhatIsNotNamedCannotBeOpened) {
  EXPECT_EQ(confined([&] { return open("outside/one", O_RDONLY); }), EACCES);
  EXPECT_EQ(confined([&] { return open("outside/new", O_WRONLY | O_CREAT); }), EACCES);
  EXPECT_EQ(confined([&] { return list("outside"); }), EACCES);
  EXPECT_EQ(confined([&] { return list("."); }), EACCES);
  EXPECT_EQ(confined([&] { return open("read/../outside/one", O_RDONLY); }), EACCES);
  EXPECT_EQ(in_child([&] { return open("outside/one", O_RDONLY); }), 0) << "without the rules";
}

TEST_F(LandlockTest, ALinkLeadsNowhereElse) {
  std::filesystem::create_symlink(at("outside/one"), at("read/link"));
  EXPECT_EQ(confined([&] { return open("read/link", O_RDONLY); }), EACCES);
  EXPECT_EQ(confined([&] {
              return ::link(at("outside/one").c_str(), at("write/linked").c_str()) == 0 ? 0 : errno;
            }),
            EXDEV);
}

TEST_F(LandlockTest, WhatIsReadableIsNotWritten) {
  EXPECT_EQ(confined([&] { return open("read/one", O_RDONLY); }), 0);
  EXPECT_EQ(confined([&] { return open("alone", O_RDONLY); }), 0);
  EXPECT_EQ(confined([&] { return open("read/one", O_WRONLY); }), EACCES);
  EXPECT_EQ(confined([&] { return open("read/new", O_WRONLY | O_CREAT); }), EACCES);
  EXPECT_EQ(confined([&] { return ::unlink(at("read/one").c_str()) == 0 ? 0 : errno; }), EACCES);
}

// As `roster install` does it, which is another process: here the one that waits for the child.
TEST_F(LandlockTest, AFileThatIsReplacedInAReadableFolderCanBeRead) {
  int confined_already[2];
  int replaced[2];
  ASSERT_EQ(::pipe(confined_already) + ::pipe(replaced), 0);
  std::thread other([&] {
    char byte = 0;
    EXPECT_EQ(::read(confined_already[0], &byte, 1), 1);
    std::ofstream(at("outside/next")) << "new";
    std::filesystem::rename(at("outside/next"), at("read/one"));
    EXPECT_EQ(::write(replaced[1], "!", 1), 1);
  });
  EXPECT_EQ(confined([&] {
              char byte = 0;
              if (::write(confined_already[1], "!", 1) != 1) return 201;
              if (::read(replaced[0], &byte, 1) != 1) return 202;
              return open("read/one", O_RDONLY);
            }),
            0);
  other.join();
}

TEST_F(LandlockTest, TheDataFolderTakesFilesAndFoldersButNoLinksAndNoPrograms) {
  EXPECT_EQ(confined([&] {
              if (const int failed = open("write/new", O_WRONLY | O_CREAT)) return failed;
              if (::rename(at("write/new").c_str(), at("write/deep/moved").c_str()) != 0)
                return landlock_version() >= 2 ? errno : 0;
              if (::truncate(at("write/one").c_str(), 1) != 0) return errno;
              if (::mkdir(at("write/made").c_str(), 0700) != 0) return errno;
              if (::rmdir(at("write/made").c_str()) != 0) return errno;
              return ::unlink(at("write/one").c_str()) == 0 ? 0 : errno;
            }),
            0);
  EXPECT_EQ(confined([&] { return ::symlink("x", at("write/link").c_str()) == 0 ? 0 : errno; }),
            EACCES);
  if (is_instrumented()) GTEST_SKIP() << "not run in whole: sanitizers start a program";
  std::filesystem::copy_file("/bin/true", at("write/program"));
  EXPECT_EQ(confined([&] {
              ::execl(at("write/program").c_str(), "program", nullptr);
              return errno;
            }),
            EACCES);
}

TEST_F(LandlockTest, WhatIsEmptiedIsListedAndDeletedAndNotRead) {
  EXPECT_EQ(confined([&] { return open("empty/one", O_RDONLY); }), EACCES);
  EXPECT_EQ(confined([&] {
              if (const int failed = list("empty")) return failed;
              return ::unlink(at("empty/one").c_str()) == 0 ? 0 : errno;
            }),
            0);
}

TEST_F(LandlockTest, SocketsAreMadeWhereTheyMay) {
  const auto bind_at = [&](const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = at(name).string();
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return ::bind(made, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
  };
  EXPECT_EQ(confined([&] { return bind_at("sockets/one"); }), 0);
  EXPECT_EQ(confined([&] { return bind_at("outside/one.sock"); }), EACCES);
  EXPECT_EQ(confined([&] { return open("sockets/file", O_WRONLY | O_CREAT); }), EACCES);
}

TEST_F(LandlockTest, AThreadThatIsMadeLaterIsConfinedToo) {
  EXPECT_EQ(confined([&] {
              int failed = 0;
              std::thread([&] { failed = open("outside/one", O_RDONLY); }).join();
              return failed;
            }),
            EACCES);
}

TEST_F(LandlockTest, NoProcessOutsideIsSignalled) {
  if (landlock_version() < 6) GTEST_SKIP() << "not run: that takes Landlock 6";
  const pid_t outside = ::getpid();
  EXPECT_EQ(confined([&] { return ::kill(outside, 0) == 0 ? 0 : errno; }), EPERM);
}

class PortTest : public LandlockTest {
 protected:
  void SetUp() override {
    LandlockTest::SetUp();
    if (!IsSkipped() && landlock_version() < 4) GTEST_SKIP() << "not run: that takes Landlock 4";
  }
  // A socket that listens on a free port of this machine.
  static int listener(std::uint16_t& port) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(made, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(made, 4), 0);
    EXPECT_EQ(::getsockname(made, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port = ntohs(address.sin_port);
    return made;
  }
  using Call = int (*)(int, const sockaddr*, socklen_t);
  static int tcp(Call call, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const int failed =
        call(made, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
    ::close(made);
    return failed;
  }
};

TEST_F(PortTest, OnlyNamedPortsAreCalled) {
  std::uint16_t named = 0;
  std::uint16_t other = 0;
  const int one = listener(named);
  const int two = listener(other);
  plan_.connects = {named};
  plan_.listens = {other};
  EXPECT_EQ(confined([&] { return tcp(::connect, named); }), 0);
  EXPECT_EQ(confined([&] { return tcp(::connect, other); }), EACCES);
  ::close(one);
  ::close(two);
}

TEST_F(PortTest, OnlyNamedPortsAreListenedOn) {
  std::uint16_t named = 0;
  std::uint16_t other = 0;
  ::close(listener(named));
  ::close(listener(other));
  plan_.listens = {named};
  plan_.connects = {other};
  EXPECT_EQ(confined([&] { return tcp(::bind, named); }), 0);
  EXPECT_EQ(confined([&] { return tcp(::bind, other); }), EACCES);
  EXPECT_EQ(confined([&] { return tcp(::bind, 0); }), EACCES);
}

}  // namespace
}  // namespace resguardo::sandbox
