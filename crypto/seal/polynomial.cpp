// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/polynomial.h"

#include <sodium.h>

#include <array>

#include "crypto/base/secret_bytes.h"

namespace resguardo {

static_assert(kScalarSize == crypto_core_ristretto255_SCALARBYTES &&
              kPointSize == crypto_core_ristretto255_BYTES);

Status random_polynomial(std::span<std::uint8_t> coefficients, Bytes& commitments) {
  for (std::size_t at = 0; at < coefficients.size(); at += kScalarSize) {
    const auto scalar = coefficients.subspan(at, kScalarSize);
    crypto_core_ristretto255_scalar_random(scalar.data());
    Bytes point(kPointSize);
    if (crypto_scalarmult_ristretto255_base(point.data(), scalar.data()) != 0)
      return Error{Fault::kUnavailable, "the system's random scalars are zero"};
    commitments.insert(commitments.end(), point.begin(), point.end());
  }
  return success();
}

// Horner's rule.
void polynomial_at(std::uint32_t at, ByteView coefficients, std::span<std::uint8_t, 32> value) {
  const std::array<std::uint8_t, kScalarSize> x{static_cast<std::uint8_t>(at)};
  std::array<std::uint8_t, kScalarSize> product{};
  wipe(value);
  for (std::size_t left = coefficients.size(); left > 0; left -= kScalarSize) {
    crypto_core_ristretto255_scalar_mul(product.data(), value.data(), x.data());
    crypto_core_ristretto255_scalar_add(value.data(), product.data(),
                                        coefficients.subspan(left - kScalarSize).data());
  }
  wipe(product);
}

void add_scalar(std::span<std::uint8_t, 32> sum, std::span<const std::uint8_t, 32> term) {
  std::array<std::uint8_t, kScalarSize> before{};
  std::copy(sum.begin(), sum.end(), before.begin());
  crypto_core_ristretto255_scalar_add(sum.data(), before.data(), term.data());
  wipe(before);
}

}  // namespace resguardo
