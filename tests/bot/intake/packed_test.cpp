// SPDX-License-Identifier: AGPL-3.0-or-later
// A conversation that is packed after every turn beside a twin that never is.
#include "bot/intake/packed.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "tests/bench/walker.h"
#include "tests/bot/dialogue/whole_form.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::intake {
namespace {

using dialogue::Effect;
using State = pb::ConversationState;

constexpr TimePoint kStart{std::chrono::milliseconds(1'795'255'200'000)};

testing_support::RosterFixture make_one_roster() {
  testing_support::RosterFixtureOptions options;
  options.analysts = 1;
  options.first_week = week_of(kStart);
  return testing_support::make_roster(options);
}

// What the store would have of a conversation.
struct Kept {
  State state;
  std::uint64_t counter = 0;
};

class PackedTest : public ::testing::Test {
 protected:
  PackedTest() { glossary_.learn(dialogue::Forms(dialogue::whole_form())); }

  std::unique_ptr<Conversation> new_one() { return std::make_unique<Conversation>(*slab_, ids_); }

  // Packs it, gives up what `kept` has if it may, and unpacks it.
  void through(std::unique_ptr<Conversation>& one, const std::optional<Kept>& kept) {
    ASSERT_TRUE(Packed::can(*one));
    Packed packed = Packed::of(*one, glossary_, pool_);
    const bool released = kept && packed.release(glossary_, pool_);
    one = new_one();
    packed.unpack(glossary_, *one);
    EXPECT_FALSE(packed);
    if (!released) return;
    ++released_;
    ASSERT_FALSE(one->loaded);
    const auto tag = storage::ConversationTag{};
    State stored = kept->state;
    EXPECT_TRUE(join(*one, std::move(stored), kept->counter, glossary_));
    one->state.clear_sent();
    one->state.clear_sent_receipt();
    one->tag = tag;
    one->loaded = true;
  }

  // What a turn that is stored does (turn_store.cpp). The row's bytes are random: its shape counts.
  std::string store(Conversation& one, const dialogue::Step& step, Kept& kept) {
    State state = step.state;
    SealTurn seal;
    seal.given = &step.given;
    seal.stamp.time = now_;
    const auto recipients = roster_.roster.recipients(week_of(now_));
    const auto write = one.sealer.seal({}, *recipients, seal, *state.mutable_progress());
    if (!write.ok()) return "failed";
    std::string shape = std::to_string(write->segments.size());
    for (const auto& row : write->rows)
      shape += " " + std::to_string(row.sequence) + ":" + std::to_string(row.row.size());
    state.set_owed_node(step.prompt ? step.prompt->node : "");
    kept.state = dialogue::durable_part(*dialogue::whole_form(), state);
    one.sent.save(kept.state);
    kept.counter = ++one.counter;
    one.state = std::move(state);
    one.sent.saved();
    one.as_stored = true;
    one.loaded = one.awake = true;
    one.tag.emplace();
    ++one.turns;
    return shape;
  }

  // The states, but for what each report draws for itself.
  static std::string told(const Conversation& one) {
    State state = one.state;
    state.clear_progress();
    return state.SerializeAsString();
  }

