// SPDX-License-Identifier: AGPL-3.0-or-later
// Shares of secrets under valgrind, the secrets said to be uninitialised: whatever branches on one,
// or looks something up by one, is an error. poisoned_shares.py runs it.
//
//   poisoned_shares          exit 0; valgrind finds nothing but the verdicts that its file names
//   poisoned_shares branch   branches on a share, and valgrind must say so
//   poisoned_shares index    looks something up by a byte of a share: the same
#include <valgrind/memcheck.h>

#include <array>
#include <cstdio>
#include <string_view>

#include "crypto/base/hash.h"
#include "crypto/base/initialise.h"
#include "crypto/open/scalar_shares.h"

using namespace resguardo;

namespace {

void poison(std::span<const std::uint8_t> bytes) {
  VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size());
}
void declassify(const void* what, std::size_t size) {
  VALGRIND_MAKE_MEM_DEFINED(what, size);
}

// As a segment's seal divides, in the same functions.
bool divide_and_join(std::uint32_t threshold, std::uint32_t holders) {
  Bytes coefficients(threshold * kScalarSize);
  Bytes points;
  if (!random_polynomial(coefficients, points).ok()) return false;
  poison(coefficients);
  std::vector<Bytes> commitments;
  for (std::size_t at = 0; at < points.size(); at += kPointSize)
    commitments.push_back(to_bytes(ByteView(points).subspan(at, kPointSize)));
  std::vector<SecretBytes> values;
  for (std::uint32_t at = 1; at <= holders; ++at) {
    auto value = SecretBytes::allocate(kScalarSize);
    if (!value.ok()) return false;
    value->write(
        [&](std::span<std::uint8_t> y) { polynomial_at(at, coefficients, y.first<32>()); });
    values.push_back(std::move(*value));
  }
  std::vector<open::IndexedShare> used;
  for (std::uint32_t at = 1; at <= threshold; ++at) {
    if (!open::check_share(at, values[at - 1], commitments).ok()) return false;
    used.push_back({at, &values[at - 1]});
  }
  const auto secret = open::combine_shares(used, commitments);
  if (!secret.ok()) return false;
  std::array<std::uint8_t, 32> key{};
  secret->read([&](ByteView s) { derive_secret(s, Label::kQuorumSecret, {}, key); });
  const Digest commitment = derive_public(key, Label::kCommit, {});
  bool same = constant_time_equal(commitment.view(), Digest{}.view());
  declassify(&same, sizeof same);
  return !same;
}

int misuse(std::string_view how) {
  Bytes secret(32, 7);
  poison(secret);
  static const std::array<int, 256> kTable{};
  if (how == "branch" && secret[3] == 9) std::puts("nine");
  if (how == "index") return kTable.at(secret[5]);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (!initialise_crypto().ok()) return 2;
  if (count > 1) return misuse(arguments[1]);
  for (std::uint32_t threshold = 1; threshold <= 3; ++threshold)
    if (!divide_and_join(threshold, 3)) return 1;
  return 0;
}
