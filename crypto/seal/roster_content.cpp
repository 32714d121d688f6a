// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/roster_content.h"

#include <algorithm>
#include <map>
#include <set>

#include "crypto/base/hash.h"
#include "crypto/format/plain_name.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"

namespace resguardo {
namespace {

constexpr std::int64_t kMaxDay = 100000;  // in the year 2243

Result<Day> read_day(std::int64_t number) {
  if (number < 0 || number > kMaxDay)
    return Error{Fault::kMalformed, "a roster names a day outside of 1970 to 2243"};
  return Day{static_cast<std::int32_t>(number)};
}

// The key, or what is wrong said of whose it is.
template <class Role>
Result<PublicKey<Role>> read_key(const std::string& bytes, StaticText unsound) {
  const auto key = PublicKey<Role>::from_bytes(as_bytes(bytes));
  if (!key.ok()) return Error{Fault::kMalformed, unsound};
  return *key;
}

using OrganisationIds = std::set<std::string>;

Result<OrganisationIds> read_organisations(const pb::Roster& roster) {
  OrganisationIds ids;
  for (const auto& organisation : roster.organisations()) {
    if (organisation.id().size() != MemberId::kSize || !is_plain_name(organisation.label()))
      return Error{Fault::kMalformed, "an organisation without an id of 16 bytes or a plain label"};
    if (!ids.insert(organisation.id()).second)
      return Error{Fault::kMalformed, "one organisation is listed twice"};
  }
  return ids;
}

// Places of analysts by id, and the keys that nobody else may have.
class Members {
 public:
  Members(const pb::Roster& roster, OrganisationIds organisations)
      : roster_(roster), organisations_(std::move(organisations)) {}

  Status read(RosterContent& content) {
    if (roster_.members_size() > kMaxMembers)
      return Error{Fault::kMalformed, "a roster has at most 256 members"};
    for (const auto& member : roster_.members()) RESGUARDO_CHECK(read_one(member, content));
    for (const std::string& key : roster_.log_keys()) {
      RESGUARDO_TRY(const auto sound, read_key<LogRole>(key, "a log key is not a sound key"));
      RESGUARDO_CHECK(claim(key));
      content.log_keys.push_back(sound);
    }
    if (!roster_.next_root().empty()) {
      RESGUARDO_TRY(content.next_root,
                    read_key<RootRole>(roster_.next_root(), "the root to come is not a sound key"));
      RESGUARDO_CHECK(claim(roster_.next_root()));
    }
    content.keys = keys_;
    return success();
  }

  Result<ReaderGroup> group(const pb::RosterGroup& wire, const RosterContent& content) const {
    ReaderGroup group;
    group.m = wire.m();
    const auto organisation = MemberId::from(as_bytes(wire.organisation()));
    if (!organisation || !organisations_.contains(wire.organisation()))
      return Error{Fault::kMalformed, "a group of an organisation that is not listed"};
    group.organisation = *organisation;
    for (const std::string& id : wire.members()) {
      const auto place = analysts_.find(id);
      if (place == analysts_.end() || !content.analysts.at(place->second.index).active)
        return Error{Fault::kMalformed, "a group names somebody who is no active analyst"};
      if (place->second.organisation != wire.organisation())
        return Error{Fault::kMalformed, "a group names a member of another organisation"};
      group.members.push_back(place->second.index);
    }
    if (group.members.empty() || group.members.size() > kMaxGroup)
      return Error{Fault::kMalformed,
                   "a compartment is read by 1 to 32 members of an organisation"};
    if (group.m < 1 || group.m > group.members.size())
      return Error{Fault::kMalformed, "a group asks for more members than it has, or for none"};
    return group;
  }

 private:
  struct Place {
    std::size_t index;
    std::string organisation;
  };

  Status claim(const std::string& key) {
    if (!keys_.insert(key).second)
      return Error{Fault::kMalformed, "one key stands for two members, logs or roots"};
    return success();
  }

  Status read_one(const pb::Member& member, RosterContent& content) {
    const auto id = MemberId::from(as_bytes(member.id()));
    if (!id || !is_plain_name(member.label()))
      return Error{Fault::kMalformed, "a member without an id of 16 bytes or a plain label"};
    if (!ids_.insert(member.id()).second)
      return Error{Fault::kMalformed, "one member is listed twice"};
    if (!organisations_.contains(member.organisation()))
      return Error{Fault::kMalformed, "a member of an organisation that is not listed"};
    if (member.role() == pb::ROLE_UNSPECIFIED || member.state() == pb::MEMBER_UNSPECIFIED)
      return Error{Fault::kMalformed, "a member without a role or state"};
    RESGUARDO_TRY(const auto key,
                  read_key<AnalystRole>(member.ed25519(), "a member's key is not a sound key"));
    RESGUARDO_CHECK(claim(member.ed25519()));
    if (member.role() == pb::ROLE_WITNESS && member.state() == pb::MEMBER_ACTIVE)
      content.witnesses.push_back({member.label(), key});
    if (member.role() != pb::ROLE_ANALYST) return success();
    analysts_.emplace(member.id(), Place{content.analysts.size(), member.organisation()});
    content.analysts.push_back({*id, member.label(), key, member.state() == pb::MEMBER_ACTIVE});
    return success();
  }

