// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "bot/dialogue/facts.h"

namespace resguardo::dialogue {

// The way through the form as the answers so far have it: what comes after what in the depth that
// was chosen, how often each repeat is gone through, what is asked at all.
class Route {
 public:
  Route(const Form::Content& form, const Facts& facts, const pb::ConversationState& state,
        bool media)
      : form_(form), facts_(facts), state_(state), media_(media) {}

  pb::Mode mode() const;
  // In this depth, relevant, a time that there is; and files only where they can be kept.
  bool asked(const Spot& spot) const;
  // The first answer, in the order of facts, that stands no more: it is not relevant, or its time
  // is not there; the depth does not matter. Where the answers that decide it did not survive a
  // restart, it stands. Spot{}: all stand. `by`: only among what this node decides.
  Spot first_that_fell(std::size_t by = kNoIndex) const;
  // The next node, or the next time of a repeat; Spot{} (kNoIndex) after the last.
  Spot following(const Spot& spot) const;
  // The first node of a section in this depth.
  Spot first_of(std::size_t section, std::uint32_t time) const;
  bool before(std::size_t node, std::size_t other) const;
  // It was asked whether there is another time, and there is.
  bool leads_on(const Spot& spot) const;

 private:
  bool in_its_repeat(std::size_t repeat, const Spot& spot, std::uint32_t time) const;
  bool affirmed(std::size_t repeat, const Spot& spot, std::uint32_t time) const;
  bool has_time(std::size_t repeat, const Spot& spot, std::uint32_t time) const;
  std::uint32_t times(const CompiledRepeat& repeat, const Spot& spot) const;
  bool relevant(const Spot& spot) const { return section_stands(spot) && node_stands(spot); }
  bool section_stands(const Spot& spot) const;
  bool node_stands(const Spot& spot) const;
  bool undecided(const Spot& spot) const;
  bool faded(std::size_t node, const Spot& from) const;
  bool reads_faded(const Expression& expression, const Spot& from) const;

  const Form::Content& form_;
  const Facts& facts_;
  const pb::ConversationState& state_;
  bool media_;
};

}  // namespace resguardo::dialogue
