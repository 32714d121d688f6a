// SPDX-License-Identifier: AGPL-3.0-or-later
// After its answer, a request's body is nowhere in the memory of the process: neither while the
// connection stays open nor after it. The program is linked like the bot's (resguardo::wiping).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "crypto/base/secret_bytes.h"
#include "tests/bot/http/http_fixture.h"
#include "tests/bot/http/raw_peer.h"
#include "tests/support/memory_scan.h"

namespace resguardo::http::testing {
namespace {

using testing_support::Masked;

constexpr std::size_t kCanarySize = 24;
constexpr std::uint8_t kMask = Masked::kMask;

using Canary = std::array<std::uint8_t, kCanarySize>;

// The canary as it never stands in memory: masked.
Canary masked_canary() {
  Canary masked;
  for (std::size_t i = 0; i < masked.size(); ++i) {
    masked[i] = static_cast<std::uint8_t>(i * 73 + 29);
  }
  return masked;
}

std::size_t count_in_process(const Canary& masked) {
  return Masked::already(Bytes(masked.begin(), masked.end())).copies_in_process();
}

// Sends the canary without leaving a copy on our side: unmasked on the stack, and wiped there.
bool send_canary(RawPeer& peer, const Canary& masked) {
  std::array<char, kCanarySize> clear;
  for (std::size_t i = 0; i < clear.size(); ++i) clear[i] = static_cast<char>(masked[i] ^ kMask);
  const bool sent = peer.send({clear.data(), clear.size()});
  wipe({reinterpret_cast<std::uint8_t*>(clear.data()), clear.size()});
  return sent;
}

class WipingTest : public ::testing::TestWithParam<bool> {};

TEST_P(WipingTest, NothingOfABodyIsLeftAfterItsAnswer) {
  const Canary masked = masked_canary();
  const bool chunked = GetParam();
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  const std::size_t before = 400;  // the canary in the middle of a body, and across two reads
  std::string head = "POST /hold HTTP/1.1\r\nHost: test\r\n";
  head += chunked ? "Transfer-Encoding: chunked\r\n\r\n3a0\r\n" : "Content-Length: 928\r\n\r\n";
  ASSERT_TRUE(peer.send(head + std::string(before, 'b')));
  ASSERT_TRUE(send_canary(peer, masked));
  ASSERT_TRUE(peer.send(std::string(928 - before - kCanarySize, 'e')));
  ASSERT_TRUE(peer.send(chunked ? "\r\n0\r\n\r\n" : ""));
  {
    auto held = fixture.held.wait();
    EXPECT_GE(count_in_process(masked), 1U) << "the hunt finds what is there";
    held.respond({200, "", ""});
  }
  EXPECT_EQ(peer.read_message().status(), 200U);
  EXPECT_EQ(count_in_process(masked), 0U) << "while the connection is open";
  peer.close();
  fixture.server.reset();
  EXPECT_EQ(count_in_process(masked), 0U) << "after the connection";
}

INSTANTIATE_TEST_SUITE_P(Framing, WipingTest, ::testing::Values(false, true),
                         [](const auto& test) { return test.param ? "Chunked" : "Length"; });

TEST(RefusedBodyTest, NothingOfARefusedBodyIsLeft) {
  const Canary masked = masked_canary();
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send("POST /nowhere HTTP/1.1\r\nHost: test\r\nContent-Length: 24\r\n\r\n"));
  ASSERT_TRUE(send_canary(peer, masked));
  EXPECT_EQ(peer.read_message().status(), 404U);
  peer.shut_writing();
  EXPECT_TRUE(peer.at_end());
  fixture.server.reset();
  EXPECT_EQ(count_in_process(masked), 0U);
}

}  // namespace
}  // namespace resguardo::http::testing
