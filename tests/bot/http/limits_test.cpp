// SPDX-License-Identifier: AGPL-3.0-or-later
// Limits at n and n+1, deadlines, and what is said before a body is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <thread>

#include "tests/bot/http/http_fixture.h"
#include "tests/bot/http/raw_peer.h"

namespace resguardo::http::testing {
namespace {

using std::chrono::milliseconds;
constexpr std::size_t kHeaderLimit = 512;
constexpr std::size_t kMoreThanSocketsHold = 8'000'000;

std::string chunked(std::size_t size, std::size_t piece) {
  std::string text = "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  while (size > 0) {
    const std::size_t now = std::min(size, piece);
    std::array<char, 20> length{};
    const char* end = std::to_chars(length.data(), length.data() + length.size(), now, 16).ptr;
    text.append(std::string_view(length.data(), end))
        .append("\r\n")
        .append(now, 'c')
        .append("\r\n");
    size -= now;
  }
  return text + "0\r\n\r\n";
}

std::string get_with_head_of(std::size_t size) {
  std::string text = "GET /small HTTP/1.1\r\nHost: test\r\nPad: ";
  text.append(size - text.size() - 4, 'p');
  return text + "\r\n\r\n";
}

TEST(LimitsTest, BodyOfExactlyTheLimitIsTaken) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(post("/echo", std::string(kBodyLimit, 'b'))));
  EXPECT_EQ(peer.read_message().body.size(), kBodyLimit);
}

TEST(LimitsTest, OneByteMoreIsRefusedBeforeAnyOfItCame) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 1001\r\n\r\n"));
  const auto answer = peer.read_message();
  EXPECT_EQ(answer.status(), 413U);
  EXPECT_TRUE(answer.has("Connection: close"));
  peer.shut_writing();
  EXPECT_TRUE(peer.at_end());
}

TEST(LimitsTest, TheRefusalArrivesThoughTheBodyIsSentAnyway) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  peer.send(post("/echo", std::string(500'000, 'b')));
  EXPECT_EQ(peer.read_message().status(), 413U);
}

TEST(LimitsTest, AnUnknownPathIsRefusedBeforeItsBodyCame) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send("POST /other HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n"));
  const auto answer = peer.read_message();
  EXPECT_EQ(answer.status(), 404U);
  EXPECT_TRUE(answer.has("Connection: close"));
}

TEST(LimitsTest, ChunkedBodiesHaveTheSameLimit) {
  for (const std::size_t piece : {1000U, 999U, 100U, 1U}) {
    HttpFixture fixture;
    fixture.start();
    RawPeer peer = RawPeer::connect(fixture.port());
    ASSERT_TRUE(peer.send(chunked(kBodyLimit, piece)));
    EXPECT_EQ(peer.read_message().body.size(), kBodyLimit) << piece;
    peer.send(chunked(kBodyLimit + 1, piece));
    EXPECT_EQ(peer.read_message().status(), 413U) << piece;
    peer.shut_writing();
    EXPECT_TRUE(peer.at_end());
  }
}

TEST(LimitsTest, AChunkThatClaimsTooMuchIsRefusedBeforeItCame) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(
      peer.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"));
  EXPECT_EQ(peer.read_message().status(), 413U);
}

TEST(LimitsTest, ARouteWithoutABodyTakesNone) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send("GET /small HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n\r\n"));
  EXPECT_EQ(peer.read_message().status(), 413U);
}

TEST(LimitsTest, HeadOfExactlyTheLimitIsTaken) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.header_limit = kHeaderLimit;
  fixture.start(std::move(config));
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(get_with_head_of(kHeaderLimit)));
  EXPECT_EQ(peer.read_message().status(), 200U);
  ASSERT_TRUE(peer.send(get_with_head_of(kHeaderLimit + 1)));
  EXPECT_EQ(peer.read_message().status(), 431U);
  peer.shut_writing();
  EXPECT_TRUE(peer.at_end());
}

