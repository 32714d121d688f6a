// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/key_ring.h"

// Link resguardo::secret_hunt.
namespace resguardo::testing_support {

// Where a planted secret was found: a file, a table's column, a memory region. Never quotes more.
using Sightings = std::vector<std::string>;

// Looks for each canary as it is, and as JSON, hexadecimal and base64 would carry it.
class Canaries {
 public:
  explicit Canaries(std::vector<std::string> secrets);
  bool in(std::string_view bytes) const;

 private:
  std::vector<std::string> forms_;
};

// Every file below `directory`, and its name.
Sightings hunt_files(const std::filesystem::path& directory, const Canaries& canaries);
// Every value of every table of one SQLCipher file, opened with its key. Throws if it does not
// open.
Sightings hunt_tables(const std::filesystem::path& file, const SecretBytes& key,
                      const Canaries& canaries);
// A store's directory: the files in the clear, and inside all tables with the keys.
Sightings hunt_store(const std::filesystem::path& data, storage::KeyRing& keys,
                     const std::vector<std::string>& secrets);

// How many values that are not NULL each column of a store's tables holds, by "table.column".
std::map<std::string, std::size_t> values_in_store(const std::filesystem::path& data,
                                                   storage::KeyRing& keys);

// All of a store that ciphertext and random names do not hide.
struct StoreShape {
  // The lengths of a column's values that are not NULL, by "table.column", shortest first.
  std::map<std::string, std::vector<std::size_t>> values;
  std::map<std::string, std::uintmax_t> files;  // sizes, by name
  bool operator==(const StoreShape&) const = default;
};
StoreShape shape_of_store(const std::filesystem::path& data, storage::KeyRing& keys);

}  // namespace resguardo::testing_support
