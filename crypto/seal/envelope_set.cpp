// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/envelope_set.h"

#include <sodium.h>

#include <algorithm>

#include "crypto/base/hash.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/seal/polynomial.h"

namespace resguardo {
namespace {

static_assert(kEnvelopeSize == kEnvelopePlainSize + crypto_box_SEALBYTES);
static_assert(kCommitmentSize == kPointSize && kMaxQuorum == kMaxHolders);

std::string text_of(ByteView bytes) {
  return to_string(bytes);
}

void describe_policy(const Recipients& recipients, std::size_t stream, pb::Policy& policy) {
  if (recipients.policy[stream] == PolicyType::kAny) return policy.set_kind(pb::POLICY_ANY);
  policy.set_kind(pb::POLICY_QUORUM);
  for (std::size_t i = 0; i < recipients.groups[stream].size(); ++i) {
    pb::QuorumGroup& group = *policy.add_groups();
    group.set_organisation(recipients.groups[stream][i].organisation.str());
    group.set_m(recipients.groups[stream][i].m);
    group.set_n(static_cast<std::uint32_t>(
        std::ranges::count(recipients.members[stream], i, &Recipient::group)));
  }
}

pb::EnvelopeSet describe(const Recipients& recipients, StreamId stream, const SetId& id) {
  const auto index = static_cast<std::size_t>(stream);
  pb::EnvelopeSet set;
  set.set_format(kSegmentFormat);
  set.set_set_id(id.str());
  set.set_kem(pb::KEM_X25519_SEALED_BOX);
  set.set_week(to_string(recipients.week));
  set.set_roster_digest(recipients.roster_digest.str());
  set.set_lists_digest(recipients.lists_digest.str());
  set.set_compartment(static_cast<pb::Compartment>(stream));
  describe_policy(recipients, index, *set.mutable_policy());
  for (const Recipient& recipient : recipients.members[index]) {
    pb::SetMember& member = *set.add_members();
    member.set_member_id(recipient.member.str());
    member.set_x25519(text_of(recipient.key.view()));
    member.set_reserve(recipient.reserve);
    member.set_group(recipient.group);
  }
  return set;
}

pb::SegmentContext bind(const SegmentSpec& spec, StreamId stream, const SetId& set,
                        const Digest& set_digest) {
  pb::SegmentContext context;
  context.set_format(kSegmentFormat);
  context.set_report_id(spec.report.str());
  context.set_segment_index(spec.index);
  context.set_set_id(set.str());
  context.set_set_digest(set_digest.str());
  context.set_questionnaire_digest(spec.questionnaire.str());
  context.set_compartment(static_cast<pb::Compartment>(stream));
  return context;
}

std::size_t threshold_of(const Recipients& recipients, std::size_t stream) {
  std::size_t together = 0;
  for (const RecipientGroup& group : recipients.groups[stream]) together += group.m;
  return together;
}

// In locked memory: E; of a quorum s and then each share in turn, and the coefficients of all its
// groups; what an envelope holds.
struct Scratch {
  std::span<std::uint8_t, kSetSecretSize> secret;
  std::span<std::uint8_t, kScalarSize> scalar;
  std::span<std::uint8_t> coefficients;
  std::span<std::uint8_t> plain;

  static std::size_t size(std::size_t threshold) {
    return kSetSecretSize + kScalarSize + threshold * kScalarSize + plain_size(threshold);
  }
  Scratch(std::span<std::uint8_t> bytes, std::size_t threshold)
      : secret(bytes.first<kSetSecretSize>()),
        scalar(bytes.subspan<kSetSecretSize, kScalarSize>()),
        coefficients(bytes.subspan(kSetSecretSize + kScalarSize, threshold * kScalarSize)),
        plain(bytes.last(plain_size(threshold))) {}
  static std::size_t plain_size(std::size_t threshold) {
    return kEnvelopePlainSize + threshold * kCommitmentSize;
  }
};

// E = H(s), s the sum of each group's own secret. What stands for it in an envelope is a share.
Status divide(const std::vector<RecipientGroup>& groups, const Scratch& scratch,
              Bytes& commitments) {
  wipe(scratch.scalar);
  std::size_t begin = 0;
  for (const RecipientGroup& group : groups) {
    const auto own = scratch.coefficients.subspan(begin * kScalarSize, group.m * kScalarSize);
    RESGUARDO_CHECK(random_polynomial(own, commitments));
    add_scalar(scratch.scalar, own.first<kScalarSize>());
    begin += group.m;
  }
  derive_secret(scratch.scalar, Label::kQuorumSecret, {}, scratch.secret);
  return success();
}

// Of each member in turn what the envelope holds in E's place.
class Secrets {
 public:
  Secrets(const std::vector<RecipientGroup>& groups, const Scratch& scratch)
      : groups_(groups), scratch_(scratch) {}

