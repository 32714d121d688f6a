// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/question_type.h"
#include "bot/dialogue/step.h"
#include "form/walk/shown.h"
#include "proto/questionnaire.pb.h"

namespace resguardo::dialogue {

// What many walks through a form came by, together.
class Survey {
 public:
  explicit Survey(const Form& form) : form_(form.content()), seen_(form_.nodes.size()) {}

  // Questions that were asked, and messages that were passed on the way or stood in a prompt.
  void see(const Step& step) {
    if (step.prompt) {
      see(form_.find(step.prompt->node));
      read(step.prompt->text);
    }
    for (const auto& fact : step.state.facts()) {
      const std::size_t hint = fact.place();
      const bool fits =
          hint > 0 && hint <= seen_.size() && form_.nodes[hint - 1].source->id() == fact.node();
      see(fits ? hint - 1 : form_.find(fact.node()));
    }
  }
  void receipt(const pb::ConversationState& state, ChannelKind channel) {
    const auto mode = static_cast<pb::Mode>(state.mode());
    ++receipts_[mode == pb::MODE_UNSPECIFIED ? "MODE_GUIDED" : pb::Mode_Name(mode)];
    ++receipts_[channel == ChannelKind::kSignal ? "signal" : "another channel"];
    if (channel == ChannelKind::kWhatsApp) ++receipts_["whatsapp"];
    ++receipts_[state.language()];
    if (state.card()) ++receipts_["card"];
    if (state.discreet()) ++receipts_["discreet"];
  }

  std::vector<std::string> never_seen() const {
    std::vector<std::string> never;
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      if (!seen_[i]) never.push_back(form_.nodes[i].source->id());
    }
    return never;
  }
  // By depth, channel, language: how many came to the receipt.
  const std::map<std::string, std::size_t>& receipts() const { return receipts_; }

 private:
  void see(std::size_t node) {
    if (node != kNoIndex) seen_[node] = true;
  }
  // Help is asked for anywhere, and the last words are one message: no fact and no name tells.
  void read(const std::string& prompt) {
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      const CompiledNode& node = form_.nodes[i];
      if (!seen_[i] && !node.type->asks) seen_[i] = form::shown_in(prompt, node);
    }
  }

  const Form::Content& form_;
  std::vector<bool> seen_;
  std::map<std::string, std::size_t> receipts_;
};

}  // namespace resguardo::dialogue
