// SPDX-License-Identifier: AGPL-3.0-or-later
// One connection of an address that pays for its refusals, over a stream of the test's.
#include "bot/http/detail/session.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <cstring>

namespace resguardo::http {
namespace {

// Says what it has to say, and is gone.
class Scripted final : public Stream {
 public:
  explicit Scripted(std::string says) : says_(std::move(says)) {}
  asio::awaitable<IoResult> handshake() override { co_return IoResult{}; }
  asio::awaitable<IoResult> read_some(std::span<std::uint8_t> out) override {
    if (says_.empty()) co_return IoResult{asio::error::eof, 0};
    const std::size_t count = std::min(out.size(), says_.size());
    std::memcpy(out.data(), says_.data(), count);
    says_.erase(0, count);
    co_return IoResult{{}, count};
  }
  asio::awaitable<IoResult> write(ByteView first, ByteView second) override {
    co_return IoResult{{}, first.size() + second.size()};
  }
  asio::awaitable<void> finish(bool) override { co_return; }
  void stop_reading() noexcept override {}
  void close() noexcept override {}
  bool is_quiet() noexcept override { return true; }

 private:
  std::string says_;
};

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    route_.handle = [](Request, const Respond& respond) { respond({200, "text/plain", "well"}); };
  }
  // How often, of ten times, such a connection is received.
  int received(const std::string& says, bool shakes_hands) {
    Peers peers({.refusals_per_minute = 3});
    const Premises premises{config_, routes_, names_, proxies_, peers, bodies_};
    const auto tag = names_.of(boost::asio::ip::make_address("203.0.113.5"));
    int count = 0;
    for (; count < 10; ++count) {
      auto place = peers.enter({tag, true, [] {}}, std::chrono::steady_clock::now());
      if (!place) break;
      boost::asio::io_context context;
      const auto session =
          std::make_shared<Session>(context.get_executor(), std::make_unique<Scripted>(says),
                                    premises, Guest{std::move(place), tag, false, shakes_hands});
      asio::co_spawn(context, session->run(), asio::detached);
      context.run();
    }
    return count;
  }

  ServerConfig config_;
  Route route_;
  FindRoute routes_ = [this](std::string_view, std::string_view target) {
    return target == "/well" ? &route_ : nullptr;
  };
  PeerNames names_ = std::move(PeerNames::create()).value();
  TrustedProxies proxies_ = std::move(TrustedProxies::parse({})).value();
  Bodies bodies_{0, 0};
};

// A handshake costs us most of what an address can make us work: whoever asks for nothing
// afterwards pays for it as for a request that is refused.
TEST_F(SessionTest, WhoShakesHandsAndAsksForNothingIsNotHeardForever) {
  EXPECT_EQ(received("", true), 3);
  EXPECT_EQ(received("GET /half", true), 3);
  EXPECT_EQ(received("GET /other HTTP/1.1\r\nHost: a\r\n\r\n", true), 3) << "counted once";
}

TEST_F(SessionTest, WhoeverHadARequestTakenPaysNothing) {
  EXPECT_EQ(received("GET /well HTTP/1.1\r\nHost: a\r\n\r\n", true), 10);
}

// A balancer's look whether the port is open.
TEST_F(SessionTest, WithoutAHandshakeAConnectionIsFree) {
  EXPECT_EQ(received("", false), 10);
}

}  // namespace
}  // namespace resguardo::http
