// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/config/config.h"

#include <toml++/toml.h>

namespace resguardo::config {

// One table of a configuration: each key is asked for once with its type; finish() reports the keys
// that nobody asked for. Private to this folder.
class TableReader {
 public:
  TableReader(const toml::table* table, std::string name, Path folder,
              std::vector<ConfigProblem>& problems);

  bool present() const { return table_ != nullptr; }
  void text(std::string_view key, std::string& value, bool required);
  void text(std::string_view key, std::optional<std::string>& value);
  void path(std::string_view key, Path& value, bool required);
  void path(std::string_view key, std::optional<Path>& value);
  void flag(std::string_view key, bool& value);
  template <class Number>
  void number(std::string_view key, Number& value, std::uint64_t least, std::uint64_t most) {
    const auto read = integer(key, least, most);
    if (read) value = static_cast<Number>(*read);
  }
  void hours(std::string_view key, std::chrono::hours& value, std::chrono::hours least,
             std::chrono::hours most);                                // "72h", "30d"
  void bytes(std::string_view key, std::uint64_t& value);             // "3MB", "512KB", "100"
  void bytes_or_none(std::string_view key, std::uint64_t& value);     // also "0" and 0
  void texts(std::string_view key, std::vector<std::string>& value);  // an array
  void pairs(std::string_view key, std::vector<std::pair<std::string, std::string>>& value);
  void finish();

 private:
  const toml::node* node(std::string_view key);
  std::optional<std::uint64_t> integer(std::string_view key, std::uint64_t least,
                                       std::uint64_t most);
  std::optional<std::uint64_t> quantity(
      std::string_view key, const std::vector<std::pair<std::string_view, std::uint64_t>>& units,
      std::string_view example);
  void tell(std::string_view key, std::string what, std::string mend);

  const toml::table* table_;
  std::string name_;
  Path folder_;
  std::vector<ConfigProblem>& problems_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace resguardo::config
