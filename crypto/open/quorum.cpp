// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/quorum.h"

#include <algorithm>
#include <set>

#include "crypto/base/hash.h"
#include "crypto/format/segment_layout.h"
#include "crypto/open/scalar_shares.h"
#include "crypto/open/stream_key.h"

namespace resguardo::open {
namespace {

Error changed() {
  return {Fault::kUnauthentic, "this does not open: another key, another place, or changed"};
}

}  // namespace

QuorumStream::QuorumStream() = default;
QuorumStream::QuorumStream(QuorumStream&&) noexcept = default;
QuorumStream& QuorumStream::operator=(QuorumStream&&) noexcept = default;
QuorumStream::~QuorumStream() = default;

Result<QuorumStream> QuorumStream::of(ByteView header, StreamId stream) {
  RESGUARDO_TRY(const auto head, SegmentHead::read(header));
  return of(head, stream);
}

Result<QuorumStream> QuorumStream::of(const SegmentHead& head, StreamId stream) {
  const ParsedHeader& parsed = *head.parsed_;
  const auto index = static_cast<std::size_t>(stream);
  if (!parsed.streams[index].quorum())
    return Error{Fault::kNotFound, "this stream is not sealed for a quorum"};
  QuorumStream result;
  result.week_ = parsed.claims.week;
  result.groups_ = parsed.claims.groups[index];
  std::uint32_t group = 0;
  std::uint32_t number = 0;
  for (const Recipient& recipient : parsed.claims.members[index]) {
    number = recipient.group == group ? number + 1 : 1;
    group = recipient.group;
    result.seats_.push_back({recipient.member, group, number});
  }
  result.parsed_ = std::make_unique<ParsedStream>(parsed.streams[index]);
  return result;
}

const std::vector<QuorumStream::Seat>& QuorumStream::seats() const {
  return seats_;
}
const std::vector<RecipientGroup>& QuorumStream::groups() const {
  return groups_;
}

std::vector<Bytes> QuorumStream::commitments_of(std::uint32_t group, const Bytes& all) const {
  std::size_t first = 0;
  for (std::uint32_t before = 0; before < group; ++before) first += groups_[before].m;
  std::vector<Bytes> points;
  for (std::size_t i = first; i < first + groups_[group].m; ++i)
    points.push_back(to_bytes(ByteView(all).subspan(i * kCommitmentSize, kCommitmentSize)));
  return points;
}

Status QuorumStream::check(const QuorumShare& share) const {
  if (share.place >= seats_.size())
    return Error{Fault::kMalformed, "a share of nobody in this quorum"};
  if (share.commitments.size() != parsed_->commitments * kCommitmentSize ||
      !equal(blake2b(share.commitments).view(), as_bytes(parsed_->header.commitments_digest())))
    return Error{Fault::kUnauthentic, "a share with other commitments than its segment has"};
  const Seat& seat = seats_[share.place];
  const auto fits =
      check_share(seat.index, share.value, commitments_of(seat.group, share.commitments));
  return fits.ok() ? success() : Status(fits.error());
}

Result<QuorumShare> QuorumStream::own_share(const AnalystKeys& keys) const {
  const auto own = find_own(*parsed_, week_, keys);
  if (!own) return Error{Fault::kNotFound, "none of these keys holds a share of this segment"};
  RESGUARDO_TRY(auto plain, SecretBytes::allocate(plain_size(*parsed_)));
  RESGUARDO_TRY(auto value, SecretBytes::allocate(kScalarSize));
  QuorumShare share{own->index, std::move(value), {}};
  const bool opened = plain.write([&](std::span<std::uint8_t> bytes) {
    if (!open_envelope(*parsed_, *own, bytes)) return false;
    share.value.write([&](std::span<std::uint8_t> out) {
      std::ranges::copy(bytes.first(kScalarSize), out.begin());
    });
    share.commitments = to_bytes(bytes.subspan(kEnvelopePlainSize));
    return true;
  });
  if (!opened) return changed();
  RESGUARDO_CHECK(check(share));
  return share;
}

std::vector<std::uint32_t> QuorumStream::missing(
    const std::vector<const QuorumShare*>& shares) const {
  std::vector<std::uint32_t> wanted;
  wanted.reserve(groups_.size());
  for (const RecipientGroup& group : groups_) wanted.push_back(group.m);
  for (const QuorumShare* share : shares) {
    std::uint32_t& left = wanted[seats_[share->place].group];
    if (left > 0) --left;
  }
  return wanted;
}

Result<SecretBytes> QuorumStream::group_secret(
    std::uint32_t group, const std::vector<const QuorumShare*>& shares) const {
  std::vector<IndexedShare> used;
  for (const QuorumShare* share : shares)
    if (seats_[share->place].group == group && used.size() < groups_[group].m)
      used.push_back({seats_[share->place].index, &share->value});
  return combine_shares(used, commitments_of(group, shares.front()->commitments));
}

Result<SecretBytes> QuorumStream::combine(const std::vector<const QuorumShare*>& shares) const {
  std::set<std::uint32_t> places;
  for (const QuorumShare* share : shares) {
    RESGUARDO_CHECK(check(*share));
    if (!places.insert(share->place).second)
      return Error{Fault::kMalformed, "the same share was given twice"};
  }
  if (std::ranges::any_of(missing(shares), [](std::uint32_t left) { return left > 0; }))
    return Error{Fault::kRefused, "fewer shares than the quorum asks for"};
  RESGUARDO_TRY(auto sum, SecretBytes::allocate(kScalarSize));
  for (std::uint32_t group = 0; group < groups_.size(); ++group) {
    RESGUARDO_TRY(const auto secret, group_secret(group, shares));
    secret.read([&](ByteView term) {
      sum.write([&](std::span<std::uint8_t> s) {
        add_scalar(s.first<kScalarSize>(), term.first<kScalarSize>());
      });
    });
  }
  RESGUARDO_TRY(auto set_secret, SecretBytes::allocate(kSetSecretSize));
  sum.read([&](ByteView s) {
    set_secret.write([&](std::span<std::uint8_t> out) {
      derive_secret(s, Label::kQuorumSecret, {}, out.first<kSetSecretSize>());
    });
  });
  RESGUARDO_TRY(auto key, SecretBytes::allocate(32));
  const bool fits = set_secret.read([&](ByteView secret) {
    return key.write([&](std::span<std::uint8_t> out) {
      return derive_stream_key(*parsed_, secret, out.first<32>());
    });
  });
  if (!fits)
    return Error{Fault::kUnauthentic, "what the shares make is not the key of this segment"};
  return key;
}

}  // namespace resguardo::open
