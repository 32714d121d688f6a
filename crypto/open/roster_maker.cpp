// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/roster_maker.h"

#include "crypto/format/armour.h"
#include "crypto/open/roster_draft_state.h"
#include "crypto/open/roster_lint.h"

namespace resguardo::open {
namespace {

pb::Signature place_for(const PublicKey<RootRole>& root) {
  pb::Signature place;
  place.set_public_key(to_string(root.view()));
  return place;
}

// Who is to sign a draft: at most two different roots, each once it has signed with its signature.
Status check_places(const pb::SignedMessage& roster) {
  if (roster.signatures_size() > 2)
    return Error{Fault::kMalformed, "a roster has one root signature, or two"};
  std::vector<PublicKey<RootRole>> known;
  for (const auto& place : roster.signatures()) {
    RESGUARDO_TRY(const auto key, PublicKey<RootRole>::from_bytes(as_bytes(place.public_key())));
    if (std::ranges::find(known, key) != known.end())
      return Error{Fault::kMalformed, "one root is to sign the draft twice"};
    known.push_back(key);
    if (!place.signature().empty() &&
        !verify_signature(key, Label::kSignRoster, as_bytes(roster.message()),
                          as_bytes(place.signature())))
      return Error{Fault::kUnauthentic, "a signature on the draft does not fit"};
  }
  return success();
}

}  // namespace

RosterDraft::RosterDraft(std::unique_ptr<State> state) : state_(std::move(state)) {}
RosterDraft::RosterDraft(RosterDraft&&) noexcept = default;
RosterDraft& RosterDraft::operator=(RosterDraft&&) noexcept = default;
RosterDraft::~RosterDraft() = default;

RosterDraft RosterDraft::first() {
  auto state = std::make_unique<State>();
  state->roster.set_format(1);
  state->roster.set_number(1);
  state->roster.set_previous_digest(Digest{}.str());
  for (const auto compartment : {pb::COMPARTMENT_TESTIMONY, pb::COMPARTMENT_IDENTITY}) {
    auto& policy = *state->roster.add_compartments();
    policy.set_compartment(compartment);
    policy.set_kind(pb::POLICY_ANY);
  }
  return RosterDraft(std::move(state));
}

Result<RosterDraft> RosterDraft::following(ByteView file, const PublicKey<RootRole>& root) {
  RESGUARDO_TRY(const auto parsed, read_roster_file(file));
  RESGUARDO_TRY(const auto checked, check_roster_file(parsed));
  if (std::ranges::find(checked.signers, root) == checked.signers.end())
    return Error{Fault::kUnauthentic, "the roster is not signed by the root key given"};
  auto state = State::of(parsed, checked);
  state->roster.set_number(checked.roster.number + 1);
  state->roster.set_previous_digest(checked.roster.digest.str());
  state->roster.clear_next_root();
  state->places.push_back(place_for(checked.signers.back()));  // of two, the new one signs on
  if (checked.roster.next_root) state->places.push_back(place_for(*checked.roster.next_root));
  return RosterDraft(std::move(state));
}

Result<RosterDraft> RosterDraft::parse(ByteView text) {
  if (text.size() > kMaxRosterFile) return Error{Fault::kMalformed, "too long for a roster"};
  RESGUARDO_TRY(const Bytes bytes, dearmour(ArmourKind::kRosterDraft, as_text(text)));
  RESGUARDO_TRY(const auto file, parse_strict<pb::RosterFile>(bytes));
  if (file.format() != 1) return Error{Fault::kMalformed, "not a roster draft of this version"};
  RESGUARDO_CHECK(check_places(file.roster()));
  RESGUARDO_TRY(const auto checked, check_unsigned_roster(file));
  auto state = State::of(file, checked);
  state->places = {file.roster().signatures().begin(), file.roster().signatures().end()};
  return RosterDraft(std::move(state));
}

Result<std::string> RosterDraft::text() const {
  RESGUARDO_CHECK(check());
  pb::RosterFile file = state_->file();
  for (const auto& place : state_->places) *file.mutable_roster()->add_signatures() = place;
  return armour(ArmourKind::kRosterDraft, serialize_canonical(file));
}

RosterTerms RosterDraft::terms() const {
  return view().terms;
}
RosterView RosterDraft::view() const {
  return view_of(state_->file());
}
std::uint64_t RosterDraft::number() const {
  return state_->roster.number();
}

Status RosterDraft::check() const {
  const auto file = state_->file();
  if (const auto checked = check_unsigned_roster(file); !checked.ok()) return checked.error();
  return check_sense(view_of(file));
}

void RosterDraft::replace_root(const PublicKey<RootRole>& root) {
  state_->places = {place_for(root)};
}

std::vector<PublicKey<RootRole>> RosterDraft::still_to_sign() const {
  std::vector<PublicKey<RootRole>> roots;
  for (const auto& place : state_->places)
    if (place.signature().empty())
      roots.push_back(PublicKey<RootRole>::from_bytes(as_bytes(place.public_key())).value());
  return roots;
}

Status RosterDraft::add_signature(const SecretKey<RootRole>& root) {
  RESGUARDO_CHECK(check());
  const Bytes message = serialize_canonical(state_->roster);
  if (state_->places.empty()) state_->places.push_back(place_for(root.public_key()));
  for (auto& place : state_->places) {
    if (!place.signature().empty() ||
        !equal(as_bytes(place.public_key()), root.public_key().view()))
      continue;
    place.set_signature(to_string(root.sign(Label::kSignRoster, message)));
    return success();
  }
  return Error{Fault::kRefused, "this root has signed it already, or is not to sign it"};
}

Result<std::string> RosterDraft::finished() const {
  if (state_->places.empty() || !still_to_sign().empty())
    return Error{Fault::kRefused, "a root has not signed it yet"};
  RESGUARDO_CHECK(check());
  pb::RosterFile file = state_->file();
  for (const auto& place : state_->places) *file.mutable_roster()->add_signatures() = place;
  if (const auto checked = check_roster_file(file); !checked.ok()) return checked.error();
  return armour(ArmourKind::kRoster, serialize_canonical(file));
}

Result<std::string> RosterDraft::sign(const SecretKey<RootRole>& root) const {
  RosterDraft copy(std::make_unique<State>(*state_));
  RESGUARDO_CHECK(copy.add_signature(root));
  return copy.finished();
}

}  // namespace resguardo::open
