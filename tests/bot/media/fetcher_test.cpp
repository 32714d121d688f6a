// SPDX-License-Identifier: AGPL-3.0-or-later
// The threads and connections: a real server on loopback.
#include "bot/media/fetcher.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "bot/http/server.h"
#include "tests/bot/media/fetching_fixture.h"

namespace resguardo::media {
namespace {

using ::testing::IsEmpty;

// Waits with a deadline, never for luck.
template <class Holds>
bool soon(Holds holds) {
  for (int i = 0; i < 2000 && !holds(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return holds();
}

class FetcherTest : public FetchingTest {
 protected:
  FetcherTest() {
    http::ServerConfig config;
    route_.handle = [this](const http::Request& request, const http::Respond& respond) {
      if (silent_) {
        const std::lock_guard lock(mutex_);
        held_.push_back(respond);
        return;
      }
      if (request.method == "DELETE") {
        ++deleted_;
        return respond({204, "", ""});
      }
      if (request.target == "/v1/attachments") return respond({200, "application/json", "[]"});
      respond({200, "image/jpeg", body_});
    };
    config.listeners.push_back({"signal", "127.0.0.1:0", std::nullopt,
                                [this](std::string_view, std::string_view) { return &route_; }});
    server_ = std::move(http::Server::start(std::move(config), nullptr)).value();
    base_ = "http://127.0.0.1:" + std::to_string(server_->port("signal"));
  }

  std::unique_ptr<Fetcher> start() {
    FetchParts parts{
        faulty_, *sealer_, clock_, random_, {{"signal", *gateways_[1]->files(), base_}}};
    parts.most_bytes = 10'000'000;
    parts.leave = [this](TimePoint) -> Result<SealLeave> {
      return SealLeave{readers_.recipients, nullptr};
    };
    parts.free_bytes = [] { return std::uint64_t{1} << 40; };
    parts.lost = [](const ReportId&, WhyLost) {};
    return std::move(Fetcher::start(std::move(parts), [] { return true; })).value();
  }

  std::mutex mutex_;
  std::vector<http::Respond> held_;
  std::atomic<bool> silent_ = false;
  std::atomic<int> deleted_ = 0;
  std::string body_ = "hello";
  http::Route route_;
  std::unique_ptr<http::Server> server_;
  std::string base_;
};

TEST_F(FetcherTest, BringsWhatWaitsAndWhatIsAdded) {
  body_.assign(300'000, 'x');
  take(1, "signal", "a.jpg");
  const auto fetcher = start();
  ASSERT_TRUE(soon([&] { return waiting().empty(); }));
  for (std::uint8_t i = 2; i < 10; ++i) fetcher->add(take(i, "signal", named("b", i)));
  ASSERT_TRUE(soon([&] { return waiting().empty() && deleted_ == 9; }));
  EXPECT_EQ(fetcher->health().sealed, 9U);
  for (const auto& file : brought()) EXPECT_TRUE(file.content == body_);
}

TEST_F(FetcherTest, AStopBreaksOffWhatNobodyAnswers) {
  silent_ = true;
  auto fetcher = start();
  for (std::uint8_t i = 1; i < 6; ++i) fetcher->add(take(i, "signal", named("a", i)));
  ASSERT_TRUE(soon([&] {
    const std::lock_guard lock(mutex_);
    return held_.size() >= kFilesAtOnce;
  }));
  const auto begun = std::chrono::steady_clock::now();
  fetcher.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
  EXPECT_EQ(waiting().size(), 5U);
  const std::lock_guard lock(mutex_);
  for (const auto& respond : held_) respond({200, "", ""});
}

}  // namespace
}  // namespace resguardo::media
