// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/scalar_shares.h"

#include <sodium.h>

#include <array>
#include <set>

namespace resguardo::open {
namespace {

using Scalar = std::array<std::uint8_t, kScalarSize>;
static_assert(kScalarSize == crypto_core_ristretto255_SCALARBYTES &&
              kPointSize == crypto_core_ristretto255_BYTES);

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

// The polynomial at `at`, by Horner's rule; the lowest coefficient first.
Result<SecretBytes> value_at(std::uint32_t at, const std::vector<SecretBytes>& coefficients) {
  const Scalar x = scalar_of(at);
  RESGUARDO_TRY(auto value, SecretBytes::allocate(kScalarSize));
  value.write([&](std::span<std::uint8_t> y) {
    for (std::size_t i = coefficients.size(); i > 0; --i) {
      Wiped product;
      crypto_core_ristretto255_scalar_mul(product.bytes.data(), y.data(), x.data());
      coefficients[i - 1].read([&](ByteView a) {
        crypto_core_ristretto255_scalar_add(y.data(), product.bytes.data(), a.data());
      });
    }
  });
  return value;
}

// The same in the group. False: the identity came up, which honest commitments never give.
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
  std::vector<SecretBytes> coefficients;
  std::vector<Bytes> commitments;
  for (std::uint32_t i = 0; i < threshold; ++i) {
    RESGUARDO_TRY(auto scalar, SecretBytes::allocate(kScalarSize));
    scalar.write(
        [](std::span<std::uint8_t> out) { crypto_core_ristretto255_scalar_random(out.data()); });
    RESGUARDO_TRY(auto point, times_base(scalar));
    commitments.push_back(std::move(point));
    coefficients.push_back(std::move(scalar));
  }
  std::vector<SecretBytes> values;
  for (std::uint32_t at = 1; at <= shares; ++at) {
    RESGUARDO_TRY(auto value, value_at(at, coefficients));
    values.push_back(std::move(value));
  }
  return SharedScalar{std::move(coefficients.front()), std::move(values), std::move(commitments)};
}

Result<Bytes> check_share(std::uint32_t index, const SecretBytes& share,
                          const std::vector<Bytes>& commitments) {
  if (index < 1 || index > kMaxShares || share.size() != kScalarSize ||
      !share.read([](ByteView s) { return is_canonical(s); }))
    return Error{Fault::kMalformed, "not a share's number and value"};
  if (commitments.size() < kMinThreshold || commitments.size() > kMaxShares)
    return Error{Fault::kMalformed, "a share without sound commitments"};
  for (const Bytes& commitment : commitments)
    if (!is_point(commitment)) return Error{Fault::kMalformed, "a share without sound commitments"};
  Bytes expected;
  RESGUARDO_TRY(Bytes point, times_base(share));
  if (!point_at(index, commitments, expected) || point != expected)
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
        Wiped before;
        std::copy(sum.begin(), sum.end(), before.bytes.begin());
        crypto_core_ristretto255_scalar_mul(term.bytes.data(), value.data(), factor.data());
        crypto_core_ristretto255_scalar_add(sum.data(), before.bytes.data(), term.bytes.data());
      });
    });
  }
  RESGUARDO_TRY(const Bytes point, times_base(secret));
  if (point != commitments.front()) return unsound;
  return secret;
}

}  // namespace resguardo::open
