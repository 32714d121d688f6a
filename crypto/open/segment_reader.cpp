// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/segment_reader.h"

#include <sodium.h>

#include "crypto/base/hash.h"
#include "crypto/format/padding.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/segment_header.h"

namespace resguardo::open {
namespace {

using StreamState = crypto_secretstream_xchacha20poly1305_state;

constexpr std::size_t kMaxRow = 2 * (kMaxSizeClass + kRowOverhead) + 1024;

Error unauthentic() {
  return {Fault::kUnauthentic, "this does not open: another key, another place, or changed"};
}

StreamState* state_of(std::span<std::uint8_t> states, std::size_t index) {
  return reinterpret_cast<StreamState*>(
      states.subspan(index * sizeof(StreamState), sizeof(StreamState)).data());
}

// Which envelope is for these keys, and the key that opens it.
struct OwnEnvelope {
  std::uint32_t index;
  const SecretKey<EpochRole>* key;
  bool reserve;
};

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

// `scratch`: the opened envelope, then K.
constexpr std::size_t kScratch = kEnvelopePlainSize + 32;

bool begin_pull(const ParsedStream& stream, const OwnEnvelope& own, ByteView secret,
                std::span<std::uint8_t> scratch, StreamState* state) {
  const auto plain = scratch.first<kEnvelopePlainSize>();
  const auto key = scratch.subspan<kEnvelopePlainSize, 32>();
  const ByteView envelope = as_bytes(stream.header.envelopes(static_cast<int>(own.index)));
  if (crypto_box_seal_open(plain.data(), envelope.data(), envelope.size(),
                           own.key->public_key().view().data(), secret.data()) != 0)
    return false;
  if (!envelope_fits(plain, stream.set_digest, own.index)) return false;
  derive_secret(plain.first<kSetSecretSize>(), Label::kSegment, {stream.context_digest.view()},
                key);
  const Digest commitment = derive_public(key, Label::kCommit, {});
  if (!constant_time_equal(commitment.view(), as_bytes(stream.header.key_commitment())))
    return false;
  const ByteView header = as_bytes(stream.header.stream_header());
  return crypto_secretstream_xchacha20poly1305_init_pull(state, header.data(), key.data()) == 0;
}

struct Pulled {
  SecretBuffer record;
  std::uint8_t tag = 0;
};

Result<Pulled> pull(StreamState* state, ByteView sealed, const RowContext& context,
                    const std::string& expected_digest) {
  Pulled pulled;
  pulled.record = SecretBuffer(sealed.size() - kRowOverhead);
  if (crypto_secretstream_xchacha20poly1305_pull(state, pulled.record.span().data(), nullptr,
                                                 &pulled.tag, sealed.data(), sealed.size(),
                                                 context.data(), context.size()) != 0)
    return unauthentic();
  if (pulled.tag != crypto_secretstream_xchacha20poly1305_TAG_REKEY &&
      pulled.tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL)
    return Error{Fault::kMalformed, "a record with a tag that no writer sets"};
  RESGUARDO_TRY(const auto length, unpadded_length(pulled.record.view()));
  pulled.record.resize(length);
  RESGUARDO_TRY(const auto digest, record_digest(pulled.record.view()));
  if (!equal(digest.view(), as_bytes(expected_digest))) return unauthentic();
  return pulled;
}

}  // namespace

struct SegmentReader::State {
  SegmentClaims claims;
  Digest header_digest;
  SecretBytes states;  // two secretstream states, pull side
  std::array<bool, 2> readable{};
  std::uint64_t sequence = 0;
  bool finished = false;
  bool broken = false;