  const pb::Roster& roster_;
  OrganisationIds organisations_;
  std::set<std::string> ids_;
  std::set<std::string> keys_;
  std::map<std::string, Place> analysts_;
};

// Nobody in two groups of one compartment, no organisation with two.
bool groups_distinct(const pb::CompartmentPolicy& wire) {
  std::set<std::string> organisations;
  std::set<std::string> members;
  for (const auto& group : wire.groups()) {
    if (!organisations.insert(group.organisation()).second) return false;
    for (const std::string& id : group.members())
      if (!members.insert(id).second) return false;
  }
  return true;
}

Status check_policy(const CompartmentReaders& readers) {
  const auto one = [](const ReaderGroup& group) { return group.m == 1; };
  if (readers.groups.empty()) return Error{Fault::kMalformed, "a compartment that nobody can open"};
  if (readers.policy == PolicyType::kAny && !std::ranges::all_of(readers.groups, one))
    return Error{Fault::kMalformed, "policy ANY asks for one member of each group, not for more"};
  if (readers.policy == PolicyType::kQuorum && readers.groups.size() == 1 &&
      one(readers.groups.front()))
    return Error{Fault::kMalformed, "a quorum of one is policy ANY"};
  std::size_t together = 0;
  for (const ReaderGroup& group : readers.groups) together += group.m;
  if (readers.policy == PolicyType::kQuorum && together > kMaxQuorum)
    return Error{Fault::kMalformed, "a quorum asks for at most 32 people together"};
  return success();
}

Status read_compartments(const pb::Roster& roster, const Members& members, RosterContent& content) {
  if (roster.compartments_size() != 2 ||
      roster.compartments(0).compartment() != pb::COMPARTMENT_TESTIMONY ||
      roster.compartments(1).compartment() != pb::COMPARTMENT_IDENTITY)
    return Error{Fault::kMalformed, "a roster says who opens testimony, then who opens identity"};
  for (int i = 0; i < 2; ++i) {
    const auto& wire = roster.compartments(i);
    auto& readers = content.compartments.at(static_cast<std::size_t>(i));
    if (wire.kind() == pb::POLICY_UNSPECIFIED)
      return Error{Fault::kMalformed, "a compartment without a policy"};
    readers.policy = wire.kind() == pb::POLICY_ANY ? PolicyType::kAny : PolicyType::kQuorum;
    if (!groups_distinct(wire))
      return Error{Fault::kMalformed, "one member or organisation in two groups of a compartment"};
    for (const auto& group : wire.groups()) {
      RESGUARDO_TRY(auto read, members.group(group, content));
      readers.groups.push_back(std::move(read));
    }
    RESGUARDO_CHECK(check_policy(readers));
  }
  return success();
}

// As note keys have it: no white space, no '+'.
bool sound_origin(const std::string& origin) {
  return is_plain_name(origin) && origin.find_first_of(" +") == std::string::npos;
}

Status read_frame(const pb::Roster& roster, RosterContent& content) {
  const auto previous = Digest::from(as_bytes(roster.previous_digest()));
  if (roster.format() != 1 || !previous)
    return Error{Fault::kMalformed, "not a roster of this version"};
  if (roster.number() == 0 || (roster.number() == 1) != (*previous == Digest{}))
    return Error{Fault::kMalformed, "a roster's number and previous digest do not agree"};
  content.number = roster.number();
  content.previous = *previous;
  RESGUARDO_TRY(content.issued, read_day(roster.issued_day()));
  RESGUARDO_TRY(content.expires, read_day(roster.expires_day()));
  if (content.expires < content.issued)
    return Error{Fault::kMalformed, "a roster that expires before it is issued"};
  content.log_origin = roster.log_origin();
  if (roster.log_keys_size() > kMaxLogKeys ||
      content.log_origin.empty() != roster.log_keys().empty())
    return Error{Fault::kMalformed, "log keys and their origin come together, at most 16"};
  if (!content.log_origin.empty() && !sound_origin(content.log_origin))
    return Error{Fault::kMalformed, "a log origin has no white space and no plus sign"};
  return success();
}

}  // namespace

Result<RosterContent> read_roster(ByteView exact) {
  RESGUARDO_TRY(const auto roster, parse_strict<pb::Roster>(exact));
  RosterContent content;
  content.digest = blake2b(exact);
  RESGUARDO_CHECK(read_frame(roster, content));
  RESGUARDO_TRY(auto organisations, read_organisations(roster));
  Members members(roster, std::move(organisations));
  RESGUARDO_CHECK(members.read(content));
  RESGUARDO_CHECK(read_compartments(roster, members, content));
  return content;
}

}  // namespace resguardo
