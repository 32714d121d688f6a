// SPDX-License-Identifier: AGPL-3.0-or-later
// Roster files as a server and an analyst meet them, and rosters without their signature, which is
// as far as a fuzzer gets by itself.
#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/roster_maker.h"
#include "crypto/seal/roster_content.h"
#include "proto/roster.pb.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

// The public half of seeded("root"): what the vectors are signed with.
const PublicKey<RootRole>& root() {
  static const PublicKey<RootRole> key =
      PublicKey<RootRole>::from_bytes(
          parse_hex("b9dc00ad5c6b33a1f1b2185d1f440fe992619264dd08438be4b0986b0da59550").value())
          .value();
  return key;
}

const TimePoint kNow = start_of(*parse_day("2026-11-21"));
const Week kWeek = *parse_week("2026-W47");

// A whole file that verified: what it promises to its users.
void check_verified(const VerifiedRoster& roster, ByteView file) {
  require(!roster.expired(kNow) && roster.anchor().number >= 1);
  if (const auto recipients = roster.recipients(kWeek); recipients.ok())
    for (const auto& members : recipients->members) require(!members.empty());
  const auto again = VerifiedRoster::verify(roster.file(), root(), kNow, roster.anchor());
  require(again.ok() && again->anchor().digest == roster.anchor().digest);
  require(looks_armoured(file) || equal(roster.file(), file));
}

void check_content(ByteView exact) {
  const auto content = read_roster(exact);
  if (!content.ok()) return;
  require(content->number >= 1 && content->analysts.size() <= kMaxMembers);
  require(content->issued <= content->expires && content->digest == blake2b(exact));
  require((content->number == 1) == (content->previous == Digest{}));
  for (const auto& compartment : content->compartments) {
    require(!compartment.groups.empty());
    for (const ReaderGroup& group : compartment.groups) {
      require(group.m >= 1 && group.m <= group.members.size() && group.members.size() <= kMaxGroup);
      for (const std::size_t member : group.members) require(content->analysts.at(member).active);
    }
  }
}

void check_draft(ByteView text) {
  const auto draft = open::RosterDraft::parse(text);
  if (!draft.ok() || !draft->check().ok()) return;
  const open::RosterView view = draft->view();
  require(view.number == draft->number() && view.number >= 1 && !view.members.empty());
  const auto back = draft->text();
  require(back.ok() && open::RosterDraft::parse(as_bytes(*back)).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  if (const auto roster = VerifiedRoster::verify(input, root(), kNow, std::nullopt); roster.ok())
    check_verified(*roster, input);
  check_content(input);
  if (const auto file = read_roster_file(input); file.ok()) {
    check_content(as_bytes(file->roster().message()));
    (void)check_unsigned_roster(*file).ok();
    pb::RosterFile draft = *file;
    draft.mutable_roster()->clear_signatures();
    check_draft(as_bytes(armour(ArmourKind::kRosterDraft, serialize_canonical(draft))));
  }
  check_draft(input);
  return 0;
}
