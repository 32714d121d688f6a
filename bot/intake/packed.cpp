// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/packed.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <new>
#include <utility>

#include "bot/intake/state_parts.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::intake {
namespace {

using State = pb::ConversationState;

enum Bit : std::uint32_t {
  kLoaded = 1U << 0,
  kAwake = 1U << 1,
  kWipeOwed = 1U << 2,
  kAsStored = 1U << 3,
  kTag = 1U << 4,
  kWordMessage = 1U << 5,
  kTimerAsked = 1U << 6,
  kStream = 1U << 7,
  kAccepted = 1U << 8,
  kAnswersMayGo = 1U << 9,
  kReleased = 1U << 10,  // the store has the rest
};

std::int64_t milliseconds(TimePoint time) {
  return time.time_since_epoch().count();
}

// Equal for two equal second parts (state_parts.h), which is asked of this process alone.
std::uint64_t check_of(ByteView stored_part) {
  return std::hash<std::string_view>{}(as_text(stored_part));
}

std::uint32_t bits_of(const Conversation& c, bool stream) {
  const auto bit = [](bool set, Bit which) { return set ? which : 0U; };
  return bit(c.loaded, kLoaded) | bit(c.awake, kAwake) | bit(c.wipe_owed, kWipeOwed) |
         bit(c.as_stored, kAsStored) | bit(c.tag.has_value(), kTag) |
         bit(c.word_message.has_value(), kWordMessage) |
         bit(c.timer_asked.has_value(), kTimerAsked) | bit(stream, kStream) |
         bit(c.turns > 0 && c.accepted == c.turns, kAccepted) |
         bit(answers_may_go(c), kAnswersMayGo) | bit(c.unjoined != nullptr, kReleased);
}

void write_facts(const Conversation& c, const ReportSealer::Parked* stream,
                 std::uint32_t sealed_for, PackWriter& out) {
  out.number(c.counter);
  out.number(c.turns);
  out.number(c.heard.size());
  for (const HeardDelivery& one : c.heard) out.raw(one.view());
  if (c.word_message) out.raw(*c.word_message);
  if (c.timer_asked) out.difference(milliseconds(c.last) - milliseconds(*c.timer_asked));
  if (stream == nullptr) return;
  out.number(stream->writer.sequence);
  out.number(sealed_for);
  out.difference(milliseconds(c.last) - milliseconds(stream->begun));
}

void read_facts(PackReader& in, std::uint32_t bits, Conversation& c) {
  c.loaded = (bits & kLoaded) != 0;
  c.awake = (bits & kAwake) != 0;
  c.wipe_owed = (bits & kWipeOwed) != 0;
  c.as_stored = (bits & kAsStored) != 0;
  c.counter = in.number();
  c.turns = in.number();
  if ((bits & kAccepted) != 0) c.accepted = c.turns;
  for (auto left = in.number(); left > 0; --left)
    c.heard.push_back(HeardDelivery::from(in.raw(HeardDelivery::kSize)).value_or(HeardDelivery{}));
  if ((bits & kWordMessage) != 0) {
    c.word_message.emplace();
    std::ranges::copy(in.raw(c.word_message->size()), c.word_message->begin());
  }
  if ((bits & kTimerAsked) != 0)
    c.timer_asked = c.last - std::chrono::milliseconds(in.difference());
}

}  // namespace

// Then follow the bytes: what memory has, and unless it is released what the store has too, with
// its size before it.
struct Packed::Block {
  LockedSlab::Cell cell;
  std::uint32_t memory = 0;                // bytes of the first part
  std::uint16_t bits = 0;                  // enum Bit
  std::array<std::uint16_t, 3> time = {};  // in milliseconds; until the year 10,889

  static constexpr std::size_t kHead = sizeof(LockedSlab::Cell) + 12;
  using StoredSize = std::uint32_t;
  static std::size_t taken(std::size_t bytes) { return std::max(sizeof(Block), kHead + bytes); }

