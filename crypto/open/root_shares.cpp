// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/root_shares.h"

#include <sodium.h>

#include "crypto/base/hash.h"
#include "crypto/format/armour.h"
#include "crypto/format/plain_name.h"
#include "crypto/format/strict_parse.h"
#include "proto/root_share.pb.h"

namespace resguardo::open {
namespace {

constexpr std::size_t kMaxShareText = 16384;
constexpr std::size_t kSetId = 16;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kSecret = crypto_sign_SECRETKEYBYTES;
constexpr std::size_t kLocked = kSecret + crypto_aead_xchacha20poly1305_ietf_ABYTES;

// What locks the root's secret: of the shared scalar and of everything the header says.
Result<SecretBytes> locking_key(const SecretBytes& scalar, ByteView header) {
  RESGUARDO_TRY(auto key, SecretBytes::allocate(32));
  scalar.read([&](ByteView s) {
    key.write([&](std::span<std::uint8_t> out) {
      derive_secret(s, Label::kRootShare, {header}, out.first<32>());
    });
  });
  return key;
}

Result<Bytes> lock_secret(const SecretBytes& key, const SecretBytes& secret, ByteView header,
                          ByteView nonce) {
  Bytes locked(kLocked);
  const int failed = key.read([&](ByteView k) {
    return secret.read([&](ByteView plain) {
      return crypto_aead_xchacha20poly1305_ietf_encrypt(locked.data(), nullptr, plain.data(),
                                                        plain.size(), header.data(), header.size(),
                                                        nullptr, nonce.data(), k.data());
    });
  });
  if (failed != 0) return Error{Fault::kUnavailable, "the root could not be locked"};
  return locked;
}

Result<SecretBytes> unlock_secret(const SecretBytes& key, ByteView locked, ByteView header,
                                  ByteView nonce) {
  RESGUARDO_TRY(auto secret, SecretBytes::allocate(kSecret));
  const int failed = key.read([&](ByteView k) {
    return secret.write([&](std::span<std::uint8_t> plain) {
      return crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr,
                                                        locked.data(), locked.size(), header.data(),
                                                        header.size(), nonce.data(), k.data());
    });
  });
  if (failed != 0) return Error{Fault::kUnauthentic, "the shares' common part was changed"};
  return secret;
}

Status check_header(const pb::RootShareHeader& header) {
  if (header.format() != 1)
    return Error{Fault::kMalformed, "a share of another version: use a newer resguardo-analyst"};
  if (header.set_id().size() != kSetId || header.nonce().size() != kNonce ||
      !is_plain_name(header.label()) || header.threshold() < kMinThreshold ||
      header.shares() < header.threshold() || header.shares() > kMaxShares ||
      header.commitments_size() != static_cast<int>(header.threshold()))
    return Error{Fault::kMalformed, "not a share of a root key"};
  return success();
}

// All but the split's name.
pb::RootShareHeader header_of(const SecretKey<RootRole>& root, std::string_view label,
                              std::uint32_t shares, const std::vector<Bytes>& commitments) {
  pb::RootShareHeader header;
  header.set_format(1);
  header.set_label(std::string(label));
  header.set_root(to_string(root.public_key().view()));
  header.set_threshold(static_cast<std::uint32_t>(commitments.size()));
  header.set_shares(shares);
  for (const Bytes& point : commitments) header.add_commitments(to_string(point));
  Bytes nonce(kNonce);
  randombytes_buf(nonce.data(), nonce.size());
  header.set_nonce(to_string(nonce));
  return header;
}

// What was made is read, and its last shares join.
Status check_texts(const std::vector<std::string>& texts, std::uint32_t threshold,
                   const PublicKey<RootRole>& root) {
  std::vector<RootShare> last;
  for (const std::string& text : texts) {
    RESGUARDO_TRY(auto share, RootShare::parse(as_bytes(text)));
    if (share.index() + threshold > texts.size()) last.push_back(std::move(share));
  }
  RESGUARDO_TRY(const auto joined, RootShare::join(last));
  if (joined.public_key() != root)
    return Error{Fault::kUnavailable, "the shares did not join again: none was written"};
  return success();
}

}  // namespace

