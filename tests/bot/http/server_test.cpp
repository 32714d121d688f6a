// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "tests/bot/http/http_fixture.h"
#include "tests/bot/http/raw_peer.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::http::testing {
namespace {

using std::chrono::milliseconds;

TEST(ServerTest, AnswersAndKeepsTheConnection) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  for (const char* body : {"first", "second", ""}) {
    ASSERT_TRUE(peer.send(post("/echo", body)));
    const auto answer = peer.read_message();
    EXPECT_EQ(answer.status(), 200U);
    EXPECT_EQ(answer.body, body);
    EXPECT_FALSE(answer.has("Connection: close"));
  }
}

TEST(ServerTest, AnswersHaveTheHeadersWeDecidedAndNoOthers) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(get("/small")));
  EXPECT_EQ(peer.read_message().head,
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n");
  ASSERT_TRUE(peer.send(get("/elsewhere")));
  EXPECT_EQ(peer.read_message().head,
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n");
}

TEST(ServerTest, AnotherMethodIsNotFound) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  for (const char* method : {"GET", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X"}) {
    ASSERT_TRUE(peer.send(std::string(method) + " /echo HTTP/1.1\r\nHost: test\r\n\r\n"));
    EXPECT_EQ(peer.read_message().status(), 404U) << method;
  }
}

TEST(ServerTest, HeadIsGetWithoutItsBody) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send("HEAD /small HTTP/1.1\r\nHost: test\r\n\r\n"));
  const auto head = peer.read_message(false);
  EXPECT_EQ(head.status(), 200U);
  EXPECT_TRUE(head.has("Content-Length: 5\r\n"));
  ASSERT_TRUE(peer.send(get("/small")));  // and the next answer begins right after it
  EXPECT_EQ(peer.read_message().body, "small");
}

TEST(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.pipelined = 100;
  fixture.start(std::move(config));
  RawPeer peer = RawPeer::connect(fixture.port());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += post("/echo", std::string(static_cast<std::size_t>(i * 20), 'x')) + get("/small");
  std::thread writer([&] { EXPECT_TRUE(peer.send(all)); });
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(peer.read_message().body.size(), i * 20);
    EXPECT_EQ(peer.read_message().body, "small");
  }
  writer.join();
}

TEST(ServerTest, RequestsMayComeOneByteAtATime) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  const std::string chunked =
      "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n1\r\nd\r\n00\r\nTrailer: ignored\r\n\r\n";
  const std::string empty =
      "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (const std::string& request : {chunked, empty, post("/echo", "abcd"), chunked}) {
    for (const char& byte : request) ASSERT_TRUE(peer.send({&byte, 1}));
    const auto answer = peer.read_message();
    EXPECT_EQ(answer.status(), 200U);
    EXPECT_EQ(answer.body, request == empty ? "" : "abcd");
  }
}

TEST(ServerTest, Http10IsAnsweredOnce) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(
      peer.send("POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi"));
  const auto answer = peer.read_message();
  EXPECT_EQ(answer.body, "hi");
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_TRUE(peer.at_end());
}

TEST(ServerTest, ClosesWhenThePeerAsksForIt) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send("GET /small HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"));
  EXPECT_TRUE(peer.read_message().has("Connection: close"));
  EXPECT_TRUE(peer.at_end());
}

TEST(ServerTest, APeerThatStoppedWritingStillGetsItsAnswer) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(post("/echo", "half-closed")));
  peer.shut_writing();
  EXPECT_EQ(peer.read_message().body, "half-closed");
  EXPECT_TRUE(peer.at_end());
}

TEST(ServerTest, HandlersGetLowerCaseNamesAndExactValues) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(
      peer.send("POST /headers HTTP/1.1\r\nHost: test\r\nX-Hub-Signature-256:  sha256=AB \t\r\n"
                "X-Twice: one\r\nx-twice: two\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_EQ(peer.read_message().body,
            "POST /headers\nhost=test\nx-hub-signature-256=sha256=AB\nx-twice=one\nx-twice=two\n"
            "content-length=0\n");
}

TEST(ServerTest, StatusesOutsideTheTableBecome500) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  for (const Response& strange : {Response{302, "", "x"}, Response{0, "", ""},
                                  Response{200, "text/plain\r\nSet-Cookie: a=b", "x"}}) {
    ASSERT_TRUE(peer.send(post("/hold", "")));
    fixture.held.wait().respond(strange);
    const auto answer = peer.read_message();
    EXPECT_EQ(answer.status(), 500U);
    EXPECT_EQ(answer.body, "");
    EXPECT_FALSE(answer.has("Set-Cookie"));
  }
}