  TimePoint last() const {
    std::uint64_t all = 0;
    for (const std::uint16_t part : time) all = all << 16 | part;
    return TimePoint(std::chrono::milliseconds(static_cast<std::int64_t>(all)));
  }
  void set_last(TimePoint last) {
    const auto all = static_cast<std::uint64_t>(std::max<std::int64_t>(milliseconds(last), 0));
    time = {static_cast<std::uint16_t>(all >> 32), static_cast<std::uint16_t>(all >> 16),
            static_cast<std::uint16_t>(all)};
  }
  std::uint8_t* after(std::size_t offset) {
    return reinterpret_cast<std::uint8_t*>(this) + kHead + offset;
  }
  std::size_t stored() {
    if ((bits & kReleased) != 0) return 0;
    StoredSize size = 0;
    std::memcpy(&size, after(memory), sizeof size);
    return size;
  }
  std::size_t size() {  // of all that follows
    return memory + ((bits & kReleased) != 0 ? 0 : sizeof(StoredSize) + stored());
  }
  ByteView memory_part() { return {after(0), memory}; }
  ByteView stored_part() {
    const std::size_t size = stored();
    return {after(size == 0 ? 0 : memory + sizeof(StoredSize)), size};
  }
};

std::unique_ptr<Packed::Block, Packed::Wiped> Packed::allocate(std::size_t size, PagePool& pool) {
  static_assert(offsetof(Block, time) + sizeof(Block::time) == Block::kHead);
  void* memory = pool.allocate(Block::taken(size));
  return std::unique_ptr<Block, Wiped>(new (memory) Block);
}

void Packed::Wiped::operator()(Block* block) const {
  const std::size_t taken = Block::taken(block->size());
  block->~Block();  // the cell goes back, and is wiped
  wipe({reinterpret_cast<std::uint8_t*>(block), taken});
  PagePool::give_back(block, taken);
}

bool Packed::can(const Conversation& conversation) {
  if (conversation.busy || !conversation.line.empty() || conversation.uncertain ||
      conversation.returned || conversation.link_offer)
    return false;
  if (conversation.lost_receipt) return false;
  return !conversation.receipt || conversation.receipt->taken();
}

Packed Packed::of(Conversation& c, Glossary& glossary, PagePool& pool) {
  auto stream = c.unjoined ? std::move(c.unjoined->stream) : c.sealer.park(c.state.progress());
  const std::uint32_t sealed_for = stream ? glossary.number_of(stream->sealed_for) : 0;
  const Glossary::Reading reading(glossary);
  const std::uint32_t bits = bits_of(c, stream.has_value());
  PackWriter memory(reading);
  PackWriter stored(reading);
  write_facts(c, stream ? &*stream : nullptr, sealed_for, memory);
  if (c.tag) stored.raw(c.tag->view());
  c.sent.pack(memory, stored);
  if (c.unjoined) {
    memory.raw(c.unjoined->memory_part.view());
  } else {
    write_memory_part(c.state, memory);
    write_stored_part(c.state, stored);
  }
  const bool released = c.unjoined != nullptr;
  const std::size_t rest = released ? 0 : sizeof(Block::StoredSize) + stored.size();
  Packed packed;
  packed.block_ = allocate(memory.size() + rest, pool);
  Block& block = *packed.block_;
  if (stream) block.cell = std::move(stream->writer.cell);
  block.set_last(c.last);
  block.bits = static_cast<std::uint16_t>(bits);
  block.memory = static_cast<std::uint32_t>(memory.size());
  std::ranges::copy(memory.view(), block.after(0));
  if (released) return packed;
  const auto size = static_cast<Block::StoredSize>(stored.size());
  std::memcpy(block.after(memory.size()), &size, sizeof size);
  std::ranges::copy(stored.view(), block.after(memory.size() + sizeof size));
  return packed;
}

void Packed::unpack(const Glossary& glossary, Conversation& c) {
  const auto block = std::move(block_);
  const Glossary::Reading reading(glossary);
  PackReader memory(block->memory_part(), reading);
  PackReader stored(block->stored_part(), reading);
  c.last = block->last();
  read_facts(memory, block->bits, c);
  std::optional<ReportSealer::Parked> stream;
  if ((block->bits & kStream) != 0) {
    stream.emplace();
    stream->writer.cell = std::move(block->cell);
    stream->writer.sequence = memory.number();
    stream->sealed_for = reading.sealed_for(static_cast<std::uint32_t>(memory.number()));
    stream->begun = c.last - std::chrono::milliseconds(memory.difference());
  }
  if ((block->bits & kReleased) != 0) {
    c.loaded = false;
    c.sent.unpack(memory, nullptr);
    c.unjoined =
        std::make_unique<Unjoined>(Unjoined{SecretBuffer(memory.rest()), std::move(stream)});
    return;
  }
  if ((block->bits & kTag) != 0)
    c.tag = storage::ConversationTag::from(stored.raw(storage::ConversationTag::kSize));
  c.sent.unpack(memory, &stored);
  read_stored_part(stored, c.state);
  join_memory_part(memory, c.state);
  if (stream) c.sealer.resume(std::move(*stream), c.state.progress());
}

