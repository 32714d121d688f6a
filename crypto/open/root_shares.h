// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "crypto/base/random.h"
#include "crypto/open/analyst_keys.h"
#include "crypto/open/scalar_shares.h"

namespace resguardo::open {

// A root key among n people, of whom any m make it again. Each share is a text of its own; it has
// no passphrase, so it is kept as one keeps money.
//
// Promises: fewer than m shares say nothing about the root but its label and public key; a share
// that was changed or belongs to another split is refused, and told apart from a sound one before
// any are joined; what joins is the root that was split.
// WARNING: whoever split it had it whole, and whoever joins it has it whole again. One of a split
// can spoil a joining, but not unnoticed.
class RootShare {
 public:
  // Armoured texts of n shares, each read back, and joined once, before they are given. kRefused:
  // not 2 ≤ m ≤ n ≤ 32.
  static Result<std::vector<std::string>> split(const SecretKey<RootRole>& root,
                                                std::string_view label, std::uint32_t threshold,
                                                std::uint32_t shares, RandomSource& ids);
  // kMalformed: not a share; kUnauthentic: not the value that was made at this number.
  static Result<RootShare> parse(ByteView text);
  // Whether two can be joined. kConflict: of two roots, of two splits, or the same share twice;
  // kUnauthentic: of one split, and what all its shares have in common differs.
  static Status together(const RootShare& one, const RootShare& other);
  // kRefused: fewer than the threshold; or as together(). More than the threshold is fine.
  static Result<SecretKey<RootRole>> join(const std::vector<RootShare>& shares);

  std::uint32_t index() const { return index_; }
  std::uint32_t threshold() const { return threshold_; }
  std::uint32_t shares() const { return shares_; }
  const std::string& label() const { return label_; }
  const PublicKey<RootRole>& root() const { return root_; }
  // Five groups of five digits, for reading aloud: of this share in this split. Follows from what
  // every share of the split shows, so it says nothing about this one's value.
  std::string fingerprint() const;

 private:
  RootShare(PublicKey<RootRole> root, SecretBytes share) : root_(root), share_(std::move(share)) {}
  PublicKey<RootRole> root_;
  SecretBytes share_;
  std::uint32_t index_ = 0, threshold_ = 0, shares_ = 0;
  std::string label_;
  Bytes set_id_, header_, locked_, nonce_;
  Bytes point_;  // the value times the base
  std::vector<Bytes> commitments_;
};

}  // namespace resguardo::open
