// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/conversation_table.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace resguardo::intake {
namespace {

using std::chrono::hours;

// Whom the store knows, and who is owed something, outlast strangers, however many come: as if they
// had written so much later.
constexpr hours kLongest{24 * 30};

// Of those that lie open so many are looked at in one turn; some have a reply on its way.
constexpr int kLooks = 4;

// So many at a time are packed before somebody who waits for the table has it.
constexpr std::size_t kAtOnce = 512;

// Nobody works on it, and nothing waits in line.
bool idle(const std::shared_ptr<Conversation>& conversation) {
  const std::lock_guard lock(conversation->mutex);
  return !conversation->busy && conversation->line.empty();
}

// Besides, nobody will tell it anything: a reply that is on its way holds it too.
bool packable(const std::shared_ptr<Conversation>& conversation) {
  if (conversation.use_count() != 1) return false;
  std::atomic_thread_fence(std::memory_order_acquire);  // and what it told is here
  const std::lock_guard lock(conversation->mutex);
  return Packed::can(*conversation);
}

}  // namespace

ConversationTable::Place ConversationTable::make() {
  if (!free_.empty()) {
    const Place place = free_.back();
    free_.pop_back();
    return place;
  }
  packed_.emplace_back();
  paired_.push_back(false);
  return static_cast<Place>(packed_.size() - 1);
}

void ConversationTable::lay_open(Place place, std::shared_ptr<Conversation> conversation) {
  order_.push_back(place);
  open_.emplace(place, Open{std::move(conversation), std::prev(order_.end())});
}

ConversationTable::Place ConversationTable::find_or_make(
    const outbox::Person& person, const std::optional<outbox::Person>& also) {
  auto found = names_.find(person);
  if (found == names_.end() && also) {
    // A conversation that has two names already is somebody's: who comes with one of them and a
    // new one is somebody else, to whom that name has passed.
    const auto other = names_.find(*also);
    if (other != names_.end() && !paired_[other->second])
      found = names_.emplace(person, Place{other->second}).first;
  }
  if (found == names_.end()) {
    if (names_.size() >= limits_.names) make_room();
    found = names_.emplace(person, make()).first;
    lay_open(found->second, std::make_shared<Conversation>(slab_, ids_));
  }
  const Place place = found->second;
  if (also) pair(*also, place);
  return place;
}

void ConversationTable::pair(const outbox::Person& also, Place place) {
  paired_[place] = true;
  const auto [name, is_new] = names_.emplace(also, place);
  if (!is_new && name->second != place && paired_[name->second]) name->second = place;
}

std::shared_ptr<Conversation> ConversationTable::open_at(Place place) {
  const auto found = open_.find(place);
  if (found != open_.end()) {
    order_.splice(order_.end(), order_, found->second.order);
    return found->second.conversation;
  }
  auto conversation = std::make_shared<Conversation>(slab_, ids_);
  packed_[place].unpack(glossary_, *conversation);
  lay_open(place, conversation);
  return conversation;
}

std::shared_ptr<Conversation> ConversationTable::enter(const outbox::Person& person,
                                                       const std::optional<outbox::Person>& also,
                                                       Pending pending) {
  const std::lock_guard lock(mutex_);  // held throughout: forget_silent must not come between
  auto conversation = open_at(find_or_make(person, also));
  pack_oldest();
  const std::lock_guard inner(conversation->mutex);
  conversation->last = pending.now;
  conversation->line.push_back(std::move(pending));
  if (conversation->busy) return nullptr;
  conversation->busy = true;
  return conversation;
}

bool ConversationTable::pack(Place place) {
  const auto found = open_.find(place);
  if (!packable(found->second.conversation)) return false;
  packed_[place] = Packed::of(*found->second.conversation, glossary_, pool_);
  order_.erase(found->second.order);
  open_.erase(found);
  return true;
}

// Whose turn or reply is under way goes to the end of the order, or it would be looked at each
// time.
void ConversationTable::pack_oldest() {
  for (int looks = 0; looks < kLooks && open_.size() > limits_.open; ++looks)
    if (!pack(order_.front())) order_.splice(order_.end(), order_, order_.begin());
}

