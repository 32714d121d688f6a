// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

// Shamir's scheme over the scalars of ristretto255 (RFC 9496) with Feldman's commitments, the half
// that divides; crypto/open/scalar_shares.h is the half that checks and joins. libsodium's
// crypto_core_ristretto255 and nothing of our own beneath it: no time depends on a secret.
namespace resguardo {

constexpr std::size_t kScalarSize = 32, kPointSize = 32;
constexpr std::uint32_t kMaxHolders = 32;

// `coefficients`: locked memory for 32 bytes each, lowest first; the lowest is what is divided.
// Appends each one's multiple of the base to `commitments`. kUnavailable: never in practice.
Status random_polynomial(std::span<std::uint8_t> coefficients, Bytes& commitments);

// The polynomial's value for holder `at`, from 1. `value` lies in locked memory too.
void polynomial_at(std::uint32_t at, ByteView coefficients, std::span<std::uint8_t, 32> value);

// sum += term.
void add_scalar(std::span<std::uint8_t, 32> sum, std::span<const std::uint8_t, 32> term);

}  // namespace resguardo
