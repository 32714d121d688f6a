// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/segment_reader.h"

#include <sodium.h>

#include "crypto/base/hash.h"
#include "crypto/format/padding.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/format/wire_fields.h"
#include "crypto/open/quorum.h"
#include "crypto/open/reader_memory.h"
#include "crypto/open/segment_header.h"
#include "crypto/open/stream_key.h"

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

bool begin_pull(const ParsedStream& stream, ByteView key, StreamState* state) {
  const ByteView header = as_bytes(stream.header.stream_header());
  return crypto_secretstream_xchacha20poly1305_init_pull(state, header.data(), key.data()) == 0;
}

// From the envelope that holds E.
bool begin_alone(const ParsedStream& stream, const OwnEnvelope& own,
                 std::span<std::uint8_t> scratch, StreamState* state) {
  const auto plain = scratch.first<kEnvelopePlainSize>();
  const auto key = scratch.subspan<kEnvelopePlainSize, 32>();
  const bool begun = open_envelope(stream, own, plain) &&
                     derive_stream_key(stream, plain.first<kSetSecretSize>(), key) &&
                     begin_pull(stream, key, state);
  wipe(scratch);
  return begun;
}
constexpr std::size_t kStates = 2 * sizeof(StreamState);
constexpr std::size_t kScratch = kEnvelopePlainSize + 32;
static_assert(kStates + kScratch <= ReaderMemory::kSize);

struct Pulled {
  SecretBuffer record;
  std::uint8_t tag = 0;
};

Result<Pulled> pull(StreamState* state, ByteView sealed, const RowContext& context,
                    ByteView expected_digest) {
  Pulled pulled;
  pulled.record = SecretBuffer(sealed.size() - kRowOverhead);
  if (crypto_secretstream_xchacha20poly1305_pull(state, pulled.record.span().data(), nullptr,
                                                 &pulled.tag, sealed.data(), sealed.size(),
                                                 context.data(), context.size()) != 0)
    return unauthentic();
  if (pulled.tag != crypto_secretstream_xchacha20poly1305_TAG_REKEY &&
      pulled.tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL)
    return Error{Fault::kMalformed, "a record with a tag that no writer sets"};
  RESGUARDO_TRY(const auto length, unpadded_length_offline(pulled.record.view()));
  pulled.record.resize(length);
  RESGUARDO_TRY(const auto digest, record_digest(pulled.record.view()));
  if (!equal(digest.view(), expected_digest)) return unauthentic();
  return pulled;
}

struct RowFields {
  std::uint64_t sequence = 0;
  std::array<ByteView, 2> sealed;   // by StreamId
  std::array<ByteView, 2> digests;  // of the records
};

// Of a pb::SealedRow that has all of its parts, in the canonical form.
Result<RowFields> fields_of(ByteView row) {
  WireFields fields(row);
  RowFields found;
  found.sequence = fields.number(pb::SealedRow::kSequenceFieldNumber).value_or(0);
  const auto testimony = fields.bytes(pb::SealedRow::kTestimonyFieldNumber);
  const auto identity = fields.bytes(pb::SealedRow::kIdentityFieldNumber);
  const auto digest = fields.bytes(pb::SealedRow::kTestimonyDigestFieldNumber);
  const auto other_digest = fields.bytes(pb::SealedRow::kIdentityDigestFieldNumber);
  if (testimony && identity && digest && other_digest && fields.ended()) {
    found.sealed = {*testimony, *identity};
    found.digests = {*digest, *other_digest};
    return found;
  }
  pb::SealedRow strange;
  RESGUARDO_CHECK(parse_strict_into(row, strange));
  return Error{Fault::kMalformed, "a row without all of its parts"};
}

}  // namespace

struct SegmentReader::State {
  SegmentClaims claims;
  Digest header_digest;
  ReaderMemory states;  // two secretstream states, pull side; behind them scratch for begin()
  std::array<bool, 2> readable{};
  std::array<std::optional<QuorumShare>, 2> shares{};
  std::uint64_t sequence = 0;
  bool finished = false;
  bool broken = false;

  Status begin_stream(const SegmentHead& head, const ParsedStream& stream, std::size_t index,
                      const AnalystKeys& keys, const SecretBytes* combined);
  Result<OpenedRow> open_row(const RowFields& row, std::span<std::uint8_t> bytes);
};

