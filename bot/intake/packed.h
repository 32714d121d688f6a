// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "bot/intake/conversation.h"
#include "bot/intake/glossary.h"
#include "bot/intake/page_pool.h"
#include "crypto/base/clock.h"

namespace resguardo::intake {

// A conversation that nobody works on, in one small block. First whole; later, with release(), as
// what memory has of it and the store has not: the state is then read from there, and joined.
//
// Promises: what unpack() and join() give back goes on as if it had never been packed: no question
// is asked again, no answer fades, the segment goes on in its stream, what was heard is known. The
// stream states stay in their locked cell. The block is wiped when it goes, and so is the cell.
// Not thread-safe; moves only.
class Packed {
 public:
  Packed() = default;
  // Whether it can be packed: nothing is under way, its last turn's fate is known, and it owes no
  // receipt. The caller knows that no reply is on its way.
  static bool can(const Conversation& conversation);
  // Leaves `conversation` without what it had; it is good for nothing then.
  static Packed of(Conversation& conversation, Glossary& glossary, PagePool& pool);

  explicit operator bool() const { return block_ != nullptr; }
  // Into a new conversation; this one is empty then.
  void unpack(const Glossary& glossary, Conversation& conversation);
  // Gives up what the store has. True: there was something to give up.
  bool release(const Glossary& glossary, PagePool& pool);

  TimePoint last() const;
  bool wipe_owed() const;
  bool is_stored() const;       // the store knows whom it is of
  bool answers_may_go() const;  // the function below, of what is in it
  std::size_t size() const;     // bytes of memory, without the allocator's own

 private:
  struct Block;
  struct Wiped {
    void operator()(Block* block) const;
  };
  static std::unique_ptr<Block, Wiped> allocate(std::size_t size, PagePool& pool);
  std::unique_ptr<Block, Wiped> block_;
};

// Lays what a released conversation kept on what the store has now. False: the store has another
// turn's state than it should, and that is taken, as after a restart.
bool join(Conversation& conversation, pb::ConversationState&& stored, std::uint64_t counter,
          const Glossary& glossary);

// Somebody before consent fell silent: the answers go, for who comes back begins anew anyway. What
// they see can still be taken back. False: there is nothing to forget here. The keys of who came
// back with a receipt go in any case.
bool answers_may_go(const Conversation& conversation);
void forget_answers(Conversation& conversation);

}  // namespace resguardo::intake
