// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/outbox/errands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace resguardo::outbox {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Takes back what is named in digits; sets timers where it has them.
class TidyGateway final : public gateway::Gateway {
 public:
  explicit TidyGateway(bool timer) : timer_(timer) {}
  StaticText name() const noexcept override { return "tidy"; }
  gateway::Channel channel() const noexcept override { return gateway::Channel::kSignal; }
  Result<gateway::Handshake> handshake(const gateway::RawRequest&) const override {
    return gateway::Handshake{};
  }
  Result<gateway::OutboundCall> render(const gateway::Reply&,
                                       const gateway::Sender&) const override {
    return gateway::OutboundCall{};
  }
  gateway::SendOutcome judge(const gateway::CallAnswer&) const override { return {}; }
  bool can_unsend() const noexcept override { return true; }
  std::optional<gateway::OutboundCall> set_timer(const gateway::Sender& to) const override {
    return timer_ ? std::optional(call("timer " + std::string(to.address.reveal()))) : std::nullopt;
  }
  std::optional<gateway::OutboundCall> unsend(const gateway::Sender&,
                                              const SecretText& our_id) const override {
    if (our_id.reveal() == "odd") return std::nullopt;
    return call("unsend " + std::string(our_id.reveal()));
  }
  std::optional<gateway::OutboundCall> mark_read(const SecretText& message_id) const override {
    return call("read " + std::string(message_id.reveal()));
  }
  std::optional<gateway::OutboundCall> forget_contact(const gateway::Sender& to) const override {
    return call("forget " + std::string(to.address.reveal()));
  }

 private:
  static gateway::OutboundCall call(std::string path) {
    gateway::OutboundCall call;
    call.path = std::move(path);
    return call;
  }
  Status authenticate(const gateway::RawRequest&) const override { return success(); }
  gateway::Delivery parse(const Authentic&) const override { return {}; }
  bool timer_;
};

class ErrandsTest : public ::testing::Test {
 protected:
  static Person person(std::uint8_t number) {
    Person result;
    result.bytes[0] = number;
    return result;
  }
  void unsend(std::uint8_t who, std::initializer_list<const char*> ids) {
    std::vector<SecretText> gone;
    for (const char* id : ids) gone.emplace_back(id);
    errands_.unsend(person(who), 0, to_, std::move(gone));
  }
  // Those under way after this, in their order.
  std::vector<std::string> take() {
    std::vector<std::string> paths;
    while (auto next = errands_.take({&gateway_})) paths.push_back(next->call.path);
    return paths;
  }
  ErrandsTest() { to_.address = SecretText("ana"); }

  TidyGateway gateway_{true};
  gateway::Sender to_;
  Errands errands_{4};
};

TEST_F(ErrandsTest, OneAtATimeForEachPerson) {
  unsend(1, {"11", "12"});
  unsend(2, {"21"});
  EXPECT_THAT(take(), ElementsAre("unsend 11", "unsend 21"));
  errands_.done(person(1));
  EXPECT_THAT(take(), ElementsAre("unsend 12"));
  errands_.done(person(1));
  errands_.done(person(2));
  EXPECT_TRUE(errands_.empty());
}

TEST_F(ErrandsTest, WhatFoundNoRoomComesAgain) {
  unsend(1, {"11"});
  EXPECT_THAT(take(), ElementsAre("unsend 11"));
  errands_.put_back(person(1));
  EXPECT_THAT(take(), ElementsAre("unsend 11"));
}

TEST_F(ErrandsTest, TheTimerComesFirst) {
  unsend(1, {"11"});
  errands_.set_timer(person(1), 0, to_);
  EXPECT_THAT(take(), ElementsAre("timer ana"));
  errands_.set_timer(person(1), 0, to_);  // while one is under way
  errands_.done(person(1));
  EXPECT_THAT(take(), ElementsAre("unsend 11"));
}

TEST_F(ErrandsTest, WhatTheMessengerCannotDoIsDropped) {
  unsend(1, {"odd", "11"});
  EXPECT_THAT(take(), ElementsAre("unsend 11"));
  errands_.done(person(1));
  const TidyGateway without_timer(false);
  errands_.set_timer(person(1), 0, to_);
  EXPECT_FALSE(errands_.take({&without_timer}));
  EXPECT_TRUE(errands_.empty());
}

TEST_F(ErrandsTest, OfWhatWasReadOnlyTheLastIsShown) {
  errands_.mark_read(person(1), 0, to_, SecretText("1"));
  EXPECT_THAT(take(), ElementsAre("read 1"));
  errands_.mark_read(person(1), 0, to_, SecretText("2"));  // while one is under way
  errands_.mark_read(person(1), 0, to_, SecretText("3"));
  errands_.done(person(1));
  EXPECT_THAT(take(), ElementsAre("read 3"));
  errands_.done(person(1));
  EXPECT_TRUE(errands_.empty());
}

TEST_F(ErrandsTest, AContactIsForgottenOnceAndLast) {
  errands_.forget_contact(person(1), 0, to_);
  unsend(1, {"11"});
  errands_.forget_contact(person(1), 0, to_);
  EXPECT_THAT(take(), ElementsAre("unsend 11"));
  errands_.done(person(1));
  EXPECT_THAT(take(), ElementsAre("forget ana"));
  errands_.done(person(1));
  EXPECT_TRUE(errands_.empty());
}

TEST_F(ErrandsTest, IsBounded) {
  unsend(1, {"1", "2", "3", "4", "5", "6"});
  std::vector<std::string> all;
  for (auto some = take(); !some.empty(); some = take()) {
    all.push_back(some.front());
    errands_.done(person(1));
  }
  EXPECT_THAT(all, ElementsAre("unsend 1", "unsend 2", "unsend 3", "unsend 4"));
}

TEST_F(ErrandsTest, ForgottenErrandsLeaveNothingToBeDone) {
  unsend(1, {"11", "12"});
  EXPECT_THAT(take(), ElementsAre("unsend 11"));
  errands_.forget(person(1));
  errands_.done(person(1));  // its outcome comes all the same
  EXPECT_THAT(take(), IsEmpty());
}

}  // namespace
}  // namespace resguardo::outbox
