// SPDX-License-Identifier: AGPL-3.0-or-later
// Against a tree that is written as RFC 6962 §2.1 defines it, for every size up to 130.
#include "crypto/log/merkle_tree.h"

#include <gtest/gtest.h>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

constexpr std::size_t kSizes = 130;

const std::vector<Digest>& leaves() {
  static const std::vector<Digest> made = [] {
    std::vector<Digest> all;
    for (std::size_t i = 0; i < kSizes; ++i) all.push_back(sha256(as_bytes(std::to_string(i))));
    return all;
  }();
  return made;
}
std::span<const Digest> first(std::size_t size) {
  return std::span(leaves()).first(size);
}

// MTH(D[n])
Digest naive_root(std::span<const Digest> tree) {
  if (tree.empty()) return sha256(ByteView());
  if (tree.size() == 1) return tree.front();
  std::size_t half = 1;
  while (half * 2 < tree.size()) half *= 2;
  return node_hash(naive_root(tree.first(half)), naive_root(tree.subspan(half)));
}

TEST(CompactTreeTest, HasTheRootOfTheDefinition) {
  CompactTree tree;
  for (std::size_t size = 0; size <= kSizes; ++size) {
    EXPECT_EQ(tree.root(), naive_root(first(size))) << size;
    EXPECT_EQ(tree.size(), size);
    EXPECT_LE(tree.peaks().size(), 8U);
    if (size < kSizes) tree.append(leaves()[size]);
  }
}

TEST(CompactTreeTest, GoesOnFromWhatWasStored) {
  for (std::size_t size = 0; size < kSizes; ++size) {
    CompactTree tree;
    for (const Digest& leaf : first(size)) tree.append(leaf);
    auto again = CompactTree::decode(tree.encode());
    ASSERT_TRUE(again.ok());
    again->append(leaves()[size]);
    EXPECT_EQ(again->root(), naive_root(first(size + 1)));
  }
}

TEST(CompactTreeTest, IsReadStrictly) {
  CompactTree tree;
  for (const Digest& leaf : first(7)) tree.append(leaf);
  Bytes stored = tree.encode();
  EXPECT_FALSE(CompactTree::decode(ByteView(stored).first(stored.size() - 1)).ok());
  EXPECT_FALSE(CompactTree::decode(ByteView(stored).first(stored.size() - 32)).ok());
  EXPECT_FALSE(CompactTree::decode({}).ok());
  stored[7] = 4;  // the size of a tree with one peak, not three
  EXPECT_FALSE(CompactTree::decode(stored).ok());
}

TEST(InclusionProofTest, HoldsForEveryLeafOfEverySize) {
  for (std::size_t size = 1; size <= kSizes; ++size) {
    const Digest root = naive_root(first(size));
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(first(size), index);
      ASSERT_TRUE(verify_inclusion(index, size, leaves()[index], proof, root))
          << index << " of " << size;
    }
  }
}

TEST(InclusionProofTest, FailsForEveryOtherPlaceLeafOrLength) {
  for (const std::size_t size : {1U, 2U, 3U, 7U, 8U, 9U, 33U}) {
    const Digest root = naive_root(first(size));
    for (std::size_t index = 0; index < size; ++index) {
      auto proof = inclusion_proof(first(size), index);
      for (std::size_t other = 0; other <= size; ++other)
        EXPECT_EQ(verify_inclusion(other, size, leaves()[index], proof, root), other == index);
      EXPECT_FALSE(verify_inclusion(index, size, leaves()[size], proof, root));
      proof.push_back(leaves()[0]);
      EXPECT_FALSE(verify_inclusion(index, size, leaves()[index], proof, root));
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      EXPECT_FALSE(verify_inclusion(index, size, leaves()[index], proof, root));
    }
  }
  EXPECT_TRUE(inclusion_proof(first(3), 3).empty());
  EXPECT_FALSE(verify_inclusion(0, 0, leaves()[0], {}, naive_root({})));
}

TEST(ConsistencyProofTest, HoldsForEveryPairOfSizes) {
  for (std::size_t size = 0; size <= kSizes; ++size) {
    const Digest root = naive_root(first(size));
    for (std::size_t old_size = 0; old_size <= size; ++old_size) {
      const auto proof = consistency_proof(first(size), old_size);
      ASSERT_TRUE(verify_consistency(old_size, naive_root(first(old_size)), size, root, proof))
          << old_size << " to " << size;
    }
  }
}

TEST(ConsistencyProofTest, FailsForEveryOtherTree) {
  std::vector<Digest> forked(leaves().begin(), leaves().end());
  forked[2] = leaves()[100];
  for (const std::size_t size : {4U, 5U, 8U, 13U, 64U, 65U}) {
    const Digest root = naive_root(first(size));
    for (std::size_t old_size = 3; old_size <= size; ++old_size) {
      auto proof = consistency_proof(first(size), old_size);
      const Digest old_root = naive_root(first(old_size));
      const Digest other_root = naive_root(std::span(forked).first(old_size));
      EXPECT_FALSE(verify_consistency(old_size, other_root, size, root, proof));
      EXPECT_FALSE(verify_consistency(old_size, old_root, size, other_root, proof));
      EXPECT_FALSE(verify_consistency(old_size - 1, old_root, size, root, proof));
      EXPECT_FALSE(verify_consistency(size + 1, root, size, root, proof));
      proof.push_back(root);
      EXPECT_FALSE(verify_consistency(old_size, old_root, size, root, proof));
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      EXPECT_FALSE(verify_consistency(old_size, old_root, size, root, proof));
    }
  }
}

TEST(ConsistencyProofTest, EveryFlippedBitOfOneIsFound) {
  const Digest root = naive_root(first(21));
  const Digest old_root = naive_root(first(11));
  auto proof = consistency_proof(first(21), 11);
  for (Digest& node : proof)
    for (std::size_t bit = 0; bit < 256; ++bit) {
      node.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      EXPECT_FALSE(verify_consistency(11, old_root, 21, root, proof));
      node.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
  EXPECT_TRUE(verify_consistency(11, old_root, 21, root, proof));
}

TEST(ProofMakerTest, SaysWhenLeavesAreMissing) {
  ProofMaker maker(inclusion_ranges(1, 5));
  for (const Digest& leaf : first(4)) maker.add(leaf);
  EXPECT_FALSE(maker.proof().ok());
  maker.add(leaves()[4]);
  ASSERT_TRUE(maker.proof().ok());
  EXPECT_EQ(*maker.proof(), inclusion_proof(first(5), 1));
}

}  // namespace
}  // namespace resguardo
