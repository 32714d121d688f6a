// SPDX-License-Identifier: AGPL-3.0-or-later
// What the end-to-end hunt looks through tables with: `store_hunt DATA MASTER-KEY-FILE` opens a
// store that nobody runs, with every key there is, and looks for the secrets that stand on standard
// input, one in a line: in its files and inside of all its tables. Prints where one was found.
#include <iostream>

#include "bot/commands/secrets.h"
#include "crypto/base/initialise.h"
#include "tests/support/secret_hunt.h"

int main(int argc, char** argv) {
  using namespace resguardo;
  if (argc != 3 || !initialise_crypto().ok()) return 2;
  std::vector<std::string> secrets;
  for (std::string line; std::getline(std::cin, line);)
    if (!line.empty()) secrets.push_back(line);
  const auto text = commands::read_secret_line(argv[2]);
  if (!text.ok() || secrets.empty()) return 2;
  const auto master = commands::parse_master_key(*text, argv[2]);
  if (!master.ok()) return 2;
  auto keys = storage::KeyRing::open(argv[1], *master);
  if (!keys.ok()) return 2;
  const auto looked = testing_support::values_in_store(argv[1], **keys);
  std::size_t values = 0;
  for (const auto& [column, count] : looked) values += count;
  std::cout << "looked at " << values << " values\n";
  for (const auto& place : testing_support::hunt_store(argv[1], **keys, secrets))
    std::cout << "found: " << place << '\n';
  return 0;
}
