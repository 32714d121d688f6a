// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/outbox/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "tests/support/seeded_random.h"

namespace resguardo::outbox {
namespace {

// Renders a reply as its text; takes what is answered with 200.
class EchoGateway final : public gateway::Gateway {
 public:
  StaticText name() const noexcept override { return "echo"; }
  gateway::Channel channel() const noexcept override { return gateway::Channel::kSignal; }
  Result<gateway::Handshake> handshake(const gateway::RawRequest&) const override {
    return gateway::Handshake{};
  }
  Result<gateway::OutboundCall> render(const gateway::Reply& reply,
                                       const gateway::Sender&) const override {
    if (reply.text.empty()) return Error{Fault::kRefused, "nothing to say"};
    gateway::OutboundCall call;
    call.body = SecretBuffer(as_bytes(reply.text.reveal()));
    return call;
  }
  gateway::SendOutcome judge(const gateway::CallAnswer& answer) const override {
    gateway::SendOutcome outcome;
    outcome.verdict =
        answer.status == 200 ? gateway::SendVerdict::kSent : gateway::SendVerdict::kDrop;
    return outcome;
  }
  bool can_unsend() const noexcept override { return true; }
  std::optional<gateway::OutboundCall> unsend(const gateway::Sender&,
                                              const SecretText& our_id) const override {
    gateway::OutboundCall call;
    call.body = SecretBuffer(as_bytes(our_id.reveal()));
    return call;
  }

 private:
  Status authenticate(const gateway::RawRequest&) const override { return success(); }
  gateway::Delivery parse(const Authentic&) const override { return {}; }
};

class ListTransport final : public Transport {
 public:
  void send(std::size_t, gateway::OutboundCall call,
            std::function<void(gateway::CallAnswer)> done) override {
    const std::string text(as_text(call.body.view()));
    {
      const std::lock_guard lock(mutex_);
      sent_.push_back(text);
    }
    if (text == "hold") {
      held_ = std::move(done);
    } else {
      done({text == "bad" ? 400U : 200U, {}});
    }
  }
  std::vector<std::string> sent() {
    const std::lock_guard lock(mutex_);
    return sent_;
  }
  std::function<void(gateway::CallAnswer)> held_;

 private:
  std::mutex mutex_;
  std::vector<std::string> sent_;
};

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() { outbox_ = Outbox::start({}, {&gateway_}, transport_, clock_, random_).value(); }
  Status post(const std::string& text, gateway::Channel channel = gateway::Channel::kSignal) {
    gateway::Reply reply;
    reply.text = SecretText(text);
    gateway::Sender to;
    to.channel = channel;
    return outbox_->post(Person{}, to, reply, [this, text](bool taken, const SecretText&) {
      const std::lock_guard lock(mutex_);
      settled_.push_back(text + (taken ? "+" : "-"));
    });
  }
  std::vector<std::string> settled() {
    const std::lock_guard lock(mutex_);
    return settled_;
  }

  EchoGateway gateway_;
  ListTransport transport_;
  SystemClock clock_;
  testing_support::SeededRandom random_{2};
  std::mutex mutex_;
  std::vector<std::string> settled_;
  std::unique_ptr<Outbox> outbox_;
};

TEST_F(OutboxTest, SendsAndTellsWhetherItWasTaken) {
  ASSERT_TRUE(post("one").ok());
  ASSERT_TRUE(post("bad").ok());
  ASSERT_TRUE(outbox_->drain(std::chrono::seconds(20)));
  EXPECT_THAT(settled(), ::testing::ElementsAre("one+", "bad-"));
  EXPECT_EQ(outbox_->health().counters.sent, 1U);
}

TEST_F(OutboxTest, RefusesWhatNoMessengerCanShow) {
  EXPECT_FALSE(post("").ok());
  EXPECT_FALSE(post("one", gateway::Channel::kWhatsApp).ok());
}

TEST_F(OutboxTest, DrainSaysWhenSomethingIsLeft) {
  ASSERT_TRUE(post("hold").ok());
  EXPECT_FALSE(outbox_->drain(std::chrono::milliseconds(20)));
}

TEST_F(OutboxTest, TakesBackOneAfterTheOther) {
  gateway::Sender to;
  to.channel = gateway::Channel::kSignal;
  std::vector<SecretText> gone;
  for (const char* id : {"1", "2", "3"}) gone.emplace_back(id);
  outbox_->unsend(Person{}, to, std::move(gone));
  ASSERT_TRUE(outbox_->drain(std::chrono::seconds(20)));
  EXPECT_THAT(transport_.sent(), ::testing::ElementsAre("1", "2", "3"));
}

// The leak sanitizer tells if the queue owns itself.
TEST_F(OutboxTest, EndsWhileSomethingIsToBeTakenBack) {
  ASSERT_TRUE(post("hold").ok());
  gateway::Sender to;
  to.channel = gateway::Channel::kSignal;
  std::vector<SecretText> gone;
  gone.emplace_back("1");
  outbox_->unsend(Person{}, to, std::move(gone));
  EXPECT_FALSE(outbox_->drain(std::chrono::milliseconds(50)));
  outbox_.reset();
  EXPECT_EQ(transport_.sent().size(), 1U);
}

TEST_F(OutboxTest, AnAnswerAfterItsEndIsNobodys) {
  ASSERT_TRUE(post("hold").ok());
  outbox_->drain(std::chrono::milliseconds(20));
  while (transport_.sent().empty()) std::this_thread::yield();
  outbox_.reset();
  transport_.held_({200, {}});
  EXPECT_TRUE(settled().empty());
}

}  // namespace
}  // namespace resguardo::outbox
