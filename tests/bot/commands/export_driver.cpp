// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the memory test of exports runs and measures. `export_driver DIR fill N` puts N reports of
// four rows of 500,000 bytes into a store in DIR; `export_driver DIR write OUT BYTES` writes its
// bundle in parts of at most BYTES and prints how many there are.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "bot/commands/bundle_export.h"
#include "crypto/base/initialise.h"
#include "storage/sqlcipher/engine.h"
#include "storage/sqlcipher/wiping.h"
#include "tests/storage/script.h"
#include "tests/storage/store_setup.h"

namespace resguardo::storage {
namespace {

constexpr std::uint32_t kRows = 4;
constexpr std::size_t kRowBytes = 500'000;

int fill(Store& store, std::uint32_t reports) {
  for (std::uint32_t n = 1; n <= reports; ++n)
    for (std::uint32_t row = 0; row < kRows; ++row) {
      Turn turn = state_turn(n * kRows + row, n, row, "state");
      add_row(turn, n, n, row, std::string(kRowBytes, 'x'));
      if (row + 1 == kRows) close(turn, n);
      if (!store.record(std::move(turn)).ok()) return 3;
    }
  return 0;
}

int write(Store& store, const std::string& out, std::uint64_t bytes) {
  SystemRandom random;
  std::ofstream file;
  commands::PartPlan plan;
  plan.bytes = bytes;
  plan.next = [&](std::uint32_t part) -> Result<std::ostream*> {
    file.close();
    file.open(out + "." + std::to_string(part), std::ios::binary);
    return &file;
  };
  const auto totals = commands::write_parts(store, start_of(kDay), random, plan);
  if (!totals.ok()) {
    std::fprintf(stderr, "writing: %s\n", totals.error().why.c_str());
    return 4;
  }
  std::printf("%u\n", totals->parts);
  return 0;
}

int run(int count, char** arguments) {
  if (!sqlcipher::install_library_wiping().ok() || !initialise_crypto().ok()) return 2;
  const auto keys = ensure_store(arguments[1]);
  if (!keys.ok()) return 4;
  SystemRandom random;
  const auto store = open_store({.directory = arguments[1], .today = kDay}, **keys, random);
  if (!store.ok()) return 4;
  const bool filling = std::string_view(arguments[2]) == "fill";
  if (filling)
    return fill(**store, static_cast<std::uint32_t>(std::strtoul(arguments[3], nullptr, 10)));
  return count == 5 ? write(**store, arguments[3], std::strtoull(arguments[4], nullptr, 10)) : 2;
}

}  // namespace
}  // namespace resguardo::storage

int main(int count, char** arguments) {
  return count < 4 ? 2 : resguardo::storage::run(count, arguments);
}
