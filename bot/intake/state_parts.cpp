// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/state_parts.h"

namespace resguardo::intake {
namespace {

using State = pb::ConversationState;

// What a fact has, in one byte.
constexpr unsigned kSkipped = 1;
constexpr unsigned kShown = 2;
constexpr unsigned kReopened = 4;
constexpr unsigned kAnew = 8;
constexpr unsigned kPicking = 16;
constexpr unsigned kInstance = 32;
constexpr unsigned kParts = 64;
constexpr unsigned kPlace = 128;

void write_message(const google::protobuf::MessageLite& message, PackWriter& out) {
  SecretBuffer bytes(message.ByteSizeLong());
  static_cast<void>(message.SerializeToArray(bytes.span().data(), static_cast<int>(bytes.size())));
  out.raw(bytes.view());
}

void write_fact(const pb::Fact& fact, PackWriter& out) {
  const unsigned bits = (fact.skipped() ? kSkipped : 0U) | (fact.shown() ? kShown : 0U) |
                        (fact.reopened() ? kReopened : 0U) | (fact.anew() ? kAnew : 0U) |
                        (fact.picking() ? kPicking : 0U) |
                        (fact.instance_size() > 0 ? kInstance : 0U) |
                        (fact.parts() != 0 ? kParts : 0U) | (fact.place() != 0 ? kPlace : 0U);
  out.word(fact.node());
  const auto byte = static_cast<std::uint8_t>(bits);
  out.raw({&byte, 1});
  if (fact.instance_size() > 0) {
    out.number(static_cast<std::uint64_t>(fact.instance_size()));
    for (const auto one : fact.instance()) out.number(one);
  }
  if (fact.parts() != 0) out.number(fact.parts());
  if (fact.place() != 0) out.number(fact.place());
}

void read_fact(PackReader& in, pb::Fact& fact) {
  fact.set_node(in.word());
  const ByteView byte = in.raw(1);
  const unsigned bits = byte.empty() ? 0U : byte.front();
  fact.set_skipped((bits & kSkipped) != 0);
  fact.set_shown((bits & kShown) != 0);
  fact.set_reopened((bits & kReopened) != 0);
  fact.set_anew((bits & kAnew) != 0);
  fact.set_picking((bits & kPicking) != 0);
  if ((bits & kInstance) != 0)
    for (auto left = in.number(); left > 0; --left)
      fact.add_instance(static_cast<std::uint32_t>(in.number()));
  if ((bits & kParts) != 0) fact.set_parts(static_cast<std::uint32_t>(in.number()));
  if ((bits & kPlace) != 0) fact.set_place(static_cast<std::uint32_t>(in.number()));
}

}  // namespace

void write_memory_part(State& state, PackWriter& out) {
  out.number(state.owed_accepted() ? 1 : 0);
  out.number(static_cast<std::uint64_t>(state.facts_size()));
  for (const auto& fact : state.facts()) {
    out.number(static_cast<std::uint64_t>(fact.codes_size()) * 2 + (fact.faded() ? 1 : 0));
    for (const std::string& code : fact.codes()) out.word(code);
  }
  out.number(static_cast<std::uint64_t>(state.picks_size()));
  for (const std::string& code : state.picks()) out.word(code);
  State words;  // of the person's
  words.mutable_held()->Swap(state.mutable_held());
  if (state.has_pending_date()) words.mutable_pending_date()->Swap(state.mutable_pending_date());
  out.number(words.ByteSizeLong());
  write_message(words, out);
}

void write_stored_part(State& state, PackWriter& out) {
  out.word(state.form_digest());
  out.word(state.cursor());
  out.word(state.owed_node());
  out.number(static_cast<std::uint64_t>(state.facts_size()));
  for (const auto& fact : state.facts()) write_fact(fact, out);
  state.clear_form_digest();
  state.clear_cursor();
  state.clear_owed_node();
  state.clear_owed_accepted();
  state.clear_facts();
  state.clear_picks();
  state.clear_held();
  state.clear_pending_date();
  state.clear_sent();
  state.clear_sent_receipt();
  write_message(state, out);
}

void read_stored_part(PackReader& in, State& state) {
  auto form = in.word();
  auto cursor = in.word();
  auto owed = in.word();
  google::protobuf::RepeatedPtrField<pb::Fact> facts;
  for (auto left = in.number(); left > 0; --left) read_fact(in, *facts.Add());
  static_cast<void>(
      state.ParseFromArray(in.rest().data(), static_cast<int>(in.rest().size())));  // our own
  state.set_form_digest(std::move(form));
  state.set_cursor(std::move(cursor));
  state.set_owed_node(std::move(owed));
  state.mutable_facts()->Swap(&facts);
}

void join_memory_part(PackReader& in, State& state) {
  state.set_owed_accepted(in.number() != 0);
  const auto facts = static_cast<int>(in.number());
  for (int at = 0; at < facts; ++at) {
    const std::uint64_t head = in.number();
    if (at >= state.facts_size()) state.add_facts();
    auto& fact = *state.mutable_facts(at);
    fact.set_faded((head & 1) != 0);
    fact.clear_codes();
    for (auto left = head / 2; left > 0; --left) fact.add_codes(in.word());
  }
  state.clear_picks();
  for (auto left = in.number(); left > 0; --left) state.add_picks(in.word());
  const ByteView bytes = in.raw(in.number());
  State words;
  static_cast<void>(words.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  state.mutable_held()->Swap(words.mutable_held());
  state.clear_pending_date();
  if (words.has_pending_date()) state.mutable_pending_date()->Swap(words.mutable_pending_date());
}

}  // namespace resguardo::intake
