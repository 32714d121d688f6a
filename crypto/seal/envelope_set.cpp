// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/envelope_set.h"

#include <sodium.h>

#include "crypto/base/hash.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"

namespace resguardo {
namespace {

static_assert(kEnvelopeSize == kEnvelopePlainSize + crypto_box_SEALBYTES);

std::string text_of(ByteView bytes) {
  return to_string(bytes);
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
  set.mutable_policy()->set_kind(pb::POLICY_ANY);
  for (const Recipient& recipient : recipients.members[index]) {
    pb::SetMember& member = *set.add_members();
    member.set_member_id(recipient.member.str());
    member.set_x25519(text_of(recipient.key.view()));
    member.set_reserve(recipient.reserve);
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

// `scratch`: E, then the bytes being sealed.
Status seal_to_members(const std::vector<Recipient>& members, const Digest& set_digest,
                       std::span<std::uint8_t> scratch, pb::StreamHeader& header) {
  const auto secret = scratch.first<kSetSecretSize>();
  const auto plain = scratch.subspan<kSetSecretSize, kEnvelopePlainSize>();
  for (std::size_t i = 0; i < members.size(); ++i) {
    write_envelope_plain(secret, set_digest, static_cast<std::uint32_t>(i), plain);
    Bytes envelope(kEnvelopeSize);
    if (crypto_box_seal(envelope.data(), plain.data(), plain.size(),
                        members[i].key.view().data()) != 0)
      return Error{Fault::kRefused, "a recipient's key cannot be sealed to"};
    header.add_envelopes(text_of(envelope));
  }
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

  RESGUARDO_TRY(auto scratch, SecretBytes::allocate(kSetSecretSize + kEnvelopePlainSize));
  const Status sealed = scratch.write([&](std::span<std::uint8_t> bytes) {
    randombytes_buf(bytes.data(), kSetSecretSize);
    derive_secret(bytes.first<kSetSecretSize>(), Label::kSegment, {blake2b(context).view()}, key);
    const auto& members = recipients.members[static_cast<std::size_t>(stream)];
    return seal_to_members(members, set_digest, bytes, header);
  });
  RESGUARDO_CHECK(sealed);
  header.set_key_commitment(derive_public(key, Label::kCommit, {}).str());
  return success();
}

}  // namespace resguardo
