// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/stream_key.h"

#include <sodium.h>

#include "crypto/base/hash.h"
#include "crypto/format/segment_layout.h"

namespace resguardo::open {

std::optional<OwnEnvelope> find_own(const ParsedStream& stream, Week week,
                                    const AnalystKeys& keys) {
  for (int i = 0; i < stream.set.members_size(); ++i) {
    const pb::SetMember& member = stream.set.members(i);
    if (!equal(as_bytes(member.member_id()), keys.member().view())) continue;
    const auto* key = member.reserve() ? keys.reserve() : keys.epoch(week);
    if (key == nullptr || !equal(key->public_key().view(), as_bytes(member.x25519())))
      return std::nullopt;
    return OwnEnvelope{static_cast<std::uint32_t>(i), key, member.reserve()};
  }
  return std::nullopt;
}

std::size_t plain_size(const ParsedStream& stream) {
  return kEnvelopePlainSize + stream.commitments * kCommitmentSize;
}

bool open_envelope(const ParsedStream& stream, const OwnEnvelope& own,
                   std::span<std::uint8_t> plain) {
  const ByteView envelope = as_bytes(stream.header.envelopes(static_cast<int>(own.index)));
  const bool opened = own.key->secret().read([&](ByteView secret) {
    return crypto_box_seal_open(plain.data(), envelope.data(), envelope.size(),
                                own.key->public_key().view().data(), secret.data()) == 0;
  });
  return opened &&
         envelope_fits(plain.first<kEnvelopePlainSize>(), stream.envelopes_bound_to(), own.index);
}

bool key_fits(const ParsedStream& stream, ByteView key) {
  const Digest commitment = derive_public(key, Label::kCommit, {});
  return constant_time_equal(commitment.view(), as_bytes(stream.header.key_commitment()));
}

bool derive_stream_key(const ParsedStream& stream, ByteView set_secret,
                       std::span<std::uint8_t, 32> key) {
  derive_secret(set_secret, Label::kSegment, {stream.context_digest.view()}, key);
  return key_fits(stream, key);
}

}  // namespace resguardo::open
