// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/step.h"

namespace resguardo::dialogue {

// The codes that a conversation knows, as a view of its state: one look-up per node, and what
// expressions read. Facts of nodes that the form does not have are left alone and never read.
class Facts final : public Values {
 public:
  Facts(const Form::Content& form, pb::ConversationState& state, ChannelKind channel);

  const pb::Fact* find(std::size_t node) const;
  pb::Fact* find(std::size_t node);
  // The fact of a node, new and last in order if there was none.
  pb::Fact& at(std::size_t node);
  void forget(std::size_t node);
  // Answered for good: neither reopened nor needed again because its code did not survive.
  bool settled(std::size_t node) const;
  // In the order in which they were given.
  const std::vector<std::size_t>& order() const { return order_; }

  bool answered(std::size_t variable) const override;
  bool has(std::size_t variable, std::string_view code) const override;
  std::size_t count(std::size_t variable) const override;

  void index();  // again, after the state was replaced

 private:
  const Form::Content& form_;
  pb::ConversationState& state_;
  std::string_view channel_;
  std::vector<int> position_;       // by node; -1: none
  std::vector<std::size_t> order_;  // nodes
};

}  // namespace resguardo::dialogue
