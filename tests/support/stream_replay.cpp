// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/stream_replay.h"

#include <sodium.h>

#include <stdexcept>

#include "crypto/base/hash.h"
#include "proto/envelope.pb.h"

namespace resguardo::testing_support {
namespace {

using State = crypto_secretstream_xchacha20poly1305_state;
static_assert(sizeof(State) == StreamReplay::kStateSize);

State* as_state(std::array<std::uint8_t, StreamReplay::kStateSize>& bytes) {
  return reinterpret_cast<State*>(bytes.data());
}

Bytes context_of(const Digest& header, StreamId stream, std::uint64_t sequence) {
  Bytes context = to_bytes(header.view());
  context.push_back(static_cast<std::uint8_t>(stream));
  for (unsigned shift = 0; shift < 64; shift += 8)
    context.push_back(static_cast<std::uint8_t>(sequence >> shift));
  return context;
}

Bytes open_envelope(const pb::StreamHeader& header, const open::AnalystKeys& keys, Week week) {
  pb::EnvelopeSet set;
  set.ParseFromString(header.envelope_set());
  for (int i = 0; i < set.members_size(); ++i) {
    if (set.members(i).member_id() != keys.member().str()) continue;
    const auto* key = set.members(i).reserve() ? keys.reserve() : keys.epoch(week);
    const std::string& sealed = header.envelopes(i);
    Bytes plain(sealed.size() - crypto_box_SEALBYTES);
    const int failed = key->secret().read([&](ByteView secret) {
      return crypto_box_seal_open(plain.data(), as_bytes(sealed).data(), sealed.size(),
                                  key->public_key().view().data(), secret.data());
    });
    if (failed == 0) return plain;
  }
  throw std::runtime_error("no envelope opens");
}

pb::StreamHeader stream_header(ByteView bytes, StreamId stream) {
  pb::SegmentHeader header;
  header.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return stream == StreamId::kTestimony ? header.testimony() : header.identity();
}

}  // namespace

StreamReplay::StreamReplay(ByteView header, StreamId stream, const open::AnalystKeys& keys)
    : header_digest_(blake2b(header)), stream_(stream) {
  const pb::StreamHeader parsed = stream_header(header, stream);
  pb::EnvelopeSet set;
  set.ParseFromString(parsed.envelope_set());
  const Bytes plain = open_envelope(parsed, keys, parse_week(set.week()).value());
  set_secret_.assign(plain.begin(), plain.begin() + 32);
  segment_key_.resize(32);
  derive_secret(set_secret_, Label::kSegment, {blake2b(as_bytes(parsed.context())).view()},
                std::span<std::uint8_t, 32>(segment_key_.data(), 32));
  if (crypto_secretstream_xchacha20poly1305_init_pull(
          as_state(state_), as_bytes(parsed.stream_header()).data(), segment_key_.data()) != 0)
    throw std::runtime_error("the stream does not begin");
}

StreamReplay::StreamReplay(ByteView header, StreamId stream, ByteView state)
    : header_digest_(blake2b(header)), stream_(stream) {
  std::copy_n(state.begin(), kStateSize, state_.begin());
}

std::optional<StreamReplay::Opened> StreamReplay::pull(ByteView ciphertext,
                                                       std::uint64_t sequence) {
  const Bytes context = context_of(header_digest_, stream_, sequence);
  Opened opened{Bytes(ciphertext.size() - crypto_secretstream_xchacha20poly1305_ABYTES), 0};
  if (crypto_secretstream_xchacha20poly1305_pull(as_state(state_), opened.padded.data(), nullptr,
                                                 &opened.tag, ciphertext.data(), ciphertext.size(),
                                                 context.data(), context.size()) != 0)
    return std::nullopt;
  return opened;
}

Bytes StreamReplay::push(ByteView padded, std::uint64_t sequence, std::uint8_t tag) {
  const Bytes context = context_of(header_digest_, stream_, sequence);
  Bytes sealed(padded.size() + crypto_secretstream_xchacha20poly1305_ABYTES);
  if (crypto_secretstream_xchacha20poly1305_push(as_state(state_), sealed.data(), nullptr,
                                                 padded.data(), padded.size(), context.data(),
                                                 context.size(), tag) != 0)
    throw std::runtime_error("push failed");
  return sealed;
}

}  // namespace resguardo::testing_support
