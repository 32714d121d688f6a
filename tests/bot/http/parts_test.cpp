// SPDX-License-Identifier: AGPL-3.0-or-later
// The parts under the server and the client that need no socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/beast/http/error.hpp>

#include "bot/http/client.h"
#include "bot/http/detail/base_url.h"
#include "bot/http/detail/exchange.h"
#include "bot/http/detail/head_scanner.h"
#include "bot/http/detail/listen.h"
#include "bot/http/detail/parser.h"
#include "bot/http/detail/read_buffer.h"

namespace resguardo::http {
namespace {

using Verdict = HeadScanner::Verdict;
namespace beast_http = boost::beast::http;

TEST(HeadScannerTest, FindsTheEndHoweverTheBytesCome) {
  const std::string head = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
  for (std::size_t step = 1; step <= head.size(); ++step) {
    HeadScanner scanner(100);
    std::size_t given = 0;
    while (given + step < head.size()) {
      given += step;
      ASSERT_EQ(scanner.scan(as_bytes(head).first(given)), Verdict::kMore);
    }
    ASSERT_EQ(scanner.scan(as_bytes(head + "next")), Verdict::kComplete);
    EXPECT_EQ(scanner.length(), head.size());
  }
}

TEST(HeadScannerTest, CountsTheEmptyLineIntoTheLimit) {
  const std::string head = "GET / HTTP/1.1\r\n\r\n";
  HeadScanner enough(head.size());
  EXPECT_EQ(enough.scan(as_bytes(head)), Verdict::kComplete);
  HeadScanner one_less(head.size() - 1);
  EXPECT_EQ(one_less.scan(as_bytes(head)), Verdict::kTooLong);
}

TEST(HeadScannerTest, RefusesEveryControlCharacterButTab) {
  for (int c = 0; c < 256; ++c) {
    if (c == '\r' || c == '\n') continue;
    std::string head = "GET / HTTP/1.1\r\nA: x";
    head += static_cast<char>(c);
    HeadScanner scanner(100);
    const bool allowed = c == '\t' || (c >= 0x20 && c != 0x7f);
    EXPECT_EQ(scanner.scan(as_bytes(head)), allowed ? Verdict::kMore : Verdict::kMalformed) << c;
  }
}

std::size_t feed(RequestParser& parser, std::string_view body, std::size_t step, ErrorCode& error) {
  ReadBuffer buffer(64);
  std::size_t given = 0;
  while (!parser.is_done()) {
    buffer.consume(parser.put_body(buffer.data(), error));
    if (error == beast_http::error::need_more && !buffer.full() && given < body.size()) {
      const auto space = buffer.space();
      const std::size_t now = std::min({step, space.size(), body.size() - given});
      std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(given), now, space.begin());
      buffer.commit(now);
      given += now;
    } else if (error) {
      break;
    }
  }
  return given - buffer.size();
}

constexpr std::string_view kChunkedHead =
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(ParserTest, TakesChunkedBodiesInPiecesOfAnySize) {
  for (const std::string_view body :
       {"0\r\n\r\n", "1\r\na\r\n0\r\n\r\n", "3\r\nabc\r\n2\r\nde\r\n000\r\nT: x\r\nU: y\r\n\r\n",
        "A\r\n0123456789\r\n0\r\n\r\n"}) {
    for (std::size_t step = 1; step <= 64; ++step) {
      RequestParser parser(1000);
      ASSERT_TRUE(parser.put_head(as_bytes(kChunkedHead)));
      parser.body_limit(10);
      ErrorCode error;
      const std::string and_next = std::string(body) + "GET /next";
      ASSERT_EQ(feed(parser, and_next, step, error), body.size()) << body << " by " << step;
      EXPECT_TRUE(parser.is_done());
      EXPECT_EQ(parser.message().headers.size(), 2U);  // no trailer among them
    }
  }
}

// Whatever follows the head, the parser ends in one of three ways and takes nothing over the limit.
TEST(ParserTest, RefusesAFoldedTrailerHoweverItComes) {
  for (const std::string_view body :
       {"0\r\nT: x\r\n y\r\n\r\n", "1\r\na\r\n000\r\nT: x\r\n\ty\r\n\r\n", "0\r\n T: x\r\n\r\n"}) {
    for (std::size_t step = 1; step <= 64; ++step) {
      RequestParser parser(1000);
      ASSERT_TRUE(parser.put_head(as_bytes(kChunkedHead)));
      parser.body_limit(10);
      ErrorCode error;
      feed(parser, std::string(body), step, error);
      EXPECT_EQ(error, beast_http::error::bad_field) << body << " by " << step;
    }
  }
}

TEST(ParserTest, NoiseAfterTheHeadIsHarmless) {
  constexpr std::string_view kAlphabet = "0123aF\r\n\r\n;\" =:T,xX\t";
  std::uint32_t state = 12345;
  for (int round = 0; round < 20'000; ++round) {
    std::string noise;
    for (int i = 0; i < 40; ++i) {
      state = state * 1664525 + 1013904223;
      noise += kAlphabet[(state >> 16) % kAlphabet.size()];
    }
    RequestParser parser(1000);
    ASSERT_TRUE(parser.put_head(as_bytes(kChunkedHead)));
    parser.body_limit(10);
    ErrorCode error;
    feed(parser, noise, 1 + static_cast<std::size_t>(round) % 7, error);
    ASSERT_LE(parser.message().body.size(), 10U);
  }
}

TEST(ReadBufferTest, ForgetsWhatWasConsumed) {
  ReadBuffer buffer(16);
  auto space = buffer.space();
  ASSERT_EQ(space.size(), 16U);
  const std::uint8_t* memory = space.data();
  std::ranges::fill(space, std::uint8_t{'s'});
  buffer.commit(16);
  EXPECT_TRUE(buffer.full());
  EXPECT_TRUE(buffer.space().empty());
  buffer.consume(10);
  EXPECT_TRUE(std::all_of(memory, memory + 10, [](auto byte) { return byte == 0; }));
  EXPECT_EQ(buffer.space().size(), 10U);  // moved to the front, and no copy left behind
  EXPECT_TRUE(std::all_of(memory + 6, memory + 16, [](auto byte) { return byte == 0; }));
  EXPECT_EQ(as_text(buffer.data()), "ssssss");
}

TEST(ReadBufferTest, GrowsToItsCapacityAndNoFurther) {
  ReadBuffer buffer(5000);
  std::size_t total = 0;
  while (!buffer.full()) {
    const std::size_t room = buffer.space().size();
    ASSERT_GT(room, 0U);
    buffer.commit(room);
    total += room;
  }
  EXPECT_EQ(total, 5000U);
}

TEST(BaseUrlTest, ReadsHostPortPrefix) {
  struct Case {
    const char* text;
    bool tls;
    const char* host;
    std::uint16_t port;
    const char* prefix;
    const char* authority;
  };
  for (const Case& c :
       {Case{"https://graph.facebook.com/v23.0", true, "graph.facebook.com", 443, "/v23.0",
             "graph.facebook.com"},
        Case{"http://127.0.0.1:8082", false, "127.0.0.1", 8082, "", "127.0.0.1:8082"},
        Case{"http://[::1]:8082/", false, "::1", 8082, "", "[::1]:8082"},
        Case{"https://a.example/x/y/", true, "a.example", 443, "/x/y", "a.example"}}) {
    const auto base = parse_base_url(c.text);
    ASSERT_TRUE(base.ok()) << c.text;
    EXPECT_EQ(base->tls, c.tls);
    EXPECT_EQ(base->host, c.host);
    EXPECT_EQ(base->port, c.port);
    EXPECT_EQ(base->prefix, c.prefix);
    EXPECT_EQ(base->authority, c.authority);
    EXPECT_TRUE(check_base(c.text).ok());
  }
  const auto unix_base = parse_base_url("unix:/run/signal/api.sock");
  ASSERT_TRUE(unix_base.ok());
  EXPECT_EQ(unix_base->unix_path, "/run/signal/api.sock");
}

TEST(BaseUrlTest, RefusesWhatIsNoBase) {
  for (const char* text :
       {"", "graph.facebook.com", "ftp://a/", "http://", "http:///x", "https://user:word@a/",
        "https://user@a/", "http://a/?q", "http://a/#f", "http://a:0/", "http://a:65536/",
        "http://a:x/", "http://a b/", "http://a/\r\nX: y", "unix:", "unix:relative", "//a/b"}) {
    EXPECT_FALSE(check_base(text).ok()) << text;
  }
}

TEST(BaseUrlTest, OriginsDifferByEverythingThatMatters) {
  std::vector<std::string> origins;
  for (const char* text : {"http://a/", "https://a/", "http://a:443/", "http://b/", "unix:/a"}) {
    origins.push_back(parse_base_url(text)->origin());
  }
  std::ranges::sort(origins);
  EXPECT_EQ(std::ranges::adjacent_find(origins), origins.end());
  EXPECT_EQ(parse_base_url("http://a/x")->origin(), parse_base_url("http://a:80")->origin());
}

ClientRequest request_of(std::string method, std::string path, std::vector<Header> headers) {
  ClientRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.headers = std::move(headers);
  return request;
}

TEST(RequestHeadTest, SaysWhatWasAskedFor) {
  const auto base = parse_base_url("https://a.example/v1");
  ClientRequest request = request_of("POST", "/x?y=1", {{"Authorization", "Bearer t"}});
  request.body = SecretBuffer(as_bytes("four"));
  const auto head = request_head(*base, request);
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->reveal(),
            "POST /v1/x?y=1 HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer t\r\n"
            "Content-Length: 4\r\n\r\n");
}

