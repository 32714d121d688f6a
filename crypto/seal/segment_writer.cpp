// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/segment_writer.h"

#include <sodium.h>

#include <algorithm>
#include <cstddef>

#include "crypto/base/hash.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/format/padding.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/seal/envelope_set.h"
#include "crypto/seal/polynomial.h"

namespace resguardo {
namespace {

using StreamState = crypto_secretstream_xchacha20poly1305_state;

static_assert(kStreamHeaderSize == crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(kRowOverhead == crypto_secretstream_xchacha20poly1305_ABYTES);

// libsodium wipes most of its stack, not all: BLAKE2b leaves its result, which here becomes a key,
// in a frame that has returned, and ChaCha20 leaves the key in vector registers, which whatever
// runs next may spill (the dynamic linker does when it binds a function lazily). Clears both.
[[gnu::noinline, gnu::zero_call_used_regs("all")]] void clear_residue() {
  constexpr std::size_t kDeepestCall = std::size_t{16} * 1024;
  sodium_stackzero(kDeepestCall);
  asm volatile("" ::: "memory");  // or the call above becomes a jump, and nothing is cleared after
}

// Between two pushes both streams rest in the cell, each without the eight bytes of padding at the
// end of libsodium's state, which are zero. Nothing else is known of a state here.
constexpr std::size_t kResting = offsetof(StreamState, _pad);
static_assert(sizeof(StreamState) == kResting + 8 && alignof(StreamState) == 1);

std::span<std::uint8_t> resting(const LockedSlab::Cell& cell, StreamId stream) {
  return cell.bytes().subspan(static_cast<std::size_t>(stream) * kResting, kResting);
}

// Has a state in a locked cell of its own, for libsodium to work on, and lays it back to rest.
// Until then the resting bytes are what they were: if it fails, both go, and nothing is pushed
// twice.
template <class Use>
Status with_state(const LockedSlab::Cell& cell, StreamId stream, Use use) {
  RESGUARDO_TRY(const auto whole, cell.beside());
  const auto bytes = whole.bytes().first(sizeof(StreamState));
  const auto rest = resting(cell, stream);
  std::ranges::copy(rest, bytes.begin());
  RESGUARDO_CHECK(use(reinterpret_cast<StreamState*>(bytes.data())));
  if (sodium_is_zero(bytes.data() + kResting, bytes.size() - kResting) == 0)
    return Error{Fault::kUnavailable, "libsodium's stream states are not as they were"};
  std::ranges::copy(bytes.first(kResting), rest.begin());
  return success();
}

// A quorum as the page draws it: groups in order, each with its threshold, and more than one
// person.
Status accept_quorum(const std::vector<RecipientGroup>& groups,
                     const std::vector<Recipient>& members) {
  const Error unsound{Fault::kRefused, "a quorum that cannot be met, or that one person meets"};
  std::size_t together = 0;
  std::size_t next = 0;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    const std::size_t first = next;
    while (next < members.size() && members[next].group == group) ++next;
    const std::size_t holders = next - first;
    if (groups[group].m < 1 || groups[group].m > holders || holders > kMaxHolders) return unsound;
    together += groups[group].m;
  }
  if (next != members.size() || together < 2 || together > kMaxQuorum) return unsound;
  return success();
}

Status accept(const Recipients& recipients, const LockedSlab& slab) {
  for (const StreamId stream : kStreams) {
    const auto index = static_cast<std::size_t>(stream);
    const std::size_t members = recipients.members[index].size();
    if (members == 0) return Error{Fault::kRefused, "a compartment without readers"};
    if (members > kMaxSegmentMembers)
      return Error{Fault::kRefused, "too many readers for one compartment"};
    switch (recipients.policy[index]) {
      case PolicyType::kAny:
        if (!recipients.groups[index].empty())
          return Error{Fault::kRefused, "groups without a quorum"};
        break;
      case PolicyType::kQuorum:
        RESGUARDO_CHECK(accept_quorum(recipients.groups[index], recipients.members[index]));
        break;
    }
  }
  if (crypto_secretstream_xchacha20poly1305_statebytes() != sizeof(StreamState))
    return Error{Fault::kRefused, "libsodium's stream states are not as they were"};
  if (slab.cell_size() < SegmentWriter::cell_size())
    return Error{Fault::kRefused, "the cells of this slab are too small for a segment"};
  return success();
}

Status begin_stream(const Recipients& recipients, StreamId stream, const SegmentSpec& spec,
                    RandomSource& ids, StreamState* state, pb::StreamHeader& header) {
  RESGUARDO_TRY(auto key, SecretBytes::allocate(crypto_secretstream_xchacha20poly1305_KEYBYTES));
  std::array<std::uint8_t, kStreamHeaderSize> stream_header{};
  const Status begun = key.write([&](std::span<std::uint8_t> bytes) -> Status {
    RESGUARDO_CHECK(make_envelopes(recipients, stream, spec, ids, bytes.first<32>(), header));
    if (crypto_secretstream_xchacha20poly1305_init_push(state, stream_header.data(),
                                                        bytes.data()) != 0)
      return Error{Fault::kUnavailable, "a stream could not be begun"};
    return success();
  });
  RESGUARDO_CHECK(begun);
  header.set_stream_header(to_string(stream_header));
  return success();
}

// One record into one ciphertext of `target` + kRowOverhead bytes. The state moves on.
Result<Bytes> push(StreamState* state, const SecretBuffer& record, std::size_t target,
                   const RowContext& context, std::uint8_t tag) {
  SecretBuffer padded;
  padded.reserve(target);
  padded.append(record.view());
  RESGUARDO_CHECK(pad_record(padded, target));
  Bytes sealed(target + kRowOverhead);
  if (crypto_secretstream_xchacha20poly1305_push(state, sealed.data(), nullptr,
                                                 padded.view().data(), padded.size(),
                                                 context.data(), context.size(), tag) != 0)
    return Error{Fault::kUnavailable, "a record could not be sealed"};
  return sealed;
}

Bytes encode_row(std::uint64_t sequence, const Bytes& testimony, const Bytes& identity,
                 const Digest& testimony_digest, const Digest& identity_digest) {
  pb::SealedRow row;
  row.set_sequence(sequence);
  row.set_testimony(to_string(testimony));
  row.set_identity(to_string(identity));
  row.set_testimony_digest(testimony_digest.str());
  row.set_identity_digest(identity_digest.str());
  return serialize_canonical(row);
}

}  // namespace

std::size_t SegmentWriter::cell_size() {
  return kStreams.size() * kResting;
}

Result<SegmentWriter> SegmentWriter::begin(const Recipients& recipients, const SegmentSpec& spec,
                                           LockedSlab& slab, RandomSource& ids) {
  RESGUARDO_CHECK(accept(recipients, slab));
  SegmentWriter writer;
  RESGUARDO_TRY(writer.cell_, slab.acquire());
  pb::SegmentHeader header;
  header.set_format(kSegmentFormat);
  header.set_report_id(spec.report.str());
  header.set_segment_index(spec.index);
  for (const StreamId stream : kStreams) {
    const bool testimony = stream == StreamId::kTestimony;
    const Status begun = with_state(writer.cell_, stream, [&](StreamState* state) {
      return begin_stream(recipients, stream, spec, ids, state,
                          testimony ? *header.mutable_testimony() : *header.mutable_identity());
    });
    clear_residue();
    if (!begun.ok()) return begun.error();
  }
  writer.header_ = serialize_canonical(header);
  writer.header_digest_ = blake2b(writer.header_);
  return writer;
}

const Bytes& SegmentWriter::header() const {
  return header_;
}
void SegmentWriter::release_header() {
  Bytes().swap(header_);
}
const Digest& SegmentWriter::header_digest() const {
  return header_digest_;
}
std::uint64_t SegmentWriter::next_sequence() const {
  return sequence_;
}
bool SegmentWriter::finished() const {
  return finished_;
}

std::optional<SegmentWriter::Parked> SegmentWriter::park(SegmentWriter&& writer) {
  if (!writer.cell_) return std::nullopt;
  return Parked{std::move(writer.cell_), writer.sequence_};
}

SegmentWriter SegmentWriter::resume(Parked&& parked, const Digest& header_digest) {
  SegmentWriter writer;
  writer.cell_ = std::move(parked.cell);
  writer.sequence_ = parked.sequence;
  writer.header_digest_ = header_digest;
  return writer;
}

Result<SealedTurn> SegmentWriter::seal(const TurnRecords& turn) {
  return push_turn(turn, crypto_secretstream_xchacha20poly1305_TAG_REKEY);
}

Result<SealedTurn> SegmentWriter::finish(const TurnRecords& last) {
  auto sealed = push_turn(last, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
  if (!sealed.ok()) return sealed;
  finished_ = true;
  cell_ = LockedSlab::Cell();
  return sealed;
}

Result<SealedTurn> SegmentWriter::push_turn(const TurnRecords& turn, std::uint8_t tag) {
  if (!cell_) return Error{Fault::kRefused, "this segment has ended"};
  const std::size_t longest = std::max(turn.testimony.size(), turn.identity.size());
  if (longest > kMaxRecord) return Error{Fault::kRefused, "a record is too long"};
  SealedTurn sealed;
  sealed.sequence = sequence_;
  RESGUARDO_TRY(sealed.testimony_digest, record_digest(turn.testimony.view()));
  RESGUARDO_TRY(sealed.identity_digest, record_digest(turn.identity.view()));

  const std::size_t target = size_class(longest);
  const auto push_stream = [&](StreamId stream, const SecretBuffer& record) -> Result<Bytes> {
    Bytes row;
    RESGUARDO_CHECK(with_state(cell_, stream, [&](StreamState* state) -> Status {
      const auto context =
          row_context(header_digest_, static_cast<std::uint8_t>(stream), sequence_);
      RESGUARDO_TRY(row, push(state, record, target, context, tag));
      return success();
    }));
    return row;
  };
  const auto testimony = push_stream(StreamId::kTestimony, turn.testimony);
  const auto identity = push_stream(StreamId::kIdentity, turn.identity);
  clear_residue();
  if (!testimony.ok() || !identity.ok()) {
    cell_ = LockedSlab::Cell();  // one stream may have moved on: neither is pushed from again
    return testimony.ok() ? identity.error() : testimony.error();
  }
  sealed.row =
      encode_row(sequence_, *testimony, *identity, sealed.testimony_digest, sealed.identity_digest);
  ++sequence_;
  return sealed;
}

}  // namespace resguardo
