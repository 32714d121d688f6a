// SPDX-License-Identifier: AGPL-3.0-or-later
// Proofs from leaves at hand, and their verification as RFC 9162 §2.1.3.2 and §2.1.4.2 write it.
#include "crypto/log/merkle_tree.h"

namespace resguardo {
namespace {

std::vector<Digest> made(std::span<const Digest> leaves, std::span<const LeafRange> ranges) {
  ProofMaker maker(ranges);
  for (const Digest& leaf : leaves) maker.add(leaf);
  auto proof = maker.proof();
  return proof.ok() ? std::move(*proof) : std::vector<Digest>();
}

bool odd(std::uint64_t number) {
  return (number & 1U) != 0;
}

// To the nearest ancestors that are right children, or to the tree's edge.
void climb(std::uint64_t& node, std::uint64_t& last) {
  while (!odd(node) && node != 0) {
    node >>= 1U;
    last >>= 1U;
  }
}

}  // namespace

std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::uint64_t index) {
  return made(leaves, inclusion_ranges(index, leaves.size()));
}

std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::uint64_t old_size) {
  return made(leaves, consistency_ranges(old_size, leaves.size()));
}

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                      std::span<const Digest> proof, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if (odd(node) || node == last) {
      hash = node_hash(sibling, hash);
      climb(node, last);
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1U;
    last >>= 1U;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size,
                        const Digest& root, std::span<const Digest> proof) {
  if (old_size > size) return false;
  if (old_size == 0) return proof.empty() && old_root == CompactTree().root();
  if (old_size == size) return proof.empty() && old_root == root;
  std::uint64_t node = old_size - 1;
  std::uint64_t last = size - 1;
  while (odd(node)) {
    node >>= 1U;
    last >>= 1U;
  }
  // An old tree that is one perfect subtree is its own first hash.
  const bool perfect = node == 0;
  if (!perfect && proof.empty()) return false;
  Digest before = perfect ? old_root : proof.front();
  Digest after = before;
  for (const Digest& sibling : perfect ? proof : proof.subspan(1)) {
    if (last == 0) return false;
    if (odd(node) || node == last) {
      before = node_hash(sibling, before);
      after = node_hash(sibling, after);
      climb(node, last);
    } else {
      after = node_hash(after, sibling);
    }
    node >>= 1U;
    last >>= 1U;
  }
  return last == 0 && before == old_root && after == root;
}

}  // namespace resguardo
