// SPDX-License-Identifier: AGPL-3.0-or-later
// Who has a place, who goes, and who is not heard: without sockets and without a clock.
#include "bot/http/detail/peers.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace resguardo::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Moment kStart = Moment(std::chrono::hours(1));

PeerTag tag(std::uint32_t number) {
  PeerTag result;
  for (std::size_t i = 0; i < 4; ++i)
    result.bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
  return result;
}

class PeersTest : public ::testing::Test {
 protected:
  std::unique_ptr<Peers::Place> enter(Peers& peers, int from, int name, Moment now = kStart) {
    return peers.enter(
        {tag(static_cast<std::uint32_t>(from)), true, [this, name] { gone_.push_back(name); }},
        now);
  }
  std::vector<int> gone_;  // in the order in which they were sent away
};

TEST_F(PeersTest, AnAddressHasSoManyPlacesAndItsOldestStrangerGoesForOneMore) {
  Peers peers({.connections = 100, .per_address = 3});
  std::vector<std::unique_ptr<Peers::Place>> places;
  for (int i = 0; i < 3; ++i) places.push_back(enter(peers, 7, i));
  EXPECT_TRUE(gone_.empty()) << "at the limit";
  places.push_back(enter(peers, 7, 3));
  EXPECT_EQ(gone_, std::vector<int>{0}) << "one over it";
  EXPECT_TRUE(enter(peers, 8, 4)) << "another address has its own";
  EXPECT_EQ(gone_, std::vector<int>{0});
  EXPECT_EQ(peers.connections(), 3U);
}

TEST_F(PeersTest, WhoWasTakenOnceOrIsAtWorkNeverGoesForAStranger) {
  Peers peers({.connections = 100, .per_address = 2});
  const auto taken = enter(peers, 7, 0);
  taken->begin_work();
  taken->end_work(true);
  const auto at_work = enter(peers, 7, 1);
  at_work->begin_work();
  EXPECT_FALSE(enter(peers, 7, 2));
  EXPECT_TRUE(gone_.empty());
  at_work->end_work(false);
  EXPECT_TRUE(enter(peers, 7, 3)) << "what was refused may go again";
  EXPECT_EQ(gone_, std::vector<int>{1});
}

TEST_F(PeersTest, AFullListenerSendsTheOldestStrangerAway) {
  Peers peers({.connections = 3});
  const auto first = enter(peers, 1, 0);
  first->begin_work();
  first->end_work(true);
  const auto second = enter(peers, 2, 1);
  const auto third = enter(peers, 3, 2);
  EXPECT_TRUE(gone_.empty()) << "at the limit";
  const auto fourth = enter(peers, 4, 3);
  ASSERT_TRUE(fourth);
  EXPECT_EQ(gone_, std::vector<int>{1});
  for (const auto& one : {&third, &fourth}) {
    (*one)->begin_work();
    (*one)->end_work(true);
  }
  EXPECT_FALSE(enter(peers, 5, 4)) << "nobody is left who may go";
  EXPECT_EQ(peers.connections(), 3U);
}

// Whatever a flood of strangers does: who needs a moment to be taken has it.
TEST_F(PeersTest, AFloodOfStrangersGivesANewcomerAsLongAsItTakesToFillAllPlaces) {
  Peers peers({.connections = 50});
  std::vector<std::unique_ptr<Peers::Place>> flood;
  for (int i = 0; i < 500; ++i) flood.push_back(enter(peers, 100 + i, i));
  const auto honest = enter(peers, 1, -1);
  for (int i = 0; i < 49; ++i) flood.push_back(enter(peers, 1000 + i, i));
  honest->begin_work();
  honest->end_work(true);
  for (int i = 0; i < 500; ++i) flood.push_back(enter(peers, 2000 + i, i));
  EXPECT_EQ(std::count(gone_.begin(), gone_.end(), -1), 0);
  EXPECT_EQ(peers.connections(), 50U);
}

TEST_F(PeersTest, SoManyRefusalsAMinuteAndThenItIsNotHeard) {
  Peers peers({.connections = 100, .refusals_per_minute = 4});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(peers.refused(tag(7), kStart)) << i;
  EXPECT_TRUE(enter(peers, 7, 0)) << "three";
  EXPECT_FALSE(peers.refused(tag(7), kStart)) << "the fourth was the last";
  EXPECT_FALSE(enter(peers, 7, 1));
  EXPECT_TRUE(enter(peers, 8, 2)) << "somebody else";
  EXPECT_FALSE(enter(peers, 7, 3, kStart + seconds(15) - milliseconds(1)));
  EXPECT_TRUE(enter(peers, 7, 4, kStart + seconds(15))) << "one comes back each quarter";
  for (int i = 0; i < 1000; ++i) peers.refused(tag(7), kStart);
  EXPECT_TRUE(enter(peers, 7, 5, kStart + seconds(15))) << "nobody waits longer for more";
}

TEST_F(PeersTest, WhoDoesNotPayIsHeard) {
  Peers peers({.connections = 100, .refusals_per_minute = 1});
  peers.refused(tag(7), kStart);
  EXPECT_TRUE(peers.enter({tag(7), false, [] {}}, kStart));
}

TEST_F(PeersTest, RequestsThroughAProxyTakePlacesOfWhomTheyAreFor) {
  Peers peers({.connections = 100, .per_address = 2, .refusals_per_minute = 1});
  EXPECT_TRUE(peers.enter_request(tag(7), kStart));
  EXPECT_TRUE(peers.enter_request(tag(7), kStart));
  EXPECT_FALSE(peers.enter_request(tag(7), kStart)) << "one over the limit";
  EXPECT_TRUE(peers.enter_request(tag(8), kStart));
  peers.leave_request(tag(7));
  EXPECT_TRUE(peers.enter_request(tag(7), kStart));
  peers.refused(tag(9), kStart);
  EXPECT_FALSE(peers.enter_request(tag(9), kStart));
}

TEST_F(PeersTest, RemembersABoundedNumberOfAddressesAndNoneThatIsNobody) {
  Peers peers({.connections = 10, .per_address = 5, .refusals_per_minute = 60});
  {
    const auto place = enter(peers, 1, 0);
  }
  EXPECT_EQ(peers.addresses(), 0U);
  const auto stays = enter(peers, 1, 0);
  for (std::uint32_t i = 0; i < Peers::kMostAddresses + 100; ++i)
    peers.refused(tag(1000 + i), kStart);
  EXPECT_LE(peers.addresses(), Peers::kMostAddresses);
  EXPECT_EQ(peers.connections(), 1U);
}

}  // namespace
}  // namespace resguardo::http
