// SPDX-License-Identifier: AGPL-3.0-or-later
// Limits by address over real sockets, at n and n+1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/http/http_fixture.h"
#include "tests/bot/http/raw_peer.h"

namespace resguardo::http::testing {
namespace {

class PeerLimitsTest : public ::testing::Test {
 protected:
  PeerLimitsTest() : config_(fixture_.config()) {}
  PeerLimits& limits() { return config_.listeners.front().peers; }
  void start() { fixture_.start(std::move(config_)); }
  RawPeer connect() { return RawPeer::connect(fixture_.port()); }

  HttpFixture fixture_;
  ServerConfig config_;
};

std::string from(std::string_view address, std::string_view target = "/small") {
  return std::string("GET ")
      .append(target)
      .append(" HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: ")
      .append(address)
      .append("\r\n\r\n");
}

std::string hold_from(std::string_view address) {
  return std::string("POST /hold HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\nX-Forwarded-For: ")
      .append(address)
      .append("\r\n\r\n");
}

TEST_F(PeerLimitsTest, OneConnectionTooManyOfAnAddressEndsItsOldestStranger) {
  limits().per_address = 2;
  start();
  RawPeer oldest = connect();
  ASSERT_TRUE(oldest.send(get("/other")));
  EXPECT_EQ(oldest.read_message().status(), 404U);
  RawPeer taken = connect();
  ASSERT_TRUE(taken.send(get("/small")));
  EXPECT_EQ(taken.read_message().status(), 200U);
  ASSERT_TRUE(oldest.send(get("/other")));
  EXPECT_EQ(oldest.read_message().status(), 404U) << "two are at the limit";
  RawPeer newest = connect();
  ASSERT_TRUE(newest.send(get("/small")));
  EXPECT_EQ(newest.read_message().status(), 200U);
  EXPECT_TRUE(oldest.at_end());
  RawPeer nobody = connect();
  EXPECT_TRUE(nobody.at_end()) << "both others had something taken";
  ASSERT_TRUE(taken.send(get("/small")));
  EXPECT_EQ(taken.read_message().status(), 200U);
}

// A handler that works for somebody is waited for, whoever else comes.
TEST_F(PeerLimitsTest, WhoseRequestIsWithItsHandlerIsNotSentAway) {
  limits().connections = 1;
  start();
  RawPeer working = connect();
  ASSERT_TRUE(working.send(post("/hold", "x")));
  const auto held = fixture_.held.wait();
  RawPeer other = connect();
  EXPECT_TRUE(other.at_end());
  held.respond({200, "text/plain", "done"});
  EXPECT_EQ(working.read_message().body, "done");
}

TEST_F(PeerLimitsTest, RefusalsThroughAProxyCountForWhomItAsks) {
  limits().refusals_per_minute = 2;
  config_.trusted_proxies = {"127.0.0.1"};
  start();
  RawPeer proxy = connect();
  const auto ask = [&](const std::string& request) {
    EXPECT_TRUE(proxy.send(request));
    return proxy.read_message();
  };
  EXPECT_EQ(ask(from("203.0.113.5")).status(), 200U);
  EXPECT_EQ(ask(from("203.0.113.5", "/other")).status(), 404U);
  EXPECT_EQ(ask(from("203.0.113.5")).status(), 200U);
  EXPECT_EQ(ask(from("203.0.113.5", "/other")).status(), 404U) << "the second, and the last";
  const auto refused = ask(from("203.0.113.5"));
  EXPECT_EQ(refused.status(), 429U);
  EXPECT_FALSE(refused.has("Connection: close")) << "others ask through it too";
  EXPECT_EQ(ask(from("203.0.113.6")).status(), 200U);
  EXPECT_EQ(ask(from("203.0.113.5, 203.0.113.6")).status(), 200U) << "nobody asks for another";
  EXPECT_EQ(ask(get("/small")).status(), 200U) << "it does not say for whom";
}

TEST_F(PeerLimitsTest, OnlyAProxyIsAskedForWhomItAsks) {
  limits().refusals_per_minute = 1;
  config_.trusted_proxies = {"192.0.2.1"};
  start();
  RawPeer peer = connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(peer.send(from("203.0.113.5", "/other")));
    EXPECT_EQ(peer.read_message().status(), 404U);
  }
}

TEST_F(PeerLimitsTest, RequestsUnderWayThroughAProxyAreBoundedForEachAddress) {
  limits().per_address = 2;
  config_.trusted_proxies = {"127.0.0.0/8"};
  start();
  std::vector<RawPeer> connections;
  for (int i = 0; i < 4; ++i) connections.push_back(connect());
  std::vector<HeldRequests::Held> held;
  for (std::size_t i = 0; i < 2; ++i) {
    ASSERT_TRUE(connections[i].send(hold_from("203.0.113.5")));
    held.push_back(fixture_.held.wait());
  }
  ASSERT_TRUE(connections[2].send(hold_from("203.0.113.5")));
  EXPECT_EQ(connections[2].read_message().status(), 429U);
  ASSERT_TRUE(connections[3].send(from("203.0.113.6")));
  EXPECT_EQ(connections[3].read_message().status(), 200U);
  held[0].respond({200, "", ""});
  EXPECT_EQ(connections[0].read_message().status(), 200U);
  ASSERT_TRUE(connections[3].send(from("203.0.113.5")));
  EXPECT_EQ(connections[3].read_message().status(), 200U);
  held[1].respond({200, "", ""});
}

TEST_F(PeerLimitsTest, OverAUnixSocketOnlyWhereItIsTrusted) {
  const std::string path = ::testing::TempDir() + "resguardo-peers-" + std::to_string(::getpid());
  limits().refusals_per_minute = 1;
  config_.listeners.front().address = "unix:" + path;
  config_.trusted_proxies = {"unix"};
  start();
  RawPeer proxy = RawPeer::connect_unix(path);
  ASSERT_TRUE(proxy.send(from("203.0.113.5", "/other") + from("203.0.113.5")));
  EXPECT_EQ(proxy.read_message().status(), 404U);
  EXPECT_EQ(proxy.read_message().status(), 429U);
}

TEST_F(PeerLimitsTest, SoManyRequestsBeforeAnAnswerAndNoMore) {
  config_.pipelined = 3;
  start();
  for (const int count : {4, 5}) {  // the first is not ahead of anybody
    RawPeer peer = connect();
    std::string all;
    for (int i = 0; i < count; ++i) all += get("/small");
    ASSERT_TRUE(peer.send(all));
    for (int i = 0; i < 4; ++i) {
      const auto answer = peer.read_message();
      EXPECT_EQ(answer.status(), 200U) << i;
      EXPECT_EQ(answer.has("Connection: close"), count == 5 && i == 3) << i;
    }
    if (count == 5) {
      EXPECT_TRUE(peer.at_end());
    }
  }
}

TEST_F(PeerLimitsTest, LargeBodiesShareWhatRoomThereIsAndSmallOnesNeedNone) {
  config_.bodies = 1000;
  config_.free_body = 100;
  start();
  RawPeer large = connect();
  ASSERT_TRUE(large.send(post("/hold", std::string(600, 'a'))));  // takes 500
  const auto held = fixture_.held.wait();
  RawPeer over = connect();
  ASSERT_TRUE(over.send(post("/echo", std::string(601, 'b'))));
  EXPECT_EQ(over.read_message().status(), 503U);
  RawPeer exact = connect();
  ASSERT_TRUE(exact.send(post("/echo", std::string(600, 'c'))));
  EXPECT_EQ(exact.read_message().status(), 200U) << "500 and 500 are exactly the room";
  RawPeer small = connect();
  ASSERT_TRUE(small.send(post("/echo", std::string(100, 'd'))));
  EXPECT_EQ(small.read_message().body, std::string(100, 'd'));
  held.respond({200, "", ""});
  EXPECT_EQ(large.read_message().status(), 200U);
  ASSERT_TRUE(exact.send(post("/echo", std::string(1000, 'e'))));
  EXPECT_EQ(exact.read_message().body.size(), 1000U) << "and all of it is free again";
}

}  // namespace
}  // namespace resguardo::http::testing
