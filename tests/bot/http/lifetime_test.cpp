// SPDX-License-Identifier: AGPL-3.0-or-later
// Answers from other threads, answers to nobody, and the end of a server with work under way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/bot/http/http_fixture.h"
#include "tests/bot/http/raw_peer.h"

namespace resguardo::http::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool can_connect(std::uint16_t port) {
  try {
    RawPeer::connect(port);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

TEST(LifetimeTest, AnswersMayComeFromAnyThread) {
  HttpFixture fixture;
  fixture.start();
  std::thread handler([&fixture] {
    for (int i = 0; i < 200; ++i) {
      auto held = fixture.held.wait();
      held.respond({200, "text/plain", to_string(held.request.body.view())});
    }
  });
  std::vector<std::thread> peers;
  peers.reserve(8);
  std::atomic<int> right{0};
  for (int p = 0; p < 4; ++p) {
    peers.emplace_back([&, p] {
      RawPeer peer = RawPeer::connect(fixture.port());
      for (int i = 0; i < 50; ++i) {
        const std::string body = std::to_string(p) + "." + std::to_string(i);
        if (peer.send(post("/hold", body)) && peer.read_message().body == body) ++right;
      }
    });
  }
  for (std::thread& peer : peers) peer.join();
  handler.join();
  EXPECT_EQ(right, 200);
}

TEST(LifetimeTest, OnlyTheFirstAnswerCounts) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(post("/hold", "")));
  auto held = fixture.held.wait();
  held.respond({200, "text/plain", "first"});
  held.respond({200, "text/plain", "second"});
  EXPECT_EQ(peer.read_message().body, "first");
  ASSERT_TRUE(peer.send(get("/small")));
  EXPECT_EQ(peer.read_message().body, "small");
}

TEST(LifetimeTest, AnAnswerToAPeerThatLeftGoesNowhere) {
  HttpFixture fixture;
  fixture.start();
  for (int i = 0; i < 20; ++i) {
    RawPeer peer = RawPeer::connect(fixture.port());
    ASSERT_TRUE(peer.send(post("/hold", "x")));
    auto held = fixture.held.wait();
    peer.reset();
    held.respond({200, "text/plain", std::string(100'000, 'x')});
  }
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(get("/small")));
  EXPECT_EQ(peer.read_message().body, "small");
}

TEST(LifetimeTest, AnAnswerMayOutliveTheServer) {
  auto fixture = std::make_unique<HttpFixture>();
  fixture->start();
  RawPeer peer = RawPeer::connect(fixture->port());
  ASSERT_TRUE(peer.send(post("/hold", "x")));
  auto held = fixture->held.wait();
  fixture->server.reset();
  EXPECT_TRUE(peer.at_end());
  held.respond({200, "", ""});
}

TEST(LifetimeTest, AnswersRaceWithTheEndOfTheServer) {
  for (int round = 0; round < 30; ++round) {
    HttpFixture fixture;
    fixture.start();
    std::vector<RawPeer> peers;
    std::vector<HeldRequests::Held> held;
    for (int i = 0; i < 4; ++i) {
      peers.push_back(RawPeer::connect(fixture.port()));
      ASSERT_TRUE(peers.back().send(post("/hold", "x")));
      held.push_back(fixture.held.wait());
    }
    std::thread responder([&held] {
      for (auto& one : held) one.respond({200, "", ""});
    });
    fixture.server->stop(milliseconds(0));
    responder.join();
  }
}

TEST(StopTest, LetsRequestsUnderWayFinish) {
  HttpFixture fixture;
  fixture.start();
  RawPeer idle = RawPeer::connect(fixture.port());
  ASSERT_TRUE(idle.send(get("/small")));
  EXPECT_EQ(idle.read_message().status(), 200U);
  RawPeer busy = RawPeer::connect(fixture.port());
  ASSERT_TRUE(busy.send(post("/hold", "x")));
  auto held = fixture.held.wait();

  auto stopped = std::async(std::launch::async, [&] { fixture.server->stop(seconds(20)); });
  EXPECT_TRUE(idle.at_end());                                     // idle connections end first
  while (can_connect(fixture.port())) std::this_thread::yield();  // each thread has its own door
  held.respond({200, "text/plain", "finished"});
  const auto answer = busy.read_message();
  EXPECT_EQ(answer.body, "finished");
  EXPECT_TRUE(answer.has("Connection: close"));
  busy.close();
  EXPECT_EQ(stopped.wait_for(seconds(10)), std::future_status::ready);
}

TEST(StopTest, FinishesARequestThatIsStillComing) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(
      peer.send("POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
                "Content-Length: 4\r\n\r\n"));
  EXPECT_EQ(peer.read_message().status(), 100U);
  auto stopped = std::async(std::launch::async, [&] { fixture.server->stop(seconds(20)); });
  ASSERT_TRUE(peer.send("late"));
  EXPECT_EQ(peer.read_message().body, "late");
  peer.close();
  stopped.get();
}

TEST(StopTest, ClosesWhatIsLeftWhenTheGraceIsOver) {
  HttpFixture fixture;
  fixture.start();
  RawPeer peer = RawPeer::connect(fixture.port());
  ASSERT_TRUE(peer.send(post("/hold", "x")));
  auto held = fixture.held.wait();
  RawPeer half = RawPeer::connect(fixture.port());
  ASSERT_TRUE(half.send("POST /echo HTTP/1.1\r\n"));
  fixture.server->stop(milliseconds(20));
  EXPECT_TRUE(peer.at_end());
  half.read_all();
  fixture.server->stop(milliseconds(20));  // again: nothing to do
}

TEST(StopTest, GivesThePortBack) {
  HttpFixture first;
  first.start();
  const std::string address = "127.0.0.1:" + std::to_string(first.port());
  first.server->stop(milliseconds(0));
  HttpFixture second;
  second.start(second.config(address));
  RawPeer peer = RawPeer::connect(second.port());
  ASSERT_TRUE(peer.send(get("/small")));
  EXPECT_EQ(peer.read_message().body, "small");
}

TEST(StopTest, IsSafeUnderLoad) {
  HttpFixture fixture;
  fixture.start();
  std::atomic<bool> over{false};
  std::atomic<int> answers{0};
  std::vector<std::thread> peers;
  peers.reserve(8);
  for (int p = 0; p < 8; ++p) {
    peers.emplace_back([&] {
      while (!over) {
        try {
          RawPeer peer = RawPeer::connect(fixture.port());
          while (!over && peer.send(post("/echo", "load")) && peer.read_message().status() == 200) {
            ++answers;
          }
        } catch (const std::runtime_error&) {
          return;  // refused: it has stopped
        }
      }
    });
  }
  while (answers < 200) std::this_thread::yield();
  fixture.server->stop(seconds(10));
  over = true;
  for (std::thread& peer : peers) peer.join();
}

}  // namespace
}  // namespace resguardo::http::testing
