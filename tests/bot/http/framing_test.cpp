// SPDX-License-Identifier: AGPL-3.0-or-later
// What two parsers could read in two ways is read in none: 400, and the connection ends, so that
// nothing behind it is taken for a request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "tests/bot/http/http_fixture.h"
#include "tests/bot/http/raw_peer.h"

namespace resguardo::http::testing {
namespace {

struct Case {
  const char* name;
  std::string bytes;
  unsigned status;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class FramingTest : public ::testing::TestWithParam<Case> {};

TEST_P(FramingTest, IsRefusedOnceAndNothingBehindItIsAnswered) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  peer.send(GetParam().bytes + get("/small"));
  const auto answer = peer.read_message();
  EXPECT_EQ(answer.status(), GetParam().status);
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_TRUE(answer.has("Content-Length: 0"));
  peer.shut_writing();
  EXPECT_EQ(peer.read_all(), "");
}

std::string with(std::string_view lines, std::string_view rest = "") {
  return std::string("POST /echo HTTP/1.1\r\nHost: test\r\n")
      .append(lines)
      .append("\r\n")
      .append(rest);
}
using namespace std::string_literals;

INSTANTIATE_TEST_SUITE_P(
    Smuggling, FramingTest,
    ::testing::Values(
        Case{"LengthThenEncoding",
             with("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nX"), 400},
        Case{"EncodingThenLength",
             with("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"), 400},
        Case{"TwoLengths", with("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), 400},
        Case{"TheSameLengthTwice", with("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400},
        Case{"LengthList", with("Content-Length: 1, 1\r\n", "a"), 400},
        Case{"SignedLength", with("Content-Length: +1\r\n", "a"), 400},
        Case{"NegativeLength", with("Content-Length: -1\r\n"), 400},
        Case{"HexLength", with("Content-Length: 0x1\r\n", "a"), 400},
        Case{"EmptyLength", with("Content-Length:\r\n"), 400},
        Case{"LengthOver64Bits", with("Content-Length: 18446744073709551617\r\n", "a"), 400},
        Case{"EncodingTwice",
             with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
             400},
        Case{"ChunkedTwiceInOne", with("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"),
             400},
        Case{"ChunkedNotLast", with("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 400},
        Case{"AnotherEncodingFirst", with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
             400},
        Case{"UnknownEncoding", with("Transfer-Encoding: identity\r\n"), 400},
        Case{"ObfuscatedEncoding", with("Transfer-Encoding: xchunked\r\n"), 400},
        Case{"VerticalTabEncoding",
             with("Transfer-Encoding:\x0b"
                  "chunked\r\n"),
             400},
        Case{"SpaceBeforeColon", with("Content-Length : 1\r\n", "a"), 400},
        Case{"EncodingInHttp10",
             "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        Case{"FoldedLine", with("X-A: b\r\n Content-Length: 5\r\n"), 400},
        Case{"FoldedWithTab", with("X-A: b\r\n\tc\r\n"), 400},
        Case{"IndentedFirstHeader", "POST /echo HTTP/1.1\r\n Host: test\r\n\r\n", 400},
        Case{"BareLineFeeds", "GET /small HTTP/1.1\nHost: test\n\n", 400},
        Case{"OneBareLineFeed", with("X-A: b\nContent-Length: 1\r\n", "a"), 400},
        Case{"BareCarriageReturn", with("X-A: b\rContent-Length: 1\r\n", "a"), 400},
        Case{"NulInValue", with("X-A: b\0c\r\n"s), 400},
        Case{"NulInName", with("X\0A: b\r\n"s), 400},
        Case{"NulInTarget", "GET /sm\0all HTTP/1.1\r\nHost: test\r\n\r\n"s, 400},
        Case{"DeleteInValue", with("X-A: b\x7f\r\n"), 400},
        Case{"HeaderWithoutColon", with("Nonsense\r\n"), 400},
        Case{"HeaderWithoutName", with(": value\r\n"), 400},
        Case{"EmptyLineFirst", "\r\nGET /small HTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"NoHost", "GET /small HTTP/1.1\r\n\r\n", 400},
        Case{"TwoHosts", "GET /small HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        Case{"NoVersion", "GET /small\r\n\r\n", 400},
        Case{"Version09", "GET /small HTTP/0.9\r\nHost: test\r\n\r\n", 400},
        Case{"Version20", "GET /small HTTP/2.0\r\nHost: test\r\n\r\n", 400},
        Case{"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        Case{"TwoSpaces", "GET  /small HTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"TlsHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
        Case{"ChunkBareLineFeed", with("Transfer-Encoding: chunked\r\n", "1\na\r\n0\r\n\r\n"), 400},
        Case{"ChunkSizeNotHex", with("Transfer-Encoding: chunked\r\n", "g\r\na\r\n0\r\n\r\n"), 400},
        Case{"ChunkSizeSigned", with("Transfer-Encoding: chunked\r\n", "+1\r\na\r\n0\r\n\r\n"),
             400},
        Case{"ChunkSizePrefixed", with("Transfer-Encoding: chunked\r\n", "0x1\r\na\r\n0\r\n\r\n"),
             400},
        Case{"ChunkSizeOver64Bits",
             with("Transfer-Encoding: chunked\r\n", "10000000000000001\r\na\r\n0\r\n\r\n"), 400},
        Case{"ChunkExtension", with("Transfer-Encoding: chunked\r\n", "1;a=b\r\na\r\n0\r\n\r\n"),
             400},
        Case{"LastChunkExtension", with("Transfer-Encoding: chunked\r\n", "0;a\r\n\r\n"), 400},
        Case{"ChunkLongerThanItsSize",
             with("Transfer-Encoding: chunked\r\n", "1\r\nab\r\n0\r\n\r\n"), 400},
        Case{"LengthInTrailer",
             with("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 5\r\n\r\n"), 400},
        Case{"HostWithASpace", "GET /small HTTP/1.1\r\nHost: te st\r\n\r\n", 400},
        Case{"HostWithAPath", "GET /small HTTP/1.1\r\nHost: test/x\r\n\r\n", 400},
        Case{"HostList", "GET /small HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
        Case{"HostWithAUser", "GET /small HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
        Case{"HostOutsideAscii", "GET /small HTTP/1.1\r\nHost: t\xc3\xa9st\r\n\r\n", 400},
        Case{"TargetOutsideAscii", "GET /sm\xc3\xa1ll HTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"TargetWithAFragment", "GET /small#x HTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"TargetWithABackslash", "GET /small\\x HTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"TargetWithAQuote", "GET /small\"x HTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"TabsInTheRequestLine", "GET\t/small\tHTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"SpaceAfterTheVersion", "GET /small HTTP/1.1 \r\nHost: test\r\n\r\n", 400},
        Case{"NoTarget", "GET  HTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"MethodIsNoToken", "G(T /small HTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"MethodOutsideAscii", "G\xc3\x89T /small HTTP/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"VersionInSmallLetters", "GET /small http/1.1\r\nHost: test\r\n\r\n", 400},
        Case{"Version12", "GET /small HTTP/1.2\r\nHost: test\r\n\r\n", 400},
        Case{"VersionOfThreeDigits", "GET /small HTTP/1.11\r\nHost: test\r\n\r\n", 400},
        Case{"HeaderNameOutsideAscii", with("X-\xc3\x81: b\r\n"), 400},
        Case{"HeaderNameWithAQuote", with("X\"A: b\r\n"), 400},
        Case{"TwoExpectations",
             with("Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 1\r\n", "a"),
             400},
        Case{"ChunkSizeThenSpace", with("Transfer-Encoding: chunked\r\n", "1 \r\na\r\n0\r\n\r\n"),
             400},
        Case{"SpaceThenChunkSize", with("Transfer-Encoding: chunked\r\n", " 1\r\na\r\n0\r\n\r\n"),
             400},
        Case{"ChunkSizeMissing", with("Transfer-Encoding: chunked\r\n", "\r\na\r\n0\r\n\r\n"), 400},
        Case{"ChunkEndsWithABareLineFeed",
             with("Transfer-Encoding: chunked\r\n", "1\r\na\n0\r\n\r\n"), 400},
        Case{"TrailerIsFolded", with("Transfer-Encoding: chunked\r\n", "0\r\nA: b\r\n c\r\n\r\n"),
             400},
        Case{"TrailerWithABareLineFeed",
             with("Transfer-Encoding: chunked\r\n", "0\r\nA: b\nC: d\r\n\r\n"), 400},
        Case{"TrailerWithNul", with("Transfer-Encoding: chunked\r\n", "0\r\nA: b\0c\r\n\r\n"s),
             400},
        Case{"TrailerWithoutColon", with("Transfer-Encoding: chunked\r\n", "0\r\nA\r\n\r\n"), 400},
        Case{"EncodingInATrailer",
             with("Transfer-Encoding: chunked\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
             400},
        Case{"EndlessTrailer",
             with("Transfer-Encoding: chunked\r\n", "0\r\nA: " + std::string(30'000, 'b')), 400},
        Case{"EndlessChunkHead", with("Transfer-Encoding: chunked\r\n", std::string(30'000, '0')),
             400}),
    [](const auto& test) { return std::string(test.param.name); });

// Not malformed, but for somebody else: not found, and the connection may go on.
TEST(TargetTest, WhatIsMeantForAProxyIsNotFound) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  for (const char* line : {"GET http://test/small HTTP/1.1", "OPTIONS * HTTP/1.1",
                           "CONNECT test:443 HTTP/1.1", "GET small HTTP/1.1"}) {
    ASSERT_TRUE(peer.send(std::string(line) + "\r\nHost: test\r\n\r\n"));
    EXPECT_EQ(peer.read_message().status(), 404U) << line;
  }
}

// Every prefix of a request, then silence: no answer but 400 or 408, and never a crash.
TEST(PrefixTest, ARequestCutAnywhereReachesNoHandler) {
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.request = std::chrono::milliseconds(20'000);
  fixture.start(std::move(config));
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
      "1\r\na\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t length = 0; length < request.size(); ++length) {
    RawPeer peer = RawPeer::connect(fixture.port());
    ASSERT_TRUE(peer.send(request.substr(0, length)));
    peer.shut_writing();
    EXPECT_EQ(peer.read_all(), "") << length;
  }
}

}  // namespace
}  // namespace resguardo::http::testing
