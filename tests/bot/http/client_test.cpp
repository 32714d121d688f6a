// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/bot/http/http_fixture.h"
#include "tests/bot/http/raw_peer.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::http::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::unique_ptr<Client> make_client(ClientConfig config = {}) {
  return std::move(Client::create(std::move(config))).value();
}

std::string base_of(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

ClientRequest request_to(std::uint16_t port, std::string_view body = "") {
  ClientRequest request;
  request.base = base_of(port);
  request.method = body.empty() ? "GET" : "POST";
  request.path = body.empty() ? "/small" : "/echo";
  request.body = SecretBuffer(as_bytes(body));
  return request;
}

std::future<ClientAnswer> begin(Client& client, ClientRequest request) {
  auto promise = std::make_shared<std::promise<ClientAnswer>>();
  client.send(std::move(request), [promise](ClientAnswer a) { promise->set_value(std::move(a)); });
  return promise->get_future();
}
ClientAnswer ask(Client& client, ClientRequest request) {
  auto future = begin(client, std::move(request));
  if (future.wait_for(seconds(30)) != std::future_status::ready)
    throw std::runtime_error("no call");
  return future.get();
}
std::string text(const ClientAnswer& answer) {
  return to_string(answer.body.view());
}

TEST(ClientTest, SendsAndReceives) {
  HttpFixture fixture;
  fixture.start();
  const auto client = make_client();
  const ClientAnswer answer = ask(*client, request_to(fixture.port(), "hello"));
  EXPECT_EQ(answer.status, 200U);
  EXPECT_STREQ(answer.failure.c_str(), "");
  EXPECT_EQ(text(answer), "hello");
  EXPECT_EQ(text(ask(*client, request_to(fixture.port()))), "small");
}

TEST(ClientTest, SpeaksOverUnixSockets) {
  const testing_support::TemporaryDirectory directory;
  const std::string path = directory.path() / "api.sock";
  HttpFixture fixture;
  fixture.start(fixture.config("unix:" + path));
  const auto client = make_client();
  ClientRequest request = request_to(0, "by path");
  request.base = "unix:" + path;
  EXPECT_EQ(text(ask(*client, std::move(request))), "by path");
}

TEST(ClientTest, SpeaksIpv6AndResolvesNames) {
  HttpFixture fixture;
  ServerConfig config = fixture.config("[::1]:0");
  fixture.start(std::move(config));
  const auto client = make_client();
  ClientRequest request = request_to(0, "six");
  request.base = "http://[::1]:" + std::to_string(fixture.port());
  EXPECT_EQ(text(ask(*client, std::move(request))), "six");
  HttpFixture four;
  four.start();
  ClientRequest named = request_to(0, "named");
  named.base = "http://localhost:" + std::to_string(four.port());
  EXPECT_EQ(text(ask(*client, std::move(named))), "named");
}

TEST(ClientTest, KeepsConnectionsAndUsesThemAgain) {
  RawListener listener;
  const auto client = make_client();
  auto answer = begin(*client, request_to(listener.port()));
  RawPeer peer = listener.accept();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(peer.read_message().head.starts_with("GET /small HTTP/1.1\r\nHost: 127.0.0.1:"));
    ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    EXPECT_EQ(text(answer.get()), "ok");
    if (i < 2) answer = begin(*client, request_to(listener.port()));
  }
}

TEST(ClientTest, TakesANewConnectionWhenThePeerClosedTheKeptOne) {
  RawListener listener;
  const auto client = make_client();
  for (int i = 0; i < 3; ++i) {
    auto answer = begin(*client, request_to(listener.port(), "once only"));
    RawPeer peer = listener.accept();
    EXPECT_EQ(peer.read_message().body, "once only");
    ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_EQ(answer.get().status, 200U);
  }  // the peer closes without having said so
}

// It may have been acted upon: whether to send it again is not ours to decide.
TEST(ClientTest, DoesNotRepeatWhatWasSentAndNotAnswered) {
  RawListener listener;
  const auto client = make_client();
  auto first = begin(*client, request_to(listener.port()));
  RawPeer peer = listener.accept();
  peer.read_message();
  ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_EQ(first.get().status, 200U);
  auto second = begin(*client, request_to(listener.port(), "twice?"));
  EXPECT_EQ(peer.read_message().body, "twice?");
  peer.close();
  const ClientAnswer answer = second.get();
  EXPECT_EQ(answer.status, 0U);
  EXPECT_STREQ(answer.failure.c_str(), "the connection was cut before an answer came");
}

