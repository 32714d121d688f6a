// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/transcript/shelf.h"

namespace resguardo::form {

using dialogue::advance;
using dialogue::Circumstances;
using dialogue::Effect;
using dialogue::Form;
using dialogue::LinkFound;
using dialogue::LinkMade;
using dialogue::ReplyRead;
using dialogue::Said;
using dialogue::Settings;
using dialogue::Step;
using dialogue::Tried;
using dialogue::Withdrawn;

void Shelf::set(std::string_view what) {
  if (what.starts_with("replies ")) replies_ = static_cast<std::uint32_t>(what.back() - '0');
  if (what == "linked yes") linked_ = true;
  if (what == "busy yes") busy_ = true;
  if (what == "failing yes") failing_ = true;
}

Step Shelf::settle(const Form& form, const Settings& settings, const pb::ConversationState& before,
                   Step step, bool awake, const Circumstances& around, TimePoint now) {
  const auto go_on = [&](const Said& said) {
    return advance(form, settings, step.state, true, around, said, now);
  };
  linked_ = linked_ && !step.unlink && !erased_;
  if (step.effect == Effect::kFindLink) return go_on(LinkFound{linked_ ? replies_ : 0});
  if (step.effect == Effect::kLinkPhone) {
    linked_ = !failing_;
    return go_on(LinkMade{linked_});
  }
  if (step.effect == Effect::kTryReceipt) {
    const bool right = step.receipt.reveal() == kReceipt && !erased_;
    const auto verdict = busy_   ? Tried::Verdict::kLater
                         : right ? Tried::Verdict::kRight
                                 : Tried::Verdict::kWrong;
    return advance(form, settings, before, awake, around, Tried{verdict, replies_}, now);
  }
  if (step.effect == Effect::kReadReply) {
    const std::uint32_t waiting = before.returned().replies();
    if (failing_) return go_on(ReplyRead{ReplyRead::Found::kUnknown});
    return go_on(waiting > 0 ? ReplyRead{ReplyRead::Found::kOne, waiting - 1} : ReplyRead{});
  }
  if (step.effect != Effect::kWithdraw) return step;
  erased_ = erased_ || (step.withdraws.empty() && !failing_);
  return go_on(Withdrawn{!failing_});
}

}  // namespace resguardo::form
