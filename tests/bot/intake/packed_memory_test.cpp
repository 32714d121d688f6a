// SPDX-License-Identifier: AGPL-3.0-or-later
// What a packed conversation leaves behind in the process's memory.
#include <gtest/gtest.h>

#include <cstring>

#include "bot/intake/packed.h"
#include "tests/support/seeded_random.h"

namespace resguardo::intake {
namespace {

using State = pb::ConversationState;

// The page that a block lies in, watched from outside; another block keeps it where it is.
TEST(PackedMemoryTest, NothingIsLeftOfABlockThatWentOrGaveUpAPart) {
  const auto slab = LockedSlab::create(SegmentWriter::cell_size(), 1).value();
  testing_support::SeededRandom ids{7};
  Glossary glossary;
  PagePool pool;
  const auto packed = [&] {
    auto one = std::make_unique<Conversation>(*slab, ids);
    one->tag.emplace();
    one->loaded = one->as_stored = true;
    one->state.set_phase(State::PHASE_OPEN);
    one->state.set_cursor("CANARY-stored");
    one->state.add_held()->set_text("CANARY-told");
    return Packed::of(*one, glossary, pool);
  };
  const auto page_of = [](const Packed& one) {
    static_assert(sizeof(Packed) == sizeof(std::uintptr_t));
    std::uintptr_t block = 0;
    std::memcpy(&block, &one, sizeof block);
    return std::string_view(reinterpret_cast<const char*>(block - block % 4096), 4096);
  };
  auto place = std::make_unique<Conversation>(*slab, ids);
  place->state.set_phase(State::PHASE_OPEN);
  place->state.set_cursor("nothing there");
  place->state.add_held()->set_text("and nothing");
  place->tag.emplace();
  place->loaded = place->as_stored = true;
  const Packed keeps = Packed::of(*place, glossary, pool);
  Packed goes = packed();
  ASSERT_EQ(page_of(goes).data(), page_of(keeps).data()) << "of one size, they share a page";
  ASSERT_NE(page_of(goes).find("CANARY-told"), std::string_view::npos);
  const std::string_view shared = page_of(keeps);
  ASSERT_TRUE(goes.release(glossary, pool));
  EXPECT_EQ(shared.find("CANARY"), std::string_view::npos);
  EXPECT_NE(page_of(goes).find("CANARY-told"), std::string_view::npos);
  EXPECT_EQ(page_of(goes).find("CANARY-stored"), std::string_view::npos);
  goes = packed();
  goes = Packed();
  EXPECT_EQ(shared.find("CANARY"), std::string_view::npos);
}

}  // namespace
}  // namespace resguardo::intake