TEST(ClientTest, DoesNotKeepWhatThePeerCloses) {
  for (const char* answer_head :
       {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n"}) {
    RawListener listener;
    const auto client = make_client();
    for (int i = 0; i < 2; ++i) {
      auto answer = begin(*client, request_to(listener.port()));
      RawPeer peer = listener.accept();
      peer.read_message();
      ASSERT_TRUE(peer.send(answer_head));
      EXPECT_EQ(answer.get().status, 200U);
      EXPECT_TRUE(peer.at_end());
    }
  }
}

TEST(ClientTest, AnswersUpToTheLimitAndNotOver) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string endless = "HTTP/1.1 200 OK\r\n\r\n";
  const std::string at(100, 'a');
  const std::string over(101, 'a');
  const std::pair<std::string, bool> cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + at, true},
      {"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", false},
      {chunked + "64\r\n" + at + "\r\n0\r\n\r\n", true},
      {chunked + "65\r\nb", false},
      {chunked + "64\r\n" + at + "\r\n1\r\nb\r\n0\r\n\r\n", false},
      {endless + at, true},
      {endless + over, false}};
  for (const auto& [bytes, fits] : cases) {
    RawListener listener;
    const auto client = make_client();
    ClientRequest request = request_to(listener.port());
    request.answer_limit = 100;
    auto answer = begin(*client, std::move(request));
    RawPeer peer = listener.accept();
    peer.read_message();
    peer.send(bytes);
    peer.shut_writing();
    const ClientAnswer got = answer.get();
    EXPECT_EQ(got.status, fits ? 200U : 0U) << bytes;
    EXPECT_STREQ(got.failure.c_str(), fits ? "" : "the answer is over the limit") << bytes;
    EXPECT_EQ(text(got), fits ? at : "");
  }
}

TEST(ClientTest, RefusesAnswersThatAreNoHttp) {
  for (const char* bytes :
       {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n"}) {
    RawListener listener;
    const auto client = make_client();
    auto answer = begin(*client, request_to(listener.port()));
    RawPeer peer = listener.accept();
    peer.read_message();
    ASSERT_TRUE(peer.send(bytes));
    const ClientAnswer got = answer.get();
    EXPECT_EQ(got.status, 0U) << bytes;
    EXPECT_STREQ(got.failure.c_str(), "the answer is malformed") << bytes;
  }
}

TEST(ClientTest, RefusesAnswersThatStopEarly) {
  for (const char* bytes : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}) {
    RawListener listener;
    const auto client = make_client();
    auto answer = begin(*client, request_to(listener.port()));
    RawPeer peer = listener.accept();
    peer.read_message();
    ASSERT_TRUE(peer.send(bytes));
    peer.close();
    EXPECT_EQ(answer.get().status, 0U) << bytes;
  }
}

TEST(ClientTest, SkipsInterimAnswersAndStopsAtTooMany) {
  for (const int count : {1, 8, 9}) {
    RawListener listener;
    const auto client = make_client();
    auto answer = begin(*client, request_to(listener.port()));
    RawPeer peer = listener.accept();
    peer.read_message();
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(peer.send("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"));
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(answer.get().status, count <= 8 ? 200U : 0U) << count;
  }
}

TEST(ClientTest, HeadAnswersHaveNoBody) {
  HttpFixture fixture;
  fixture.start();
  const auto client = make_client();
  ClientRequest request = request_to(fixture.port());
  request.method = "HEAD";
  const ClientAnswer answer = ask(*client, std::move(request));
  EXPECT_EQ(answer.status, 200U);
  EXPECT_TRUE(answer.body.empty());
}

