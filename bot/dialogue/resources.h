// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resguardo::dialogue {

// Where to find help. Of one need there may be several: for a city, an area, a country, and one for
// everywhere else.
class Resources {
 public:
  struct Advice {
    std::vector<std::string> places;  // codes of the gazetteer; empty: everywhere
    std::vector<std::string> texts;   // by language
  };

  void add(const std::string& need, Advice advice) { all_[need].push_back(std::move(advice)); }
  bool has(std::string_view need) const { return all_.contains(need); }
  // The nearest: `around` are codes, the surest and narrowest first. Empty: there is none.
  std::string_view text(std::string_view need, std::span<const std::string_view> around,
                        std::size_t language) const;
  // What text() may give at most, in characters as people see them.
  std::size_t longest(std::string_view need, std::size_t language) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
      return std::hash<std::string_view>()(name);
    }
  };
  std::unordered_map<std::string, std::vector<Advice>, Hash, std::equal_to<>> all_;
};

}  // namespace resguardo::dialogue
