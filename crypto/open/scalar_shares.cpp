// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/scalar_shares.h"

#include <sodium.h>

#include <array>
#include <set>

namespace resguardo::open {
namespace {

using Scalar = std::array<std::uint8_t, kScalarSize>;

// A scalar on the stack, wiped.
struct Wiped {
  Scalar bytes{};
  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { wipe(bytes); }
};

Scalar scalar_of(std::uint32_t number) {
  Scalar scalar{};
  scalar[0] = static_cast<std::uint8_t>(number);
  return scalar;
}

// Below the group's order, so that one value has one text; scalarmult and add would take others.
bool is_canonical(ByteView scalar) {
  std::array<std::uint8_t, crypto_core_ristretto255_NONREDUCEDSCALARBYTES> wide{};
  std::copy(scalar.begin(), scalar.end(), wide.begin());
  Wiped reduced;
  crypto_core_ristretto255_scalar_reduce(reduced.bytes.data(), wide.data());
  wipe(wide);
  return constant_time_equal(reduced.bytes, scalar);
}

bool is_point(ByteView point) {
  return point.size() == kPointSize && crypto_core_ristretto255_is_valid_point(point.data()) == 1 &&
         sodium_is_zero(point.data(), point.size()) == 0;
}

// The polynomial at `at` in the group, by Horner's rule. False: the identity came up, which honest
// commitments never give.
bool point_at(std::uint32_t at, const std::vector<Bytes>& commitments, Bytes& point) {
  const Scalar x = scalar_of(at);
  point = commitments.back();
  for (std::size_t i = commitments.size() - 1; i > 0; --i) {
    Bytes product(kPointSize);
    if (crypto_scalarmult_ristretto255(product.data(), x.data(), point.data()) != 0 ||
        crypto_core_ristretto255_add(point.data(), product.data(), commitments[i - 1].data()) != 0)
      return false;
  }
  return true;
}

Result<Bytes> times_base(const SecretBytes& scalar) {
  Bytes point(kPointSize);
  const int failed = scalar.read(
      [&](ByteView s) { return crypto_scalarmult_ristretto255_base(point.data(), s.data()); });
  if (failed != 0) return Error{Fault::kMalformed, "a share of zero"};
  return point;
}

// The weight of one share: the product of x_j / (x_j − x_i) over the others.
bool weight(const std::vector<IndexedShare>& shares, std::size_t i, Scalar& result) {
  Scalar above = scalar_of(1);
  Scalar below = scalar_of(1);
  for (std::size_t j = 0; j < shares.size(); ++j) {
    if (j == i) continue;
    const Scalar xj = scalar_of(shares[j].index);
    const Scalar xi = scalar_of(shares[i].index);
    Scalar difference{};
    crypto_core_ristretto255_scalar_sub(difference.data(), xj.data(), xi.data());
    const Scalar a = above;
    const Scalar b = below;
    crypto_core_ristretto255_scalar_mul(above.data(), a.data(), xj.data());
    crypto_core_ristretto255_scalar_mul(below.data(), b.data(), difference.data());
  }
  Scalar inverse{};
  if (crypto_core_ristretto255_scalar_invert(inverse.data(), below.data()) != 0) return false;
  crypto_core_ristretto255_scalar_mul(result.data(), above.data(), inverse.data());
  return true;
}

}  // namespace

Result<SharedScalar> share_random_scalar(std::uint32_t threshold, std::uint32_t shares) {
  if (threshold < kMinThreshold || shares < threshold || shares > kMaxShares)
    return Error{Fault::kRefused, "at least 2 people join, of at most 32 who have a share"};
  RESGUARDO_TRY(auto coefficients, SecretBytes::allocate(threshold * kScalarSize));
  RESGUARDO_TRY(auto secret, SecretBytes::allocate(kScalarSize));
  Bytes points;
  const Status made = coefficients.write([&](std::span<std::uint8_t> a) {
    Status drawn = random_polynomial(a, points);
    secret.write(
        [&](std::span<std::uint8_t> s) { std::ranges::copy(a.first<kScalarSize>(), s.begin()); });
    return drawn;
  });
  RESGUARDO_CHECK(made);
  std::vector<SecretBytes> values;
  for (std::uint32_t at = 1; at <= shares; ++at) {
    RESGUARDO_TRY(auto value, SecretBytes::allocate(kScalarSize));
    coefficients.read([&](ByteView a) {
      value.write([&](std::span<std::uint8_t> y) { polynomial_at(at, a, y.first<32>()); });
    });
    values.push_back(std::move(value));
  }
  std::vector<Bytes> commitments;
  for (std::size_t at = 0; at < points.size(); at += kPointSize)
    commitments.push_back(to_bytes(ByteView(points).subspan(at, kPointSize)));
  return SharedScalar{std::move(secret), std::move(values), std::move(commitments)};
}

Result<Bytes> check_share(std::uint32_t index, const SecretBytes& share,
                          const std::vector<Bytes>& commitments) {
  if (index < 1 || index > kMaxShares || share.size() != kScalarSize ||
      !share.read([](ByteView s) { return is_canonical(s); }))
    return Error{Fault::kMalformed, "not a share's number and value"};
  if (commitments.empty() || commitments.size() > kMaxShares)
    return Error{Fault::kMalformed, "a share without sound commitments"};
  for (const Bytes& commitment : commitments)
    if (!is_point(commitment)) return Error{Fault::kMalformed, "a share without sound commitments"};
  Bytes expected;
  RESGUARDO_TRY(Bytes point, times_base(share));
  if (!point_at(index, commitments, expected) || !constant_time_equal(point, expected))
    return Error{Fault::kUnauthentic, "the share is not the one that was made: mistyped or forged"};
  return point;
}

Result<SecretBytes> combine_shares(const std::vector<IndexedShare>& shares,
                                   const std::vector<Bytes>& commitments) {
  const Error unsound{Fault::kMalformed, "the shares do not make one secret"};
  std::set<std::uint32_t> indices;
  for (const auto& share : shares)
    if (!indices.insert(share.index).second) return unsound;
  if (shares.size() != commitments.size()) return unsound;
  RESGUARDO_TRY(auto secret, SecretBytes::allocate(kScalarSize));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    Scalar factor{};
    if (!weight(shares, i, factor)) return unsound;
    shares[i].share->read([&](ByteView value) {
      secret.write([&](std::span<std::uint8_t> sum) {
        Wiped term;
        crypto_core_ristretto255_scalar_mul(term.bytes.data(), value.data(), factor.data());
        add_scalar(sum.first<kScalarSize>(), term.bytes);
      });
    });
  }
  RESGUARDO_TRY(const Bytes point, times_base(secret));
  if (!constant_time_equal(point, commitments.front())) return unsound;
  return secret;
}

}  // namespace resguardo::open
