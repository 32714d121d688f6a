// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo {

// The Merkle hash tree of RFC 6962 §2.1 (RFC 9162 §2.1 is the same tree), SHA-256. A leaf comes in
// as its hash: leaf_hash() of log_entry.h.

// SHA-256(0x01 ‖ left ‖ right): a node over two others.
Digest node_hash(const Digest& left, const Digest& right);

// A tree that only grows, held as the roots of its perfect subtrees, largest (leftmost) first: one
// for each bit that is set in its size. Memory and append are O(log n).
class CompactTree {
 public:
  CompactTree() = default;
  // kMalformed: not as many peaks as `size` has bits set.
  static Result<CompactTree> resume(std::uint64_t size, std::span<const Digest> peaks);

  void append(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  const std::vector<Digest>& peaks() const { return peaks_; }
  Digest root() const;  // of no leaves: SHA-256 of nothing

  // u64be size ‖ peaks: what is stored between two appends.
  Bytes encode() const;
  static Result<CompactTree> decode(ByteView bytes);  // strict

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> peaks_;
};

// Leaves [begin, end).
struct LeafRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  friend bool operator==(const LeafRange&, const LeafRange&) = default;
};

// What a proof is made of: each hash is the root over one of these ranges, in the proof's order.
// They do not overlap. Empty where there is nothing to prove (and where index ≥ size, or
// old_size > size: the verifiers refuse those).
std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size);
std::vector<LeafRange> consistency_ranges(std::uint64_t old_size, std::uint64_t size);

// Makes a proof from the leaves as they come by, first to last, in O(log² n) memory.
class ProofMaker {
 public:
  explicit ProofMaker(std::span<const LeafRange> ranges);
  void add(const Digest& leaf);
  // kMalformed: a range has not seen all its leaves.
  Result<std::vector<Digest>> proof() const;

 private:
  struct Part {
    LeafRange range;
    CompactTree tree;
  };
  std::uint64_t next_ = 0;
  std::vector<Part> parts_;
};

// Of leaves that are all at hand.
std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::uint64_t index);
std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::uint64_t old_size);

// RFC 9162 §2.1.3.2. True if `leaf` is the hash of leaf `index` of the tree of `size` leaves with
// this root. Exact: a proof that is longer or shorter than needed fails.
bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                      std::span<const Digest> proof, const Digest& root);

// RFC 9162 §2.1.4.2. True if the tree of `size` leaves begins with that of `old_size`. From an
// empty tree, and between equal sizes, the proof is empty; equal sizes have equal roots.
bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size,
                        const Digest& root, std::span<const Digest> proof);

}  // namespace resguardo