Result<OpenedRow> SegmentReader::State::open_row(const RowFields& row,
                                                 std::span<std::uint8_t> bytes) {
  std::array<Pulled, 2> pulled;
  for (const StreamId stream : kStreams) {
    const auto index = static_cast<std::size_t>(stream);
    if (!readable.at(index)) continue;
    RESGUARDO_TRY(pulled.at(index),
                  pull(state_of(bytes, index), row.sealed.at(index),
                       row_context(header_digest, static_cast<std::uint8_t>(stream), sequence),
                       row.digests.at(index)));
  }
  auto& [testimony, identity] = pulled;
  if (readable[0] && readable[1]) {
    if (testimony.tag != identity.tag)
      return Error{Fault::kMalformed, "one stream of a row ends and the other does not"};
    const std::size_t longest = std::max(testimony.record.size(), identity.record.size());
    if (row.sealed[0].size() - kRowOverhead != size_class(longest))
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

bool SegmentReader::reads(StreamId stream) const {
  return state_->readable.at(static_cast<std::size_t>(stream));
}
const QuorumShare* SegmentReader::share(StreamId stream) const {
  const auto& share = state_->shares.at(static_cast<std::size_t>(stream));
  return share ? &*share : nullptr;
}

Status SegmentReader::State::begin_stream(const SegmentHead& head, const ParsedStream& stream,
                                          std::size_t index, const AnalystKeys& keys,
                                          const SecretBytes* combined) {
  const auto begin_at = [&](const auto& begin_one) {
    return states.write([&](std::span<std::uint8_t> all) {
      return begin_one(state_of(all, index), all.subspan(kStates, kScratch));
    });
  };
  if (combined != nullptr) {
    readable.at(index) = begin_at([&](StreamState* state, auto) {
      return combined->read(
          [&](ByteView key) { return key_fits(stream, key) && begin_pull(stream, key, state); });
    });
    return readable.at(index) ? success() : Status(unauthentic());
  }
  const auto own = find_own(stream, claims.week, keys);
  if (!own) return success();
  claims.reserve = claims.reserve || own->reserve;
  if (stream.quorum()) {
    RESGUARDO_TRY(const auto quorum, QuorumStream::of(head, static_cast<StreamId>(index)));
    RESGUARDO_TRY(shares.at(index), quorum.own_share(keys));
    return success();
  }
  readable.at(index) = begin_at([&](StreamState* state, std::span<std::uint8_t> scratch) {
    return begin_alone(stream, *own, scratch, state);
  });
  return readable.at(index) ? success() : Status(unauthentic());
}

Result<SegmentReader> SegmentReader::begin(ByteView header, const AnalystKeys& keys,
                                           const StreamKeys& combined) {
  RESGUARDO_TRY(const auto head, SegmentHead::read(header));
  return begin(head, keys, combined);
}

Result<SegmentReader> SegmentReader::begin(const SegmentHead& head, const AnalystKeys& keys,
                                           const StreamKeys& combined) {
  const ParsedHeader& parsed = *head.parsed_;
  RESGUARDO_TRY(auto states, ReaderMemory::allocate());
  auto state = std::make_unique<State>(State{parsed.claims, parsed.digest, std::move(states)});
  bool concerned = false;
  const auto begin_streams = [&]() -> Status {
    for (std::size_t index = 0; index < parsed.streams.size(); ++index) {
      RESGUARDO_CHECK(
          state->begin_stream(head, parsed.streams.at(index), index, keys, combined.at(index)));
      concerned = concerned || state->readable.at(index) || state->shares.at(index);
    }
    return success();
  };
  // Its pages are opened once for both envelopes: each time interrupts every other processor.
  const SecretKey<EpochRole>* key = keys.epoch(parsed.claims.week);
  RESGUARDO_CHECK(key == nullptr ? begin_streams()
                                 : key->secret().read([&](ByteView) { return begin_streams(); }));
  if (!concerned)
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
    RESGUARDO_TRY(const RowFields row, fields_of(bytes));
    const auto& [testimony, identity] = row.sealed;
    if (testimony.size() != identity.size() || testimony.size() < kRowOverhead ||
        !is_size_class(testimony.size() - kRowOverhead))
      return Error{Fault::kMalformed, "not a row's size"};
    if (row.digests[0].size() != sizeof(Digest) || row.digests[1].size() != sizeof(Digest))
      return Error{Fault::kMalformed, "a record's digest of another length"};
    if (row.sequence != state.sequence) return unauthentic();
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