  testing_support::SeededRandom ids_{7};
  std::unique_ptr<LockedSlab> slab_ = LockedSlab::create(SegmentWriter::cell_size(), 8).value();
  testing_support::RosterFixture roster_ = make_one_roster();
  Glossary glossary_;
  PagePool pool_;
  TimePoint now_ = kStart;
  std::size_t released_ = 0;
};

TEST_F(PackedTest, ATwinThatIsPackedAtEveryStepSaysAndSealsTheSame) {
  const auto& form = *dialogue::whole_form();
  dialogue::Settings settings;
  settings.word_tag = [](std::string_view word) {
    return std::string(16, static_cast<char>(word.size()));
  };
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    bench::Walker walker(form, seed);
    const auto channel =
        seed % 2 == 0 ? dialogue::ChannelKind::kSignal : dialogue::ChannelKind::kWhatsApp;
    walker.begin(channel);
    auto twin = new_one();
    auto packed = new_one();
    Kept of_twin;
    Kept of_packed;
    dialogue::Step last;
    for (int at = 0; at < 400; ++at) {
      now_ += std::chrono::seconds(seed % 3 == 0 && at % 17 == 16 ? 2400 : 20);
      const auto said = walker.next(last);
      auto step = dialogue::advance(form, settings, twin->state, true, channel, said, now_);
      auto same = dialogue::advance(form, settings, packed->state, true, channel, said, now_);
      ASSERT_EQ(step.prompt ? step.prompt->text : "", same.prompt ? same.prompt->text : "") << seed;
      ASSERT_EQ(step.given.size(), same.given.size());
      const bool stores = step.effect == Effect::kContinue || step.effect == Effect::kBeginReport;
      if (stores) {
        ASSERT_EQ(store(*twin, step, of_twin), store(*packed, same, of_packed))
            << seed << " " << at;
        if (channel == dialogue::ChannelKind::kSignal) {
          const SecretText id(std::to_string(1'795'255'200'000 + at));
          twin->sent.note(twin->turns, false, id);
          packed->sent.note(packed->turns, false, id);
        }
      } else {
        twin->state = step.state;
        packed->state = same.state;
      }
      packed->state.set_owed_accepted(at % 2 == 0);
      twin->state.set_owed_accepted(at % 2 == 0);
      last = std::move(step);
      std::optional<Kept> kept;
      if (at % 3 != 0 && stores) kept = of_packed;
      ASSERT_NO_FATAL_FAILURE(through(packed, kept)) << seed << " " << at;
      ASSERT_EQ(told(*packed), told(*twin)) << seed << " " << at;
      if (bench::Walker::ended(last)) break;
    }
    auto left = twin->sent.take_back(dialogue::TakeBack::kEverything, 1000);
    auto also = packed->sent.take_back(dialogue::TakeBack::kEverything, 1000);
    ASSERT_EQ(left.size(), also.size());
    for (std::size_t i = 0; i < left.size(); ++i) EXPECT_EQ(left[i].reveal(), also[i].reveal());
  }
  EXPECT_GT(released_, 300U) << "they hardly ever got as far as the store";
  EXPECT_EQ(slab_->in_use(), 0U);
}

TEST_F(PackedTest, EverythingElseComesBackToo) {
  auto one = new_one();
  one->last = kStart;
  one->wipe_owed = true;
  one->counter = 5;
  one->turns = 300;
  one->accepted = 300;
  one->word_message = Tag16{1, 2, 3};
  one->timer_asked = kStart - std::chrono::minutes(3);
  for (int i = 0; i < 64; ++i) one->heard.push_back(ids_.make<HeardDelivery>());
  const auto heard = one->heard;
  Packed packed = Packed::of(*one, glossary_, pool_);
  EXPECT_TRUE(packed.wipe_owed());
  EXPECT_EQ(packed.last(), kStart);
  auto after = new_one();
  packed.unpack(glossary_, *after);
  EXPECT_TRUE(after->wipe_owed);
  EXPECT_EQ(after->last, kStart);
  EXPECT_EQ(after->counter, 5U);
  EXPECT_EQ(after->turns, 300U);
  EXPECT_EQ(after->accepted, 300U);
  EXPECT_EQ(after->word_message, (Tag16{1, 2, 3}));
  EXPECT_EQ(after->timer_asked, kStart - std::chrono::minutes(3));
  EXPECT_EQ(after->heard, heard);
  EXPECT_FALSE(after->loaded);
  EXPECT_FALSE(after->awake);
}

TEST_F(PackedTest, WhatIsOwedOrUncertainIsNotPacked) {
  auto one = new_one();
  EXPECT_TRUE(Packed::can(*one));
  one->uncertain.emplace();
  EXPECT_FALSE(Packed::can(*one));
  one->uncertain.reset();
  one->receipt =
      std::make_shared<OwedReceipt>(dialogue::Prompt{}, SecretText("12345"), ReceiptRow{});
  EXPECT_FALSE(Packed::can(*one));
  one->receipt->settled(true);
  EXPECT_TRUE(Packed::can(*one));
  one->busy = true;
  EXPECT_FALSE(Packed::can(*one));
}

