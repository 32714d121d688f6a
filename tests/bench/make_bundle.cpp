// SPDX-License-Identifier: AGPL-3.0-or-later
//
//   make_bundle ROSTER ROOT.pub FORM OUT REPORTS TURNS BYTES
//
// Writes a bundle of any size, sealed today for the members of a signed roster, to try the
// analyst's program on by hand.
#include <cstdio>
#include <cstdlib>

#include "analyst/import/roster_shelf.h"
#include "crypto/base/initialise.h"
#include "program/output_file.h"
#include "tests/analyst/large_bundle.h"

namespace resguardo {
namespace {

int run(char** arguments) {
  constexpr std::size_t kMost = 16U << 20U;
  const TimePoint now = SystemClock().now();
  const auto file = program::read_file(arguments[1], kMost);
  const auto hex = program::read_file(arguments[2], kMost);
  const auto form = program::read_file(arguments[3], kMost);
  if (!file.ok() || !hex.ok() || !form.ok()) return 1;
  const auto root = parse_hex(as_text(*hex).substr(0, 64));
  if (!root.ok()) return 1;
  const auto key = PublicKey<RootRole>::from_bytes(*root);
  if (!key.ok()) return 1;
  const auto roster = analyst::verify_alone(*file, *key, now);
  if (!roster.ok()) return 1;
  const auto number = [&](int at) { return std::strtoull(arguments[at], nullptr, 10); };
  testing_support::write_large_bundle(arguments[4], *roster,
                                      {number(5), number(6), number(7), to_string(*form)}, now);
  return 0;
}

}  // namespace
}  // namespace resguardo

int main(int count, char** arguments) {
  if (count != 8 || !resguardo::initialise_crypto().ok()) {
    std::fputs("make_bundle ROSTER ROOT.pub FORM OUT REPORTS TURNS BYTES\n", stderr);
    return 2;
  }
  return resguardo::run(arguments);
}
