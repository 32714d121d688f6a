// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/operations.h"
#include "bot/commands/replies.h"

namespace resguardo::commands {
namespace {

std::string mend_of_replies(Fault fault) {
  switch (fault) {
    case Fault::kUnauthentic:
      return "compare fingerprints with whoever sent it; a member who was revoked answers nobody";
    case Fault::kRefused:
      return "it belongs to another server, or to this one before it was restored: ask the member "
             "to import the newest bundle and to answer anew";
    case Fault::kUnavailable:
      return "try again";
    case Fault::kReplayed:
    case Fault::kNotFound:
    case Fault::kStale:
    case Fault::kMalformed:
    case Fault::kConflict:
      break;
  }
  return "";
}

}  // namespace

operations::Result operations::deliver(const Owner& owner,
                                       const pb::ControlRequest::Deliver& request) {
  RESGUARDO_CHECK(believed_clock(owner));
  RESGUARDO_TRY(const auto roster, roster_in_force(owner));
  const auto taken =
      take_replies(owner.store(), roster, as_bytes(request.file()), day_of(owner.now));
  if (!taken.ok())
    return program::problem(taken.error(), request.name(), mend_of_replies(taken.error().fault));
  pb::ControlResult result;
  auto& said = *result.mutable_deliver();
  said.set_added(taken->added);
  said.set_known(taken->known);
  said.set_unknown(taken->unknown);
  said.set_full(taken->full);
  return result;
}

}  // namespace resguardo::commands