std::optional<TimePoint> ConversationTable::idle_since(Place place) const {
  if (packed_[place]) return packed_[place].last();
  const auto found = open_.find(place);
  if (found == open_.end() || !idle(found->second.conversation)) return std::nullopt;
  return found->second.conversation->last;
}

bool ConversationTable::stays(Place place) const {
  if (packed_[place]) return packed_[place].wipe_owed() || packed_[place].is_stored();
  const Conversation& conversation = *open_.at(place).conversation;
  return conversation.wipe_owed || conversation.tag ||
         (conversation.receipt && !conversation.receipt->taken());
}

// One pass makes room for many: a pass for every newcomer would let a crowd slow everybody down.
void ConversationTable::make_room() {
  std::vector<std::pair<TimePoint, Place>> silent;
  for (Place place = 0; place < packed_.size(); ++place)
    if (const auto since = idle_since(place))
      silent.emplace_back(*since + (stays(place) ? kLongest : hours(0)), place);
  const auto leaving = static_cast<std::ptrdiff_t>(std::min(silent.size(), limits_.names / 64 + 1));
  std::nth_element(silent.begin(), silent.begin() + leaving, silent.end());
  std::vector<bool> chosen(packed_.size());
  for (auto one = silent.begin(); one != silent.begin() + leaving; ++one)
    chosen[one->second] = true;
  remove(chosen);
}

void ConversationTable::remove(const std::vector<bool>& leaving) {
  boost::unordered::erase_if(names_, [&](const auto& entry) { return leaving[entry.second]; });
  for (Place place = 0; place < leaving.size(); ++place) {
    if (!leaving[place]) continue;
    packed_[place] = Packed();
    paired_[place] = false;
    if (const auto found = open_.find(place); found != open_.end()) {
      order_.erase(found->second.order);
      open_.erase(found);
    }
    free_.push_back(place);
  }
}

void ConversationTable::forget_answers_at(Place place) {
  if (!packed_[place]) return forget_answers(*open_.at(place).conversation);
  if (!packed_[place].answers_may_go()) return;
  Conversation conversation(slab_, ids_);
  packed_[place].unpack(glossary_, conversation);
  forget_answers(conversation);
  packed_[place] = Packed::of(conversation, glossary_, pool_);
}

void ConversationTable::forget_silent(const Silence& silence) {
  const std::lock_guard lock(mutex_);  // nobody begins to work on one meanwhile
  std::vector<bool> leaving(packed_.size());
  bool any = false;
  for (Place place = 0; place < packed_.size(); ++place) {
    const auto since = idle_since(place);
    if (!since) continue;
    leaving[place] = *since < silence.since;
    any = any || leaving[place];
    if (!leaving[place] && *since < silence.before_consent_since) forget_answers_at(place);
  }
  if (any) remove(leaving);
}

std::size_t ConversationTable::pack_quiet(TimePoint since) {
  std::size_t done = 0;
  for (Place from = 0;; from += static_cast<Place>(kAtOnce)) {
    const std::lock_guard lock(mutex_);
    if (from >= packed_.size()) return done;
    const auto to = static_cast<Place>(std::min(packed_.size(), from + kAtOnce));
    for (Place place = from; place < to; ++place) {
      const auto last = idle_since(place);
      if (!last || *last >= since) continue;
      if (!packed_[place] && !pack(place)) continue;
      if (paired_[place]) continue;  // stored under one name, and the other may come next
      if (packed_[place].release(glossary_, pool_)) ++done;
    }
  }
}

std::size_t ConversationTable::size() const {
  const std::lock_guard lock(mutex_);
  return names_.size();
}

std::size_t ConversationTable::open() const {
  const std::lock_guard lock(mutex_);
  return open_.size();
}

std::size_t ConversationTable::packed_size() const {
  const std::lock_guard lock(mutex_);
  std::size_t size = 0;
  for (const Packed& one : packed_) size += one ? one.size() : 0;
  return size;
}

}  // namespace resguardo::intake
