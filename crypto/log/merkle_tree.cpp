// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/merkle_tree.h"

#include <bit>
#include <utility>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

constexpr std::size_t kSizeBytes = 8;

// Of a subtree over more than one leaf: how many of them are to the left.
std::uint64_t split(std::uint64_t leaves) {
  return std::bit_floor(leaves - 1);
}

}  // namespace

Digest node_hash(const Digest& left, const Digest& right) {
  constexpr std::array<std::uint8_t, 1> kNode{1};
  return sha256({ByteView(kNode), left.view(), right.view()});
}

Result<CompactTree> CompactTree::resume(std::uint64_t size, std::span<const Digest> peaks) {
  if (peaks.size() != static_cast<std::size_t>(std::popcount(size)))
    return Error{Fault::kMalformed, "a log's tree that does not fit its size"};
  CompactTree tree;
  tree.size_ = size;
  tree.peaks_.assign(peaks.begin(), peaks.end());
  return tree;
}

void CompactTree::append(const Digest& leaf) {
  Digest node = leaf;
  // Every full subtree on the right edge is joined with its neighbour, as a carry runs.
  for (std::uint64_t carry = size_; (carry & 1U) != 0; carry >>= 1U) {
    node = node_hash(peaks_.back(), node);
    peaks_.pop_back();
  }
  peaks_.push_back(node);
  ++size_;
}

Digest CompactTree::root() const {
  if (peaks_.empty()) return sha256(ByteView());
  Digest root = peaks_.back();
  for (std::size_t at = peaks_.size() - 1; at > 0; --at) root = node_hash(peaks_[at - 1], root);
  return root;
}

Bytes CompactTree::encode() const {
  Bytes bytes;
  for (std::size_t at = 0; at < kSizeBytes; ++at)
    bytes.push_back(static_cast<std::uint8_t>(size_ >> (8 * (kSizeBytes - 1 - at))));
  for (const Digest& peak : peaks_) bytes.insert(bytes.end(), peak.bytes.begin(), peak.bytes.end());
  return bytes;
}

Result<CompactTree> CompactTree::decode(ByteView bytes) {
  if (bytes.size() < kSizeBytes || (bytes.size() - kSizeBytes) % Digest::kSize != 0)
    return Error{Fault::kMalformed, "a log's tree of a wrong length"};
  std::uint64_t size = 0;
  for (std::size_t at = 0; at < kSizeBytes; ++at) size = size << 8U | bytes[at];
  std::vector<Digest> peaks;
  for (ByteView rest = bytes.subspan(kSizeBytes); !rest.empty(); rest = rest.subspan(Digest::kSize))
    peaks.push_back(*Digest::from(rest.first(Digest::kSize)));
  return resume(size, peaks);
}

std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size) {
  std::vector<LeafRange> from_root;
  if (index >= size) return from_root;
  LeafRange at{0, size};
  while (at.end - at.begin > 1) {
    const std::uint64_t middle = at.begin + split(at.end - at.begin);
    const LeafRange left{at.begin, middle};
    const LeafRange right{middle, at.end};
    from_root.push_back(index < middle ? right : left);
    at = index < middle ? left : right;
  }
  return {from_root.rbegin(), from_root.rend()};
}

std::vector<LeafRange> consistency_ranges(std::uint64_t old_size, std::uint64_t size) {
  std::vector<LeafRange> from_root;
  if (old_size == 0 || old_size >= size) return from_root;
  LeafRange at{0, size};
  bool whole_old_tree = true;  // so far `at` begins where the old tree did: its root is known
  while (at.end != old_size) {
    const std::uint64_t middle = at.begin + split(at.end - at.begin);
    const LeafRange left{at.begin, middle};
    const LeafRange right{middle, at.end};
    if (old_size <= middle) {
      from_root.push_back(right);
      at = left;
    } else {
      from_root.push_back(left);
      at = right;
      whole_old_tree = false;
    }
  }
  if (!whole_old_tree) from_root.push_back(at);
  return {from_root.rbegin(), from_root.rend()};
}

ProofMaker::ProofMaker(std::span<const LeafRange> ranges) {
  for (const LeafRange& range : ranges) parts_.push_back({range, {}});
}

void ProofMaker::add(const Digest& leaf) {
  for (Part& part : parts_)
    if (next_ >= part.range.begin && next_ < part.range.end) part.tree.append(leaf);
  ++next_;
}

Result<std::vector<Digest>> ProofMaker::proof() const {
  std::vector<Digest> proof;
  for (const Part& part : parts_) {
    if (part.tree.size() != part.range.end - part.range.begin)
      return Error{Fault::kMalformed, "a proof needs leaves that were not there"};
    proof.push_back(part.tree.root());
  }
  return proof;
}

}  // namespace resguardo