Result<std::vector<std::string>> RootShare::split(const SecretKey<RootRole>& root,
                                                  std::string_view label, std::uint32_t threshold,
                                                  std::uint32_t shares, RandomSource& ids) {
  RESGUARDO_TRY(const auto shared, share_random_scalar(threshold, shares));
  pb::RootShareHeader header = header_of(root, label, shares, shared.commitments);
  header.set_set_id(ids.make<SetId>().str());
  RESGUARDO_CHECK(check_header(header));
  const Bytes exact = serialize_canonical(header);
  RESGUARDO_TRY(const auto key, locking_key(shared.secret, exact));
  RESGUARDO_TRY(const Bytes locked,
                lock_secret(key, root.secret(), exact, as_bytes(header.nonce())));
  std::vector<std::string> texts;
  for (std::uint32_t index = 1; index <= shares; ++index) {
    pb::RootShare share;
    share.set_header(to_string(exact));
    share.set_locked(to_string(locked));
    share.set_index(index);
    shared.shares[index - 1].read([&](ByteView value) { share.set_share(to_string(value)); });
    texts.push_back(armour(ArmourKind::kRootShare, serialize_canonical(share)));
  }
  RESGUARDO_CHECK(check_texts(texts, threshold, root.public_key()));
  return texts;
}

Result<RootShare> RootShare::parse(ByteView text) {
  if (text.size() > kMaxShareText) return Error{Fault::kMalformed, "too long for a share"};
  RESGUARDO_TRY(const Bytes bytes, dearmour(ArmourKind::kRootShare, as_text(text)));
  RESGUARDO_TRY(auto wire, parse_strict<pb::RootShare>(bytes));
  RESGUARDO_TRY(const auto header, parse_strict<pb::RootShareHeader>(as_bytes(wire.header())));
  RESGUARDO_CHECK(check_header(header));
  RESGUARDO_TRY(const auto root, PublicKey<RootRole>::from_bytes(as_bytes(header.root())));
  if (wire.locked().size() != kLocked || wire.share().size() != kScalarSize)
    return Error{Fault::kMalformed, "not a share of a root key"};
  RESGUARDO_TRY(auto value,
                SecretBytes::take({reinterpret_cast<std::uint8_t*>(wire.mutable_share()->data()),
                                   wire.share().size()}));
  RootShare share(root, std::move(value));
  share.index_ = wire.index();
  share.threshold_ = header.threshold();
  share.shares_ = header.shares();
  share.label_ = header.label();
  share.set_id_ = to_bytes(as_bytes(header.set_id()));
  share.header_ = to_bytes(as_bytes(wire.header()));
  share.locked_ = to_bytes(as_bytes(wire.locked()));
  share.nonce_ = to_bytes(as_bytes(header.nonce()));
  for (const std::string& point : header.commitments())
    share.commitments_.push_back(to_bytes(as_bytes(point)));
  if (share.index_ < 1 || share.index_ > share.shares_)
    return Error{Fault::kMalformed, "a share's number is not in its set"};
  RESGUARDO_TRY(share.point_, check_share(share.index_, share.share_, share.commitments_));
  return share;
}

std::string RootShare::fingerprint() const {
  return fingerprint_digits(derive_public(point_, Label::kFingerprint, {header_, locked_}));
}

Status RootShare::together(const RootShare& one, const RootShare& other) {
  if (one.root_ != other.root_)
    return Error{Fault::kConflict, "the shares are of two different roots"};
  if (one.set_id_ != other.set_id_)
    return Error{Fault::kConflict,
                 "the shares are of the same root, divided at two times: take all from one"};
  if (one.header_ != other.header_ || one.locked_ != other.locked_)
    return Error{Fault::kUnauthentic,
                 "what all shares have in common differs: one of them was changed"};
  if (one.index_ == other.index_) return Error{Fault::kConflict, "the same share was given twice"};
  return success();
}

Result<SecretKey<RootRole>> RootShare::join(const std::vector<RootShare>& shares) {
  if (shares.empty()) return Error{Fault::kRefused, "no share was given"};
  const RootShare& first = shares.front();
  std::vector<IndexedShare> used;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) RESGUARDO_CHECK(together(shares[j], shares[i]));
    if (used.size() < first.threshold_) used.push_back({shares[i].index_, &shares[i].share_});
  }
  if (used.size() < first.threshold_) return Error{Fault::kRefused, "fewer shares than it takes"};
  RESGUARDO_TRY(const auto scalar, combine_shares(used, first.commitments_));
  RESGUARDO_TRY(const auto key, locking_key(scalar, first.header_));
  RESGUARDO_TRY(auto secret, unlock_secret(key, first.locked_, first.header_, first.nonce_));
  RESGUARDO_TRY(auto root, SecretKey<RootRole>::from_secret(std::move(secret)));
  if (root.public_key() != first.root_)
    return Error{Fault::kUnauthentic, "what was joined is not the root the shares name"};
  return root;
}

}  // namespace resguardo::open
