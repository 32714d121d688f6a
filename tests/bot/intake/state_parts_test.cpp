// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/state_parts.h"

#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/bot/dialogue/whole_form.h"

namespace resguardo::intake {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using State = pb::ConversationState;

// Any state at all, with every field that the schema has, also those that are new since.
class AnyState {
 public:
  explicit AnyState(unsigned seed) : random_(seed) {}
  State make() {
    State state;
    fill(state, 3);
    state.clear_sent();
    state.clear_sent_receipt();
    return state;
  }

 private:
  std::uint32_t pick(std::uint32_t count) {
    return std::uniform_int_distribution<std::uint32_t>(0, count - 1)(random_);
  }
  std::string word() {
    static const std::vector<std::string> kWords = {
        "", "consent", "all", "border_place", "something longer than any of the names", "ñ"};
    return kWords[pick(static_cast<std::uint32_t>(kWords.size()))];
  }
  void fill(Message& message, int depth) {
    const auto* type = message.GetDescriptor();
    for (int at = 0; at < type->field_count(); ++at)
      for (auto times = type->field(at)->is_repeated() ? pick(4) : pick(2); times > 0; --times)
        set(message, *type->field(at), depth);
  }
  void set(Message& message, const FieldDescriptor& field, int depth) {
    const auto* to = message.GetReflection();
    const bool many = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth == 0) return;
        return fill(
            many ? *to->AddMessage(&message, &field) : *to->MutableMessage(&message, &field),
            depth - 1);
      case FieldDescriptor::CPPTYPE_STRING:
        return many ? to->AddString(&message, &field, word())
                    : to->SetString(&message, &field, word());
      case FieldDescriptor::CPPTYPE_BOOL:
        return to->SetBool(&message, &field, true);
      case FieldDescriptor::CPPTYPE_ENUM:
        return to->SetEnumValue(&message, &field, static_cast<int>(pick(4)));
      case FieldDescriptor::CPPTYPE_UINT32:
        return many ? to->AddUInt32(&message, &field, pick(300))
                    : to->SetUInt32(&message, &field, pick(300));
      case FieldDescriptor::CPPTYPE_UINT64:
        return to->SetUInt64(&message, &field, pick(1'000'000));
      case FieldDescriptor::CPPTYPE_INT64:
        return to->SetInt64(&message, &field, -std::int64_t{pick(1'000'000)});
      default:
        FAIL() << "a field of another kind: " << field.full_name();
    }
  }
  std::mt19937 random_;
};

class StatePartsTest : public ::testing::Test {
 protected:
  StatePartsTest() { glossary_.learn(dialogue::Forms(dialogue::whole_form())); }

  struct Parts {
    Bytes memory;
    Bytes stored;
  };
  Parts parts_of(State state) const {
    const Glossary::Reading reading(glossary_);
    PackWriter memory(reading);
    PackWriter stored(reading);
    write_memory_part(state, memory);
    write_stored_part(state, stored);
    return {to_bytes(memory.view()), to_bytes(stored.view())};
  }
  // Joined with what the store has, or with what was packed.
  State joined(const Parts& parts, const State* from_store = nullptr) const {
    const Glossary::Reading reading(glossary_);
    State state;
    if (from_store != nullptr) {
      state = *from_store;
    } else {
      PackReader stored(parts.stored, reading);
      read_stored_part(stored, state);
    }
    PackReader memory(parts.memory, reading);
    join_memory_part(memory, state);
    return state;
  }
  Glossary glossary_;
};

TEST_F(StatePartsTest, BothTogetherAreTheStateWhateverItHolds) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const State state = AnyState(seed).make();
    EXPECT_EQ(joined(parts_of(state)).SerializeAsString(), state.SerializeAsString()) << seed;
  }
}

// Of a report that is open: what durable_part() drops must all be in the first part.
TEST_F(StatePartsTest, WhatTheStoreHasIsTheSecondPart) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    State state = AnyState(seed).make();
    state.set_phase(seed % 2 == 0 ? State::PHASE_OPEN : State::PHASE_STRANGER);
    state.set_form_digest(seed % 3 == 0 ? dialogue::whole_form()->digest().str() : "other");
    const State stored = dialogue::durable_part(*dialogue::whole_form(), state);
    const Parts parts = parts_of(state);
    EXPECT_EQ(parts_of(stored).stored, parts.stored) << seed;
    EXPECT_EQ(joined(parts, &stored).SerializeAsString(), state.SerializeAsString()) << seed;
  }
}

TEST_F(StatePartsTest, NamesOfTheFormTakeAByteOrTwo) {
  State state;
  state.set_form_digest(dialogue::whole_form()->digest().str());
  state.set_cursor("consent");
  for (int at = 0; at < 10; ++at) {
    auto& fact = *state.add_facts();
    fact.set_node("consent");
    fact.add_codes("all");
  }
  const Parts parts = parts_of(state);
  EXPECT_LE(parts.memory.size(), 10 * 3 + 4U);
  EXPECT_LE(parts.stored.size(), 10 * 3 + 8U);
}

}  // namespace
}  // namespace resguardo::intake
