// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "bot/dialogue/form.h"
#include "proto/conversation.pb.h"

namespace resguardo::dialogue {

// The form in force, and earlier ones: a report goes on on the form it began on, whose digest is in
// its state and in its seal. Immutable; copies share the forms.
class Forms {
 public:
  Forms() = default;
  Forms(std::shared_ptr<const Form> current,  // NOLINT(google-explicit-constructor)
        std::vector<std::shared_ptr<const Form>> earlier = {})
      : current_(std::move(current)), earlier_(std::move(earlier)) {}

  const std::shared_ptr<const Form>& current() const { return current_; }
  const std::vector<std::shared_ptr<const Form>>& earlier() const { return earlier_; }
  // The form of an open report. Whoever has not agreed to anything yet begins on the current one,
  // and the current one also comes back where no form has the digest: advance() then keeps what is
  // said and waits (runs_on() is false).
  const std::shared_ptr<const Form>& for_state(const pb::ConversationState& state) const;

 private:
  std::shared_ptr<const Form> current_;
  std::vector<std::shared_ptr<const Form>> earlier_;
};

// Whether this form is the one that an open report began on.
bool runs_on(const Form& form, const pb::ConversationState& state);

}  // namespace resguardo::dialogue
