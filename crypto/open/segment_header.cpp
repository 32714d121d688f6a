// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/segment_header.h"

#include <set>

#include "crypto/base/hash.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/seal/polynomial.h"

namespace resguardo::open {
namespace {

// An id for each member, an envelope of 116 bytes with the commitments of a quorum, and what
// protobuf puts around them.
constexpr std::size_t kMaxHeader =
    2 * (kMaxSegmentMembers * (256 + kMaxQuorum * kCommitmentSize) + 2048);

Error malformed(StaticText why) {
  return {Fault::kMalformed, why};
}

template <class Id>
Result<Id> id_from(const std::string& field) {
  const auto id = Id::from(as_bytes(field));
  if (!id) return malformed("an id or digest of another length");
  return *id;
}

Status check_members(const pb::EnvelopeSet& set, std::vector<Recipient>& members) {
  if (set.members().empty()) return malformed("an envelope set without members");
  if (static_cast<std::size_t>(set.members_size()) > kMaxSegmentMembers)
    return malformed("an envelope set with too many members");
  std::set<MemberId> seen;
  for (const pb::SetMember& member : set.members()) {
    RESGUARDO_TRY(const auto id, id_from<MemberId>(member.member_id()));
    RESGUARDO_TRY(const auto key, PublicKey<EpochRole>::from_bytes(as_bytes(member.x25519())));
    if (set.policy().kind() == pb::POLICY_ANY && member.group() != 0)
      return malformed("a group without a quorum");
    if (!seen.insert(id).second) return malformed("one member twice in an envelope set");
    members.push_back({id, key, member.reserve(), member.group()});
  }
  return success();
}

Status check_set(const pb::EnvelopeSet& set, StreamId stream) {
  if (set.format() != kSegmentFormat) return malformed("an envelope set of an unknown format");
  if (set.kem() != pb::KEM_X25519_SEALED_BOX) return malformed("an unknown kind of envelope");
  if (set.compartment() != static_cast<pb::Compartment>(stream))
    return malformed("an envelope set of the other compartment");
  switch (set.policy().kind()) {
    case pb::POLICY_ANY:
      return set.policy().groups().empty() ? success() : malformed("groups without a quorum");
    case pb::POLICY_QUORUM:
      return success();
    default:
      return malformed("an unknown policy");
  }
}

// Each group's members stand together, in the groups' order, as many as it says.
bool groups_seated(const pb::Policy& policy, const std::vector<Recipient>& members) {
  std::size_t next = 0;
  for (int group = 0; group < policy.groups_size(); ++group)
    for (std::uint32_t i = 0; i < policy.groups(group).n(); ++i, ++next)
      if (next >= members.size() || members[next].group != static_cast<std::uint32_t>(group))
        return false;
  return next == members.size();
}

// Of a quorum: its groups, and how many people it takes together; none of ANY.
Result<std::size_t> read_groups(const pb::Policy& policy, const std::vector<Recipient>& members,
                                std::vector<RecipientGroup>& groups) {
  if (policy.kind() == pb::POLICY_ANY) return std::size_t{0};
  std::size_t together = 0;
  std::set<MemberId> seen;
  for (const pb::QuorumGroup& group : policy.groups()) {
    RESGUARDO_TRY(const auto organisation, id_from<MemberId>(group.organisation()));
    if (!seen.insert(organisation).second) return malformed("one organisation in two groups");
    if (group.m() < 1 || group.m() > group.n() || group.n() > kMaxHolders)
      return malformed("a group that cannot be met, or of more than 32");
    together += group.m();
    groups.push_back({organisation, group.m()});
  }
  if (together < 2) return malformed("a quorum that one member meets");
  if (together > kMaxQuorum) return malformed("a quorum of more than 32 people together");
  if (!groups_seated(policy, members)) return malformed("the members are not those of the groups");
  return together;
}

Status check_context(const ParsedStream& parsed, const pb::SegmentHeader& header, StreamId stream) {
  const pb::SegmentContext& context = parsed.context;
  RESGUARDO_CHECK(id_from<SetId>(context.set_id()));
  if (context.format() != kSegmentFormat) return malformed("a segment of an unknown format");
  if (context.compartment() != static_cast<pb::Compartment>(stream))
    return malformed("the context of the other compartment");
  if (context.report_id() != header.report_id() ||
      context.segment_index() != header.segment_index())
    return malformed("the context of another segment");
  if (context.set_id() != parsed.set.set_id() ||
      !equal(as_bytes(context.set_digest()), parsed.set_digest.view()))
    return malformed("the context of another envelope set");
  return success();
}

Status check_sizes(const ParsedStream& parsed) {
  const pb::StreamHeader& header = parsed.header;
  if (header.envelopes_size() != parsed.set.members_size())
    return malformed("not one envelope for each member");
  for (const std::string& envelope : header.envelopes())
    if (envelope.size() != kEnvelopeSize + parsed.commitments * kCommitmentSize)
      return malformed("an envelope of another length");
  if (header.key_commitment().size() != sizeof(Digest))
    return malformed("a key commitment of another length");
  if (header.stream_header().size() != kStreamHeaderSize)
    return malformed("a stream header of another length");
  if (header.commitments_digest().size() != (parsed.quorum() ? sizeof(Digest) : 0))
    return malformed(parsed.quorum() ? StaticText("a quorum without its commitments' digest")
                                     : StaticText("commitments without a quorum"));
  return success();
}

Result<ParsedStream> parse_stream(pb::SegmentHeader& header, StreamId stream,
                                  SegmentClaims& claims) {
  const auto index = static_cast<std::size_t>(stream);
  std::vector<Recipient>& members = claims.members[index];
  ParsedStream parsed;
  parsed.header = std::move(stream == StreamId::kTestimony ? *header.mutable_testimony()
                                                           : *header.mutable_identity());
  const ByteView set = as_bytes(parsed.header.envelope_set());
  const ByteView context = as_bytes(parsed.header.context());
  RESGUARDO_TRY(parsed.set, parse_strict<pb::EnvelopeSet>(set));
  RESGUARDO_TRY(parsed.context, parse_strict<pb::SegmentContext>(context));
  parsed.set_digest = blake2b(set);
  parsed.context_digest = blake2b(context);
  RESGUARDO_CHECK(check_set(parsed.set, stream));
  RESGUARDO_CHECK(check_members(parsed.set, members));
  RESGUARDO_TRY(parsed.commitments,
                read_groups(parsed.set.policy(), members, claims.groups[index]));
  claims.policy[index] = parsed.quorum() ? PolicyType::kQuorum : PolicyType::kAny;
  RESGUARDO_CHECK(check_context(parsed, header, stream));
  RESGUARDO_CHECK(check_sizes(parsed));
  return parsed;
}

// Both streams are of one moment: one form, one roster, one week.
bool streams_agree(const ParsedStream& a, const ParsedStream& b) {
  return a.context.questionnaire_digest() == b.context.questionnaire_digest() &&
         a.set.roster_digest() == b.set.roster_digest() &&
         a.set.lists_digest() == b.set.lists_digest() && a.set.week() == b.set.week() &&
         a.set.set_id() != b.set.set_id();
}

}  // namespace

Result<ParsedHeader> parse_header(ByteView bytes) {
  if (bytes.size() > kMaxHeader) return malformed("a segment header that is too long");
  RESGUARDO_TRY(auto header, parse_strict<pb::SegmentHeader>(bytes));
  if (header.format() != kSegmentFormat) return malformed("a segment of an unknown format");
  ParsedHeader parsed;
  SegmentClaims& claims = parsed.claims;
  for (const StreamId stream : kStreams) {
    const auto index = static_cast<std::size_t>(stream);
    RESGUARDO_TRY(parsed.streams[index], parse_stream(header, stream, claims));
  }
  const auto& [testimony, identity] = parsed.streams;
  if (!streams_agree(testimony, identity))
    return malformed("the two streams of a segment do not agree");
  const auto week = parse_week(testimony.set.week());
  if (!week) return malformed("not a week");
  claims.week = *week;
  claims.index = header.segment_index();
  RESGUARDO_TRY(claims.report, id_from<ReportId>(header.report_id()));
  RESGUARDO_TRY(claims.questionnaire, id_from<Digest>(testimony.context.questionnaire_digest()));
  RESGUARDO_TRY(claims.roster_digest, id_from<Digest>(testimony.set.roster_digest()));
  RESGUARDO_TRY(claims.lists_digest, id_from<Digest>(testimony.set.lists_digest()));
  parsed.digest = blake2b(bytes);
  return parsed;
}

Result<SegmentClaims> read_claims(ByteView header) {
  RESGUARDO_TRY(auto parsed, parse_header(header));
  return std::move(parsed.claims);
}

SegmentHead::SegmentHead(std::unique_ptr<const ParsedHeader> parsed) : parsed_(std::move(parsed)) {}
SegmentHead::SegmentHead(SegmentHead&&) noexcept = default;
SegmentHead& SegmentHead::operator=(SegmentHead&&) noexcept = default;
SegmentHead::~SegmentHead() = default;

Result<SegmentHead> SegmentHead::read(ByteView header) {
  RESGUARDO_TRY(auto parsed, parse_header(header));
  return SegmentHead(std::make_unique<const ParsedHeader>(std::move(parsed)));
}

const SegmentClaims& SegmentHead::claims() const {
  return parsed_->claims;
}
const Digest& SegmentHead::digest() const {
  return parsed_->digest;
}

}  // namespace resguardo::open