  ByteView next(const Recipient& member) {
    if (groups_.empty()) return scratch_.secret;
    if (member.group != group_) {
      begin_ += groups_[group_].m;
      group_ = member.group;
      index_ = 0;
    }
    const auto own =
        scratch_.coefficients.subspan(begin_ * kScalarSize, groups_[group_].m * kScalarSize);
    polynomial_at(++index_, own, scratch_.scalar);
    return scratch_.scalar;
  }

 private:
  const std::vector<RecipientGroup>& groups_;
  const Scratch& scratch_;
  std::size_t begin_ = 0;  // of this group's coefficients
  std::uint32_t group_ = 0, index_ = 0;
};

Status seal_to_members(const Recipients& recipients, std::size_t stream, const Digest& bound_to,
                       const Scratch& scratch, pb::StreamHeader& header) {
  const std::vector<Recipient>& members = recipients.members[stream];
  const ByteView plain = scratch.plain;
  Secrets secrets(recipients.groups[stream], scratch);
  for (std::size_t i = 0; i < members.size(); ++i) {
    write_envelope_plain(secrets.next(members[i]), bound_to, static_cast<std::uint32_t>(i),
                         scratch.plain.first<kEnvelopePlainSize>());
    Bytes envelope(plain.size() + crypto_box_SEALBYTES);
    if (crypto_box_seal(envelope.data(), plain.data(), plain.size(),
                        members[i].key.view().data()) != 0)
      return Error{Fault::kRefused, "a recipient's key cannot be sealed to"};
    header.add_envelopes(text_of(envelope));
  }
  return success();
}

// E into the scratch; of a quorum the commitments into what the envelopes hold.
Status choose_secret(const std::vector<RecipientGroup>& groups, const Scratch& scratch,
                     pb::StreamHeader& header) {
  if (groups.empty()) {
    randombytes_buf(scratch.secret.data(), scratch.secret.size());
    return success();
  }
  Bytes commitments;
  RESGUARDO_CHECK(divide(groups, scratch, commitments));
  header.set_commitments_digest(blake2b(commitments).str());
  std::ranges::copy(commitments, scratch.plain.begin() + kEnvelopePlainSize);
  return success();
}

}  // namespace

Status make_envelopes(const Recipients& recipients, StreamId stream, const SegmentSpec& spec,
                      RandomSource& ids, std::span<std::uint8_t, 32> key,
                      pb::StreamHeader& header) {
  const SetId id = ids.make<SetId>();
  const Bytes set = serialize_canonical(describe(recipients, stream, id));
  const Digest set_digest = blake2b(set);
  const Bytes context = serialize_canonical(bind(spec, stream, id, set_digest));
  header.set_envelope_set(text_of(set));
  header.set_context(text_of(context));

  const auto index = static_cast<std::size_t>(stream);
  const std::size_t threshold = threshold_of(recipients, index);
  RESGUARDO_TRY(auto memory, SecretBytes::allocate(Scratch::size(threshold)));
  const Status sealed = memory.write([&](std::span<std::uint8_t> bytes) -> Status {
    const Scratch scratch(bytes, threshold);
    RESGUARDO_CHECK(choose_secret(recipients.groups[index], scratch, header));
    const Digest context_digest = blake2b(context);
    derive_secret(scratch.secret, Label::kSegment, {context_digest.view()}, key);
    const bool alone = recipients.groups[index].empty();
    return seal_to_members(recipients, index, alone ? set_digest : context_digest, scratch, header);
  });
  RESGUARDO_CHECK(sealed);
  header.set_key_commitment(derive_public(key, Label::kCommit, {}).str());
  return success();
}

}  // namespace resguardo