// Another turn was stored meanwhile, or the report ended: what memory kept is of no use.
TEST_F(PackedTest, AStateThatIsNotTheOneItWasIsTakenAsAfterARestart) {
  for (const bool other_counter : {false, true}) {
    auto one = new_one();
    one->tag.emplace();
    one->loaded = one->awake = one->as_stored = true;
    one->state.set_phase(State::PHASE_OPEN);
    auto& fact = *one->state.add_facts();
    fact.set_node("consent");
    fact.add_codes("all");
    State stored = one->state;
    stored.mutable_facts(0)->clear_codes();
    if (!other_counter) stored.set_cursor("another");
    Packed packed = Packed::of(*one, glossary_, pool_);
    ASSERT_TRUE(packed.release(glossary_, pool_));
    EXPECT_FALSE(packed.release(glossary_, pool_));
    auto after = new_one();
    packed.unpack(glossary_, *after);
    EXPECT_FALSE(join(*after, State(stored), other_counter ? 1 : 0, glossary_));
    EXPECT_EQ(after->state.SerializeAsString(), stored.SerializeAsString());
    EXPECT_FALSE(after->sealer.awake());
  }
}

// A message that only tells of the timer needs no state: it may be packed again without one.
TEST_F(PackedTest, CanBePackedAgainBeforeTheStateIsRead) {
  auto one = new_one();
  dialogue::Step step;
  step.state.set_phase(State::PHASE_OPEN);
  step.given.emplace_back().node = "story";
  Kept kept;
  ASSERT_EQ(store(*one, step, kept).front(), '1');
  Packed packed = Packed::of(*one, glossary_, pool_);
  ASSERT_TRUE(packed.release(glossary_, pool_));
  for (int times = 0; times < 3; ++times) {
    auto again = new_one();
    packed.unpack(glossary_, *again);
    packed = Packed::of(*again, glossary_, pool_);
    EXPECT_FALSE(packed.release(glossary_, pool_));
  }
  EXPECT_EQ(slab_->in_use(), 1U) << "its stream is the same one";
  one = new_one();
  packed.unpack(glossary_, *one);
  ASSERT_TRUE(join(*one, State(kept.state), kept.counter, glossary_));
  step.state = one->state;
  EXPECT_EQ(store(*one, step, kept).substr(0, 3), "0 1") << "the segment goes on";
}

TEST_F(PackedTest, AStreamGoesBackWithItsPackedConversation) {
  auto one = new_one();
  dialogue::Step step;
  step.given.emplace_back().node = "story";
  Kept kept;
  ASSERT_EQ(store(*one, step, kept).front(), '1');
  {
    const Packed packed = Packed::of(*one, glossary_, pool_);
    one.reset();
    EXPECT_EQ(slab_->in_use(), 1U);
  }
  EXPECT_EQ(slab_->in_use(), 0U);
}

TEST_F(PackedTest, OfSomebodyBeforeConsentTheAnswersMayGo) {
  auto one = new_one();
  one->state.set_phase(State::PHASE_BEFORE_CONSENT);
  one->state.set_discreet(true);
  one->state.add_held()->set_text("algo");
  Packed packed = Packed::of(*one, glossary_, pool_);
  EXPECT_TRUE(packed.answers_may_go());
  one = new_one();
  packed.unpack(glossary_, *one);
  EXPECT_EQ(one->state.held(0).text(), "algo");
  forget_answers(*one);
  EXPECT_TRUE(one->state.discreet());
  EXPECT_EQ(one->state.held_size(), 0);
  EXPECT_FALSE(Packed::of(*one, glossary_, pool_).answers_may_go()) << "once is enough";
}

}  // namespace
}  // namespace resguardo::intake