TEST(LimitsTest, AHeadWithoutEndIsRefusedAtTheLimit) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.header_limit = kHeaderLimit;
  fixture.start(std::move(config));
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(std::string(kHeaderLimit, 'G')));
  EXPECT_EQ(peer.read_message().status(), 431U);
}

TEST(LimitsTest, AHundredHeadersAndNoMore) {
  HttpFixture fixture;
  fixture.start();
  for (const int count : {100, 101}) {
    RawPeer peer = RawPeer::connect(fixture.port());
    std::string text = "GET /small HTTP/1.1\r\nHost: test\r\n";
    for (int i = 1; i < count; ++i) text += "A: b\r\n";
    ASSERT_TRUE(peer.send(text + "\r\n"));
    EXPECT_EQ(peer.read_message().status(), count == 100 ? 200U : 400U);
  }
}

TEST(LimitsTest, ContinueIsSaidOnlyForABodyWeWant) {
  HttpFixture fixture;
  fixture.start();
  RawPeer wanted = RawPeer::connect(fixture.port());
  ASSERT_TRUE(wanted.send(
      "POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_EQ(wanted.read_message().head, "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(wanted.send("ok"));
  EXPECT_EQ(wanted.read_message().body, "ok");

  const std::pair<std::string, unsigned> unwanted[] = {
      {"POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n",
       413},
      {"POST /else HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", 404},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 200-maybe\r\nContent-Length: 2\r\n\r\n", 417}};
  for (const auto& [request, status] : unwanted) {
    RawPeer peer = RawPeer::connect(fixture.port());
    ASSERT_TRUE(peer.send(request));
    EXPECT_EQ(peer.read_message().status(), status) << request;
  }
}

TEST(LimitsTest, AnIdleConnectionIsClosedWithoutAWord) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.idle = milliseconds(50);
  fixture.start(std::move(config));
  RawPeer fresh = RawPeer::connect(fixture.port());
  EXPECT_EQ(fresh.read_all(), "");
  RawPeer used = RawPeer::connect(fixture.port());
  ASSERT_TRUE(used.send(get("/small")));
  EXPECT_EQ(used.read_message().status(), 200U);
  EXPECT_EQ(used.read_all(), "");
}

// The deadline is for the whole request: bytes that keep coming do not move it.
TEST(LimitsTest, ASlowHeadIsCutByTheDeadline) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.request = milliseconds(100);
  fixture.start(std::move(config));
  RawPeer peer = RawPeer::connect(fixture.port());
  std::thread dripper([&peer] {
    while (peer.send("G")) std::this_thread::sleep_for(milliseconds(5));
  });
  const auto answer = peer.read_message();
  EXPECT_EQ(answer.status(), 408U);
  EXPECT_TRUE(answer.has("Connection: close"));
  dripper.join();
}

TEST(LimitsTest, ASlowBodyIsCutByTheDeadline) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.request = milliseconds(100);
  fixture.start(std::move(config));
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 900\r\n\r\nabc"));
  EXPECT_EQ(peer.read_message().status(), 408U);
  EXPECT_TRUE(peer.at_end());
}

TEST(LimitsTest, APeerThatReadsNothingIsCutByTheDeadline) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.request = milliseconds(300);
  fixture.start(std::move(config));
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(post("/hold", "")));
  fixture.held.wait().respond({200, "text/plain", std::string(kMoreThanSocketsHold, 'x')});
  fixture.server->stop(std::chrono::seconds(20));  // returns once the connection is gone
  EXPECT_LT(peer.read_all().size(), kMoreThanSocketsHold);
}

TEST(LimitsTest, AHandlerThatDoesNotAnswerIsAnsweredFor) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.answer = milliseconds(50);
  fixture.start(std::move(config));
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(post("/hold", "x")));
  const auto answer = peer.read_message();
  EXPECT_EQ(answer.status(), 503U);
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_TRUE(peer.at_end());
  fixture.held.wait().respond({200, "", ""});  // too late: nobody listens, nothing breaks
}

}  // namespace
}  // namespace resguardo::http::testing