TEST(RequestHeadTest, CannotBeMadeToSayMore) {
  const auto base = parse_base_url("http://a.example");
  EXPECT_TRUE(request_head(*base, request_of("GET", "/", {})).ok());
  for (const char* path : {"", "x", "/a b", "/a\r\nX: y", "/a\nb", "/\x01", "/a#b", "/\xc3\xa9"}) {
    EXPECT_FALSE(request_head(*base, request_of("GET", path, {})).ok()) << path;
  }
  for (const char* method : {"", "GE T", "GET\r\n", "CONNECT"}) {
    EXPECT_FALSE(request_head(*base, request_of(method, "/", {})).ok()) << method;
  }
  for (const Header& header :
       {Header{"", "x"}, Header{"A B", "x"}, Header{"A", "x\r\nB: y"}, Header{"A", "x\ny"},
        Header{"Host", "b"}, Header{"HOST", "b"}, Header{"content-length", "1"},
        Header{"Transfer-Encoding", "chunked"}, Header{"Connection", "close"},
        Header{"Expect", "100-continue"}}) {
    EXPECT_FALSE(request_head(*base, request_of("GET", "/", {header})).ok()) << header.name;
  }
}

TEST(ListenAddressTest, ReadsTheThreeForms) {
  EXPECT_TRUE(parse_listen_address("127.0.0.1:8080").ok());
  EXPECT_TRUE(parse_listen_address("[::1]:8080").ok());
  EXPECT_TRUE(parse_listen_address("0.0.0.0:0").ok());
  EXPECT_TRUE(parse_listen_address("unix:/run/resguardo/gateway.sock").ok());
}

TEST(ListenAddressTest, RefusesTheRest) {
  for (const char* text :
       {"", "127.0.0.1", ":8080", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80x",
        "localhost:80", "::1:80", "[127.0.0.1]:80", "[::1]", "[]:80", "unix:", "unix:here.sock",
        "127.0.0.1 :80"}) {
    EXPECT_FALSE(parse_listen_address(text).ok()) << text;
  }
  std::string path = "unix:/";
  path.resize(path.size() + 106, 'a');
  EXPECT_TRUE(parse_listen_address(path).ok());
  path += 'a';
  EXPECT_FALSE(parse_listen_address(path).ok());
}

}  // namespace
}  // namespace resguardo::http
