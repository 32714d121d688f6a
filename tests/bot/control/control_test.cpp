// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/control/control.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <atomic>
#include <sstream>
#include <thread>

#include "bot/control/wire.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::control {
namespace {

using program::ExitCode;
using program::Outcome;
using program::Problem;

pb::ControlRequest export_request(std::uint64_t split = 0) {
  pb::ControlRequest request;
  request.mutable_export_()->set_split(split);
  return request;
}

// Parts as they came.
struct Parts {
  std::vector<std::ostringstream> all;
  NextPart next() {
    return [this](std::uint32_t part) -> Result<std::ostream*> {
      if (part != all.size()) return Error{Fault::kMalformed, "a part is missing"};
      return &all.emplace_back();
    };
  }
};

Descriptor connected(const std::filesystem::path& directory) {
  const auto name = socket_name(directory);
  Descriptor client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* address = reinterpret_cast<const sockaddr*>(&name.address);
  EXPECT_EQ(::connect(client.get(), address, sizeof name.address), 0);
  return client;
}

class ControlTest : public ::testing::Test {
 protected:
  void serve(Handler handler) {
    auto started = Server::start(directory_, std::move(handler));
    ASSERT_TRUE(started.ok());
    server_ = std::move(started).value();
  }
  testing_support::TemporaryDirectory temporary_;
  std::filesystem::path directory_ = temporary_.path();
  std::unique_ptr<Server> server_;
};

TEST_F(ControlTest, GivesTheHandlerTheRequestAndTheCommandWhatItMade) {
  const std::string large(3'000'000, 'x');
  serve([&](const pb::ControlRequest& request, const NextPart& next) -> Outcome<pb::ControlResult> {
    EXPECT_EQ(request.export_().split(), 7U);
    **next(0) << "first";
    **next(1) << large;
    pb::ControlResult result;
    result.mutable_export_()->set_rows(12);
    return result;
  });
  Parts parts;
  const auto result = ask(directory_, export_request(7), parts.next());
  ASSERT_TRUE(result.ok()) << result.error().what;
  EXPECT_EQ(result->export_().rows(), 12U);
  ASSERT_EQ(parts.all.size(), 2U);
  EXPECT_EQ(parts.all[0].str(), "first");
  EXPECT_EQ(parts.all[1].str(), large);
}

TEST_F(ControlTest, TellsTheProblemAsItIs) {
  serve([](const auto&, const auto&) -> Outcome<pb::ControlResult> {
    return Problem{"--split", "is too small", "give more", ExitCode::kUsage};
  });
  Parts parts;
  const auto result = ask(directory_, export_request(), parts.next());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().where, "--split");
  EXPECT_EQ(result.error().what, "is too small");
  EXPECT_EQ(result.error().mend, "give more");
  EXPECT_EQ(result.error().code, ExitCode::kUsage);
}

TEST_F(ControlTest, WhereNobodyAnswersItSaysSo) {
  Parts parts;
  const auto result = ask(directory_, export_request(), parts.next());
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().what.find("answers no commands"), std::string::npos);
}

TEST_F(ControlTest, TheSocketIsItsOwnersAndGoesWithTheServer) {
  serve([](const auto&, const auto&) -> Outcome<pb::ControlResult> { return pb::ControlResult(); });
  struct stat status{};
  ASSERT_EQ(::stat((directory_ / kSocketFile).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(directory_ / kSocketFile));
}

TEST_F(ControlTest, ASocketThatAKilledServerLeftIsReplaced) {
  {
    const auto name = socket_name(directory_);
    const Descriptor dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto* address = reinterpret_cast<const sockaddr*>(&name.address);
    ASSERT_EQ(::bind(dead.get(), address, sizeof name.address), 0);
  }
  serve([](const auto&, const auto&) -> Outcome<pb::ControlResult> { return pb::ControlResult(); });
  Parts parts;
  EXPECT_TRUE(ask(directory_, export_request(), parts.next()).ok());
}

// unix(7): the name of a socket has 107 bytes at most; a data directory may have more.
TEST_F(ControlTest, ADirectoryOfAnyLengthWillDo) {
  directory_ /= std::string(200, 'd');
  std::filesystem::create_directory(directory_);
  serve([](const auto&, const auto&) -> Outcome<pb::ControlResult> { return pb::ControlResult(); });
  Parts parts;
  EXPECT_TRUE(ask(directory_, export_request(), parts.next()).ok());
}

TEST_F(ControlTest, ACommandThatEndsMidwayStopsTheWorkAndNothingElse) {
  std::atomic<bool> failed = false;
  serve([&](const auto&, const NextPart& next) -> Outcome<pb::ControlResult> {
    std::ostream& out = **next(0);
    while (out.write("0123456789", 10)) {
    }
    failed = true;
    return Problem{"", "the command is gone", ""};
  });
  {
    const WithoutSigpipe quiet;
    const auto client = connected(directory_);
    Wire wire(client.get());
    ASSERT_TRUE(wire.send(export_request()));
    pb::ControlFrame frame;
    ASSERT_TRUE(wire.receive(frame));
  }
  server_.reset();  // waits for the handler
  EXPECT_TRUE(failed);
}

TEST_F(ControlTest, WhatIsNoRequestIsLeftWithoutAWord) {
  serve([](const auto&, const auto&) -> Outcome<pb::ControlResult> {
    ADD_FAILURE() << "nothing was asked";
    return pb::ControlResult();
  });
  const auto client = connected(directory_);
  ASSERT_EQ(::send(client.get(), "\x05nonsense", 9, 0), 9);
  char byte = 0;
  EXPECT_LE(::recv(client.get(), &byte, 1, 0), 0);
}

TEST_F(ControlTest, ItEndsAlsoWhileSomebodyIsConnectedAndSilent) {
  serve([](const auto&, const auto&) -> Outcome<pb::ControlResult> { return pb::ControlResult(); });
  std::vector<Descriptor> silent;
  for (int i = 0; i < Server::kAtOnce + 3; ++i) silent.push_back(connected(directory_));
  server_.reset();
  SUCCEED();
}

TEST_F(ControlTest, MoreThanItTakesAtOnceWaitForTheirTurn) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  serve([&](const auto&, const auto&) -> Outcome<pb::ControlResult> {
    const int running = ++now;
    for (int seen = most; seen < running && !most.compare_exchange_weak(seen, running);) {
    }
    --now;
    return pb::ControlResult();
  });
  std::atomic<int> answered = 0;
  std::vector<std::thread> commands;
  for (int i = 0; i < 12; ++i)
    commands.emplace_back([&] {
      Parts parts;
      if (ask(directory_, export_request(), parts.next()).ok()) ++answered;
    });
  for (auto& one : commands) one.join();
  EXPECT_EQ(answered, 12);
  EXPECT_LE(most, Server::kAtOnce);
}

}  // namespace
}  // namespace resguardo::control