bool Packed::release(const Glossary& glossary, PagePool& pool) {
  constexpr std::uint32_t kNeeded = kLoaded | kAsStored | kTag;
  if ((block_->bits & (kNeeded | kReleased)) != kNeeded) return false;
  std::uint64_t check = 0;
  {
    const Glossary::Reading reading(glossary);
    PackReader stored(block_->stored_part(), reading);
    stored.raw(storage::ConversationTag::kSize);
    SentMessages::skip_stored(stored);
    check = check_of(stored.rest());
  }
  auto smaller = allocate(block_->memory + sizeof check, pool);
  smaller->cell = std::move(block_->cell);
  smaller->time = block_->time;
  smaller->bits = block_->bits | kReleased;
  smaller->memory = block_->memory + static_cast<std::uint32_t>(sizeof check);
  std::ranges::copy(block_->memory_part(), smaller->after(0));
  std::memcpy(smaller->after(block_->memory), &check, sizeof check);
  block_ = std::move(smaller);
  return true;
}

TimePoint Packed::last() const {
  return block_->last();
}
bool Packed::wipe_owed() const {
  return (block_->bits & kWipeOwed) != 0;
}
bool Packed::is_stored() const {
  return (block_->bits & kTag) != 0;
}
bool Packed::answers_may_go() const {
  return (block_->bits & kAnswersMayGo) != 0;
}
std::size_t Packed::size() const {
  return Block::kHead + block_->size();
}

bool join(Conversation& c, State&& stored, std::uint64_t counter, const Glossary& glossary) {
  const auto unjoined = std::exchange(c.unjoined, nullptr);
  const ByteView part = unjoined->memory_part.view();
  std::uint64_t expected = 0;
  const std::size_t size = part.size() - std::min(part.size(), sizeof expected);
  std::memcpy(&expected, part.subspan(size).data(), part.size() - size);
  c.sent.load(stored);
  c.state = std::move(stored);
  const Glossary::Reading reading(glossary);
  PackWriter found(reading);
  State copy = c.state;
  write_stored_part(copy, found);
  if (counter != c.counter || check_of(found.view()) != expected) return false;
  PackReader in(part.first(size), reading);
  join_memory_part(in, c.state);
  if (unjoined->stream) c.sealer.resume(std::move(*unjoined->stream), c.state.progress());
  return true;
}

namespace {

// Who came back and fell silent: what was there before stays.
void end_return(Conversation& conversation) {
  State place;
  if (conversation.state.returned().has_before()) {
    place.Swap(conversation.state.mutable_returned()->mutable_before());
  } else if (conversation.state.has_left()) {
    place.set_phase(State::PHASE_STRANGER);
    place.mutable_left()->Swap(conversation.state.mutable_left());
  }
  if (conversation.state.discreet()) place.set_discreet(true);
  conversation.state.Swap(&place);
}

}  // namespace

bool answers_may_go(const Conversation& conversation) {
  const State& state = conversation.state;
  if (conversation.link_offer) return true;
  if (state.phase() == State::PHASE_RETURNED)
    return !conversation.uncertain || conversation.returned != nullptr;
  const bool before =
      state.phase() == State::PHASE_NEW || state.phase() == State::PHASE_BEFORE_CONSENT;
  if (!before || conversation.tag || conversation.uncertain || conversation.wipe_owed ||
      conversation.unjoined)
    return false;
  State nothing;
  nothing.set_discreet(state.discreet());
  return state.ByteSizeLong() > nothing.ByteSizeLong();
}

void forget_answers(Conversation& conversation) {
  conversation.link_offer.reset();
  if (!answers_may_go(conversation)) return;
  conversation.returned.reset();  // the keys, whatever is not known yet
  if (conversation.uncertain) return;
  if (conversation.state.phase() == State::PHASE_RETURNED) return end_return(conversation);
  const bool discreet = conversation.state.discreet();
  conversation.state.Clear();
  conversation.state.set_discreet(discreet);
}

}  // namespace resguardo::intake
