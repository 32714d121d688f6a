// SPDX-License-Identifier: AGPL-3.0-or-later
// Answers that are given piece by piece: long ones, and ones without an end.
#include <gtest/gtest.h>

#include <limits>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

#include "bot/http/client.h"
#include "tests/bot/http/raw_peer.h"

namespace resguardo::http::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What arrived so far; waits for what a test expects.
class Pieces {
 public:
  bool add(ByteView piece) {
    const std::lock_guard lock(mutex_);
    ++calls_;
    all_.append(as_text(piece));
    largest_ = std::max(largest_, piece.size());
    changed_.notify_all();
    return all_.size() < enough_;
  }
  bool wait_for(std::string_view expected) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(20), [&] { return all_ == expected; });
  }
  bool wait_for_calls(int calls) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(20), [&] { return calls_ >= calls; });
  }
  void stop_at(std::size_t size) { enough_ = size; }
  std::size_t largest() const { return largest_; }
  std::size_t size() const { return all_.size(); }
  int calls() const { return calls_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string all_;
  std::size_t largest_ = 0;
  std::size_t enough_ = std::size_t(-1);
  int calls_ = 0;
};

class StreamTest : public ::testing::Test {
 protected:
  ClientRequest request() {
    ClientRequest one;
    one.base = "http://127.0.0.1:" + std::to_string(listener_.port());
    one.method = "GET";
    one.path = "/events";
    one.on_piece = [this](ByteView piece) { return pieces_.add(piece); };
    return one;
  }
  std::future<ClientAnswer> begin(ClientRequest one) {
    auto promise = std::make_shared<std::promise<ClientAnswer>>();
    client_->send(std::move(one), [promise](ClientAnswer a) { promise->set_value(std::move(a)); });
    return promise->get_future();
  }
  static ClientAnswer ended(std::future<ClientAnswer>& answer) {
    if (answer.wait_for(seconds(20)) != std::future_status::ready)
      throw std::runtime_error("no end");
    return answer.get();
  }

  RawListener listener_;
  Pieces pieces_;
  std::unique_ptr<Client> client_ = std::move(Client::create({})).value();
};

TEST_F(StreamTest, PiecesComeAsTheyAreSentAndAreNotKept) {
  auto answer = begin(request());
  RawPeer peer = listener_.accept();
  peer.read_message(false);
  ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  ASSERT_TRUE(pieces_.wait_for_calls(1)) << "the head is told";
  ASSERT_TRUE(peer.send("5\r\nfirst\r\n"));
  ASSERT_TRUE(pieces_.wait_for("first"));
  ASSERT_TRUE(peer.send("7\r\n second\r\n0\r\n\r\n"));
  const ClientAnswer whole = ended(answer);
  EXPECT_EQ(whole.status, 200U);
  EXPECT_TRUE(whole.body.empty());
  EXPECT_TRUE(pieces_.wait_for("first second"));
}

TEST_F(StreamTest, AnAnswerWithoutLengthEndsWithItsConnection) {
  auto answer = begin(request());
  {
    RawPeer peer = listener_.accept();
    peer.read_message(false);
    ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata:1\n\n"));
    ASSERT_TRUE(pieces_.wait_for("data:1\n\n"));
  }
  EXPECT_EQ(ended(answer).status, 200U);
}

