// SPDX-License-Identifier: AGPL-3.0-or-later
// "From this phone" (docs/adr/162): who linked it reads replies without the receipt, until they
// leave, erase, or thirty days are over.
#include <utility>

#include "bot/intake/turn.h"

namespace resguardo::intake {

PhoneLinks::Addresses Turn::addresses() const {
  PhoneLinks::Addresses all = {address()};
  const auto& also = pending_.event.sender().also_known;
  if (also) all.push_back(also->reveal());
  return all;
}

// The receipt of a report that closed, where its person may be asked.
void Turn::offer_link() {
  Conversation& c = *conversation_;
  if (services_.links == nullptr || c.state.discreet() || !c.receipt) return;
  const auto lookup = *storage::ReceiptLookup::from(receipt_->keys.lookup.view());
  c.link_offer =
      std::make_unique<LinkOffer>(LinkOffer{std::move(receipt_->keys.mailbox_seed), lookup});
}

void Turn::link_phone() {
  Conversation& c = *conversation_;
  const auto offer = std::move(c.link_offer);
  bool done = false;
  if (offer && services_.links != nullptr) {
    const auto linked = services_.links->link(addresses(), *offer, day_of(pending_.now));
    done = linked.ok() && *linked;
  }
  go_on_with(dialogue::LinkMade{done}, std::move(step_.state));
}

// Where nothing waits the keys are gone again before anything is said.
void Turn::find_link() {
  std::uint32_t replies = 0;
  if (services_.links != nullptr) {
    auto found = services_.links->find(addresses(), day_of(pending_.now));
    if (found.ok() && *found) replies = (*found)->replies;
    if (replies > 0)
      conversation_->returned = std::make_unique<ReturnSession>(std::move((*found)->session));
  }
  go_on_with(dialogue::LinkFound{replies}, std::move(step_.state));
}

// Nobody who leaves is kept waiting for a disk: what could not be taken out is tried again.
void Turn::unlink() {
  conversation_->link_offer.reset();
  static_cast<void>(services_.links->forget(addresses()).ok());
  unlinked_ = true;
  follow_step();
}

// The address has another owner: nothing is said to them before the link is gone.
bool Turn::without_link(Next next) {
  if (services_.links == nullptr || unlinked_) return false;
  services_.later([self = shared_from_this(), next] {
    const auto gone = self->services_.links->forget(self->addresses());
    if (!gone.ok()) return self->failed(gone.error());
    self->unlinked_ = true;
    ((*self).*next)();
  });
  return true;
}

}  // namespace resguardo::intake