TEST(ServerTest, RefusalsHaveNoBodyAndReadinessMayHaveReasons) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(post("/hold", "")));
  fixture.held.wait().respond({403, "text/plain", "because"});
  EXPECT_EQ(peer.read_message().head,
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n");
  ASSERT_TRUE(peer.send(post("/hold", "")));
  fixture.held.wait().respond({503, "text/plain", "no roster"});
  EXPECT_EQ(peer.read_message().body, "no roster");
  ASSERT_TRUE(peer.send(post("/hold", "")));
  fixture.held.wait().respond({204, "text/plain", "dropped"});
  EXPECT_EQ(peer.read_message().head,
            "HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\n\r\n");
}

TEST(ServerTest, ListensOnUnixSocketsAndReplacesADeadOnesFile) {
  const testing_support::TemporaryDirectory directory;
  const std::string path = directory.path() / "gateway.sock";
  HttpFixture fixture;
  const mode_t umask_before = ::umask(0077);  // as the unit sets it
  fixture.start(fixture.config("unix:" + path));
  ::umask(umask_before);
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms{0660});
  for (int i = 0; i < 8; ++i) {  // whichever thread takes it
    RawPeer peer = RawPeer::connect_unix(path);
    ASSERT_TRUE(peer.send(post("/echo", "over unix")));
    EXPECT_EQ(peer.read_message().body, "over unix");
  }
  HttpFixture second;
  std::string failed;
  const auto refused = Server::start(second.config("unix:" + path), &failed);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kUnavailable);
  EXPECT_EQ(failed, "test");
  fixture.server.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ServerTest, ListensOnIpv6) {
  HttpFixture fixture;
  fixture.start(fixture.config("[::1]:0"));
  EXPECT_NE(fixture.port(), 0);
}

TEST(ServerTest, ASecondServerCannotShareThePort) {
  HttpFixture first;
  first.start();
  HttpFixture second;
  std::string failed;
  const auto refused =
      Server::start(second.config("127.0.0.1:" + std::to_string(first.port())), &failed);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kUnavailable);
  EXPECT_STREQ(refused.error().why.c_str(), "the address is in use");
  EXPECT_EQ(failed, "test");
}

TEST(ServerTest, BindsAllListenersOrNone) {
  HttpFixture first;
  first.start();
  HttpFixture second;
  const testing_support::TemporaryDirectory directory;
  const std::string path = directory.path() / "a.sock";
  ServerConfig config = second.config("unix:" + path);
  config.listeners.push_back(config.listeners.front());
  config.listeners.back().name = "taken";
  config.listeners.back().address = "127.0.0.1:" + std::to_string(first.port());
  std::string failed;
  ASSERT_FALSE(Server::start(std::move(config), &failed).ok());
  EXPECT_EQ(failed, "taken");
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ServerTest, ConnectionsOverTheCapAreClosedAtOnce) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.listeners.front().peers.connections = 2;
  fixture.start(std::move(config));
  RawPeer one = RawPeer::connect(fixture.port());
  RawPeer two = RawPeer::connect(fixture.port());
  for (RawPeer* peer : {&one, &two}) {
    ASSERT_TRUE(peer->send(get("/small")));
    EXPECT_EQ(peer->read_message().status(), 200U);
  }
  RawPeer three = RawPeer::connect(fixture.port());
  EXPECT_TRUE(three.at_end());
  ASSERT_TRUE(one.send("GET /small HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"));
  EXPECT_EQ(one.read_all().substr(0, 15), "HTTP/1.1 200 OK");
}

TEST(ServerTest, AListenerThatIsFullLeavesTheOthersTheirPlaces) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.listeners.front().peers.connections = 1;
  config.listeners.push_back(config.listeners.front());
  config.listeners.back().name = "other";
  fixture.start(std::move(config));
  RawPeer one = RawPeer::connect(fixture.port());
  ASSERT_TRUE(one.send(get("/small")));
  EXPECT_EQ(one.read_message().status(), 200U);
  RawPeer other = RawPeer::connect(fixture.server->port("other"));
  ASSERT_TRUE(other.send(get("/small")));
  EXPECT_EQ(other.read_message().status(), 200U);
}

TEST(ServerTest, ManyConnectionsAtOnceEachGetTheirOwnAnswers) {
  HttpFixture fixture;
  fixture.start();
  constexpr int kConnections = 64;
  constexpr int kRequests = 20;
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  threads.reserve(kConnections);
  for (int c = 0; c < kConnections; ++c) {
    threads.emplace_back([&, c] {
      RawPeer peer = RawPeer::connect(fixture.port());
      for (int r = 0; r < kRequests; ++r) {
        const std::string body = std::to_string(c) + "/" + std::to_string(r);
        if (peer.send(post("/echo", body)) && peer.read_message().body == body) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, kConnections * kRequests);
}

}  // namespace
}  // namespace resguardo::http::testing
