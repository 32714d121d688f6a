// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "bot/intake/conversation.h"
#include "bot/intake/packed.h"

namespace resguardo::intake {

// Since when somebody has been silent of whom nothing is needed any more.
struct Silence {
  TimePoint since;                 // the conversation goes; the store has what it has
  TimePoint before_consent_since;  // of what was said before consent, the answers go
};

struct TableLimits {
  std::size_t names = 10'000;  // of people; somebody with two names counts twice
  std::size_t open = 256;      // conversations that nobody works on and that are not packed
};

// The conversations in memory, found by the process's own hash of an address. Those that spoke last
// lie open, the others are packed. Bounded: strangers go first, and of them the ones silent
// longest; nobody loses what was promised to last. Thread-safe.
class ConversationTable {
 public:
  ConversationTable(const TableLimits& limits, LockedSlab& slab, RandomSource& ids,
                    Glossary& glossary)
      : limits_(limits), slab_(slab), ids_(ids), glossary_(glossary) {}

  // Puts an event in its conversation's line. The conversation, if the caller is to work on it
  // now; nullptr if somebody is. `also` is a second name of the same person.
  std::shared_ptr<Conversation> enter(const outbox::Person& person,
                                      const std::optional<outbox::Person>& also, Pending pending);
  void forget_silent(const Silence& silence);
  // Packs who has been quiet for so long, and of who is packed keeps only what the store has not.
  // How many that were.
  std::size_t pack_quiet(TimePoint since);
  std::size_t size() const;
  std::size_t open() const;         // of them, those that are not packed
  std::size_t packed_size() const;  // bytes of all that are packed

 private:
  using Place = std::uint32_t;
  struct Open {
    std::shared_ptr<Conversation> conversation;
    std::list<Place>::iterator order;
  };
  Place find_or_make(const outbox::Person& person, const std::optional<outbox::Person>& also);
  Place make();
  void pair(const outbox::Person& also, Place place);
  std::shared_ptr<Conversation> open_at(Place place);
  void lay_open(Place place, std::shared_ptr<Conversation> conversation);
  bool pack(Place place);
  void pack_oldest();
  void make_room();
  void remove(const std::vector<bool>& leaving);
  std::optional<TimePoint> idle_since(Place place) const;  // nothing: a turn is under way
  bool stays(Place place) const;
  void forget_answers_at(Place place);

  mutable std::mutex mutex_;
  TableLimits limits_;
  LockedSlab& slab_;
  RandomSource& ids_;
  Glossary& glossary_;
  PagePool pool_;
  boost::unordered_flat_map<outbox::Person, Place, FixedBytesHash> names_;
  std::vector<Packed> packed_;  // by place; empty: it lies open, or the place is free
  std::vector<bool> paired_;    // by place: it has, or had, two names
  std::vector<Place> free_;
  std::unordered_map<Place, Open> open_;
  std::list<Place> order_;  // of open_: who spoke longest ago first
};

}  // namespace resguardo::intake
