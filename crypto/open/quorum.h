// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "crypto/open/segment_reader.h"

namespace resguardo::open {

struct ParsedStream;

// One stream of a segment that only a quorum opens (protocol.md §3.3): m members of each group,
// each group an organisation. Nothing here knows who the members are.
//
// Promises: fewer than the policy's shares give nothing; a share that its writer or its holder
// changed is refused by itself, before any are joined; what is joined is the stream's key.
// WARNING: whoever joins has the key, and may keep it.
class QuorumStream {
 public:
  // kMalformed: no header; kNotFound: the stream is not sealed for a quorum.
  static Result<QuorumStream> of(ByteView header, StreamId stream);
  static Result<QuorumStream> of(const SegmentHead& head, StreamId stream);

  struct Seat {
    MemberId member;
    std::uint32_t group = 0;
    std::uint32_t index = 0;  // the share's number in its group, from 1
  };
  const std::vector<Seat>& seats() const;  // by place
  const std::vector<RecipientGroup>& groups() const;

  // Of the envelope that these keys open, checked. kNotFound: there is none; kUnauthentic: the
  // envelope was changed, or its writer made a share that does not fit.
  Result<QuorumShare> own_share(const AnalystKeys& keys) const;
  // kMalformed: no place of the set, no canonical scalar, commitments that are no points or the
  // identity; kUnauthentic: other commitments than the header's, or a value that does not fit them.
  Status check(const QuorumShare& share) const;
  // How many more it takes, by group. The shares' places are distinct and of the set.
  std::vector<std::uint32_t> missing(const std::vector<const QuorumShare*>& shares) const;
  // The stream's key K, 32 bytes. kMalformed: a place twice; kRefused: fewer than the policy asks
  // for; as check(); kUnauthentic: what they make is not the key that the header commits to.
  Result<SecretBytes> combine(const std::vector<const QuorumShare*>& shares) const;

  QuorumStream(QuorumStream&&) noexcept;
  QuorumStream& operator=(QuorumStream&&) noexcept;
  ~QuorumStream();

 private:
  QuorumStream();
  Result<SecretBytes> group_secret(std::uint32_t group,
                                   const std::vector<const QuorumShare*>& shares) const;
  std::vector<Bytes> commitments_of(std::uint32_t group, const Bytes& all) const;
  Week week_;
  std::unique_ptr<ParsedStream> parsed_;
  std::vector<Seat> seats_;
  std::vector<RecipientGroup> groups_;
};

}  // namespace resguardo::open