TEST_F(StreamTest, IsHeldInAFewKilobytesHoweverLong) {
  constexpr std::size_t kSize = 8U << 20;
  ClientRequest one = request();
  one.answer_limit = kSize;
  auto answer = begin(std::move(one));
  RawPeer peer = listener_.accept();
  peer.read_message(false);
  ASSERT_TRUE(
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n"));
  const std::string some(kSize / 64, 'x');
  for (int i = 0; i < 64; ++i) ASSERT_TRUE(peer.send(some));
  EXPECT_EQ(ended(answer).status, 200U);
  EXPECT_EQ(pieces_.size(), kSize);
  EXPECT_LE(pieces_.largest(), 64U * 1024);
}

TEST_F(StreamTest, OverTheLimitIsAFailureWhateverTheLengthSays) {
  for (const bool chunked : {true, false}) {
    ClientRequest one = request();
    one.answer_limit = 10;
    auto answer = begin(std::move(one));
    RawPeer peer = listener_.accept();
    peer.read_message(false);
    peer.send(chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n"
                      : "HTTP/1.1 200 OK\r\n\r\n12345678901");
    const ClientAnswer over = ended(answer);
    EXPECT_EQ(over.status, 0U);
    EXPECT_STREQ(over.failure.c_str(), "the answer is over the limit");
  }
}

TEST_F(StreamTest, AnErrorIsShortAlsoWhereNoLimitIsSet) {
  ClientRequest one = request();
  one.answer_limit = std::numeric_limits<std::size_t>::max();
  auto answer = begin(std::move(one));
  RawPeer peer = listener_.accept();
  peer.read_message(false);
  const std::string piece(32 * 1024, 'x');
  peer.send("HTTP/1.1 500 Oops\r\n\r\n");
  for (int i = 0; i < 8; ++i) peer.send(piece);  // of an answer that has no end
  const ClientAnswer over = ended(answer);
  EXPECT_EQ(over.status, 0U);
  EXPECT_STREQ(over.failure.c_str(), "the answer is over the limit");
}

TEST_F(StreamTest, WhoWantsNoMoreEndsIt) {
  pieces_.stop_at(3);
  auto answer = begin(request());
  RawPeer peer = listener_.accept();
  peer.read_message(false);
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
  const ClientAnswer stopped = ended(answer);
  EXPECT_EQ(stopped.status, 0U);
  EXPECT_STREQ(stopped.failure.c_str(), "no more of the answer was wanted");
  EXPECT_TRUE(peer.at_end());
}

TEST_F(StreamTest, ACutIsNoEnd) {
  auto answer = begin(request());
  {
    RawPeer peer = listener_.accept();
    peer.read_message(false);
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    ASSERT_TRUE(pieces_.wait_for("half"));
  }
  EXPECT_EQ(ended(answer).status, 0U);
}

TEST_F(StreamTest, OnceTheHeadIsThereOnlySilenceEndsIt) {
  ClientRequest one = request();
  one.timeout = milliseconds(500);
  one.silence = seconds(20);
  auto answer = begin(std::move(one));
  RawPeer peer = listener_.accept();
  peer.read_message(false);
  const auto begun = std::chrono::steady_clock::now();
  ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  std::string expected;
  while (std::chrono::steady_clock::now() - begun < milliseconds(700)) {
    ASSERT_TRUE(peer.send("1\r\n:\r\n"));  // as small as a piece can be: it waits for no other
    expected += ':';
    ASSERT_TRUE(pieces_.wait_for(expected));
  }
  ASSERT_TRUE(peer.send("0\r\n\r\n"));
  EXPECT_EQ(ended(answer).status, 200U);
}

TEST_F(StreamTest, SilenceEndsIt) {
  ClientRequest one = request();
  one.silence = milliseconds(100);
  auto answer = begin(std::move(one));
  RawPeer peer = listener_.accept();
  peer.read_message(false);
  ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  const ClientAnswer silent = ended(answer);
  EXPECT_EQ(silent.status, 0U);
  EXPECT_STREQ(silent.failure.c_str(), "the time was up");
}

TEST_F(StreamTest, TheBodyOfARefusalIsAnAnswerLikeAnyOther) {
  auto answer = begin(request());
  RawPeer peer = listener_.accept();
  peer.read_message(false);
  peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone");
  const ClientAnswer refused = ended(answer);
  EXPECT_EQ(refused.status, 404U);
  EXPECT_EQ(to_string(refused.body.view()), "gone");
  EXPECT_EQ(pieces_.calls(), 0);
}

TEST_F(StreamTest, AClientThatGoesEndsItWithoutACall) {
  std::atomic<bool> called = false;
  client_->send(request(), [&](const ClientAnswer&) { called = true; });
  RawPeer peer = listener_.accept();
  peer.read_message(false);
  ASSERT_TRUE(peer.send("HTTP/1.1 200 OK\r\n\r\ndata:1\n\n"));
  ASSERT_TRUE(pieces_.wait_for("data:1\n\n"));
  client_.reset();
  EXPECT_TRUE(peer.at_end());
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace resguardo::http::testing