TEST(ClientTest, DoesNotFollowRedirects) {
  RawListener listener;
  const auto client = make_client();
  auto answer = begin(*client, request_to(listener.port()));
  RawPeer peer = listener.accept();
  peer.read_message();
  ASSERT_TRUE(peer.send("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_EQ(answer.get().status, 302U);
}

TEST(ClientTest, GetsTheRefusalOfABodyThatWasNotRead) {
  HttpFixture fixture;
  fixture.start();
  const auto client = make_client();
  EXPECT_EQ(ask(*client, request_to(fixture.port(), std::string(300'000, 'x'))).status, 413U);
}

TEST(ClientTest, SaysWhyThereIsNoAnswer) {
  std::uint16_t closed_port = 0;
  {
    const RawListener listener;
    closed_port = listener.port();
  }
  const auto client = make_client();
  EXPECT_STREQ(ask(*client, request_to(closed_port)).failure.c_str(), "no connection to the host");
  ClientRequest bad = request_to(1);
  bad.base = "nonsense";
  EXPECT_STREQ(ask(*client, std::move(bad)).failure.c_str(), "the base URL does not parse");
  ClientRequest split = request_to(1);
  split.headers.push_back({"A", "b\r\nC: d"});
  EXPECT_EQ(ask(*client, std::move(split)).status, 0U);
  ClientRequest missing = request_to(1);
  missing.base = "unix:/nowhere/at/all.sock";
  EXPECT_STREQ(ask(*client, std::move(missing)).failure.c_str(), "no connection to the host");
}

TEST(ClientTest, TheTimeoutCoversEverything) {
  RawListener listener;
  ClientConfig config;
  config.connections_per_host = 1;
  const auto client = make_client(config);
  ClientRequest silent = request_to(listener.port());
  silent.timeout = milliseconds(100);
  ClientRequest queued = request_to(listener.port());
  queued.timeout = milliseconds(50);
  auto first = begin(*client, std::move(silent));
  auto second = begin(*client, std::move(queued));  // waits behind the first
  EXPECT_STREQ(second.get().failure.c_str(), "the time was up");
  EXPECT_STREQ(first.get().failure.c_str(), "the time was up");
}

TEST(ClientTest, ADrippingPeerDoesNotMoveTheTimeout) {
  RawListener listener;
  const auto client = make_client();
  ClientRequest request = request_to(listener.port());
  request.timeout = milliseconds(150);
  auto answer = begin(*client, std::move(request));
  RawPeer peer = listener.accept();
  std::thread dripper([&peer] {
    while (peer.send("H")) std::this_thread::sleep_for(milliseconds(5));
  });
  EXPECT_STREQ(answer.get().failure.c_str(), "the time was up");
  dripper.join();
}

TEST(ClientTest, NoMoreConnectionsThanAllowedAndAllAnswered) {
  HttpFixture fixture;
  ServerConfig server_config = fixture.config();
  server_config.listeners.front().peers.connections = 4;  // one more and somebody is cut
  fixture.start(std::move(server_config));
  ClientConfig config;
  config.threads = 2;
  config.connections_per_host = 4;
  const auto client = make_client(config);
  std::vector<std::future<ClientAnswer>> answers;
  answers.reserve(200);
  for (int i = 0; i < 200; ++i) {
    answers.push_back(begin(*client, request_to(fixture.port(), std::to_string(i))));
  }
  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(text(answers[static_cast<std::size_t>(i)].get()), std::to_string(i));
}

TEST(ClientTest, NoCallbackComesAfterItsEnd) {
  std::atomic<int> calls{0};
  for (int round = 0; round < 20; ++round) {
    RawListener listener;
    auto client = make_client();
    for (int i = 0; i < 20; ++i) {  // connecting, waiting for an answer, and queued
      client->send(request_to(listener.port(), "x"), [&calls](const ClientAnswer&) { ++calls; });
    }
    RawPeer peer = listener.accept();
    client.reset();
    EXPECT_EQ(calls, 0);
  }
}

TEST(ClientTest, CallbacksMaySendAgain) {
  HttpFixture fixture;
  fixture.start();
  const auto client = make_client();
  std::promise<void> finished;
  std::function<void(int)> next = [&](int left) {
    client->send(request_to(fixture.port(), std::to_string(left + 1)),
                 [&, left](ClientAnswer answer) {
                   EXPECT_EQ(answer.status, 200U);
                   if (left == 0) return finished.set_value();
                   next(left - 1);
                 });
  };
  next(20);
  EXPECT_EQ(finished.get_future().wait_for(seconds(30)), std::future_status::ready);
}

}  // namespace
}  // namespace resguardo::http::testing
