// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/spot.h"
#include "bot/dialogue/step.h"

namespace resguardo::dialogue {

// The codes that a conversation knows, as a view of its state: one look-up per node and time.
// Facts of nodes that the form does not have are left alone and never read.
class Facts final {
 public:
  // `media`: whether this server keeps files.
  Facts(const Form::Content& form, pb::ConversationState& state, ChannelKind channel, bool media);
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  const pb::Fact* find(const Spot& spot) const;
  pb::Fact* find(const Spot& spot);
  // The fact of a node, new and last in order if there was none.
  pb::Fact& at(const Spot& spot);
  void forget(const Spot& spot);
  // Answered for good: neither reopened nor needed again because its code did not survive.
  bool settled(const Spot& spot) const;
  bool answered(const Spot& spot) const;
  // In the order in which they were given.
  std::span<const Spot> order() const { return order_; }

  void index();  // again, after the state was replaced

  const Form::Content& form() const { return form_; }
  const pb::ConversationState& state() const { return state_; }
  std::string_view channel() const { return channel_; }
  bool media() const { return media_; }

 private:
  static constexpr int kNone = -1;
  int entry(const Spot& spot) const;
  void enter(const Spot& spot, int fact);

  const Form::Content& form_;
  pb::ConversationState& state_;
  std::string_view channel_;
  bool media_;
  struct Place {
    int fact = kNone;  // which of the state's
    int next = kNone;  // place in order_ of another time of the same node
  };
  // Made for every turn: what most turns need is at hand, and a longer one takes more.
  std::array<std::byte, 4096> room_;
  std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
  std::pmr::vector<Spot> order_{&memory_};
  std::pmr::vector<Place> places_{&memory_};  // by place in order_
  std::pmr::vector<int> first_{&memory_};     // by node: a place in order_
};

// What an expression reads, at one spot: the answers of the same times of what repeats.
class Seen final : public Values {
 public:
  Seen(const Facts& facts, const Spot& from = {}) : facts_(&facts), from_(from) {}

  bool answered(std::size_t variable) const override;
  bool has(std::size_t variable, std::string_view code) const override;
  std::size_t count(std::size_t variable) const override;

 private:
  const pb::Fact* fact(std::size_t variable) const;
  const Facts* facts_;
  Spot from_;
};

}  // namespace resguardo::dialogue