  Result<OpenedRow> open_row(const pb::SealedRow& row, std::span<std::uint8_t> bytes);
};

Result<OpenedRow> SegmentReader::State::open_row(const pb::SealedRow& row,
                                                 std::span<std::uint8_t> bytes) {
  std::array<Pulled, 2> pulled;
  for (const StreamId stream : kStreams) {
    const auto index = static_cast<std::size_t>(stream);
    if (!readable.at(index)) continue;
    const bool testimony = stream == StreamId::kTestimony;
    RESGUARDO_TRY(
        pulled.at(index),
        pull(state_of(bytes, index), as_bytes(testimony ? row.testimony() : row.identity()),
             row_context(header_digest, static_cast<std::uint8_t>(stream), sequence),
             testimony ? row.testimony_digest() : row.identity_digest()));
  }
  auto& [testimony, identity] = pulled;
  if (readable[0] && readable[1]) {
    if (testimony.tag != identity.tag)
      return Error{Fault::kMalformed, "one stream of a row ends and the other does not"};
    const std::size_t longest = std::max(testimony.record.size(), identity.record.size());
    if (row.testimony().size() - kRowOverhead != size_class(longest))
      return Error{Fault::kMalformed, "a row is padded more than it needs"};
  }
  const std::uint8_t tag = readable[0] ? testimony.tag : identity.tag;
  return OpenedRow{std::move(testimony.record), std::move(identity.record),
                   tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL};
}

SegmentReader::SegmentReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SegmentReader::SegmentReader(SegmentReader&&) noexcept = default;
SegmentReader& SegmentReader::operator=(SegmentReader&&) noexcept = default;
SegmentReader::~SegmentReader() = default;

bool SegmentReader::finished() const {
  return state_->finished;
}
const SegmentClaims& SegmentReader::claims() const {
  return state_->claims;
}

Result<SegmentReader> SegmentReader::begin(ByteView header, const AnalystKeys& keys) {
  RESGUARDO_TRY(auto parsed, parse_header(header));
  RESGUARDO_TRY(auto states, SecretBytes::allocate(2 * sizeof(StreamState)));
  RESGUARDO_TRY(auto scratch, SecretBytes::allocate(kScratch));
  auto state = std::make_unique<State>(
      State{std::move(parsed.claims), parsed.digest, std::move(states), {}, 0, false, false});
  for (std::size_t index = 0; index < parsed.streams.size(); ++index) {
    const ParsedStream& stream = parsed.streams.at(index);
    const auto own = find_own(stream, state->claims.week, keys);
    if (!own) continue;
    const bool begun = own->key->secret().read([&](ByteView secret) {
      return scratch.write([&](std::span<std::uint8_t> bytes) {
        return state->states.write([&](std::span<std::uint8_t> all) {
          return begin_pull(stream, *own, secret, bytes, state_of(all, index));
        });
      });
    });
    if (!begun) return unauthentic();
    state->readable.at(index) = true;
    state->claims.reserve = state->claims.reserve || own->reserve;
  }
  if (!state->readable[0] && !state->readable[1])
    return Error{Fault::kNotFound, "none of these keys is a recipient of this segment"};
  return SegmentReader(std::move(state));
}

Result<OpenedRow> SegmentReader::next(ByteView bytes) {
  State& state = *state_;
  if (state.broken)
    return Error{Fault::kUnauthentic, "an earlier row did not open: nor can this one"};
  if (state.finished) return Error{Fault::kUnauthentic, "a row after the segment's end"};
  const auto read_row = [&]() -> Result<OpenedRow> {
    if (bytes.size() > kMaxRow) return Error{Fault::kMalformed, "a row that is too long"};
    RESGUARDO_TRY(const auto row, parse_strict<pb::SealedRow>(bytes));
    if (row.testimony().size() != row.identity().size() || row.testimony().size() < kRowOverhead ||
        !is_size_class(row.testimony().size() - kRowOverhead))
      return Error{Fault::kMalformed, "not a row's size"};
    if (row.testimony_digest().size() != sizeof(Digest) ||
        row.identity_digest().size() != sizeof(Digest))
      return Error{Fault::kMalformed, "a record's digest of another length"};
    if (row.sequence() != state.sequence) return unauthentic();
    return state.states.write(
        [&](std::span<std::uint8_t> states) { return state.open_row(row, states); });
  };
  auto opened = read_row();
  if (!opened.ok()) {
    state.broken = true;
    state.states.write([](std::span<std::uint8_t> states) { wipe(states); });
    return opened;
  }
  ++state.sequence;
  state.finished = opened->final;
  return opened;
}

}  // namespace resguardo::open
