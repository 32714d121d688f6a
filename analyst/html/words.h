// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace resguardo::analyst {

// The sentences of a report's page, in one language (words/*.txt, compiled in).
class Words {
 public:
  // In English where there is no such language.
  static Words in(std::string_view language);

  // "{1}", "{2}", … are replaced. A key that there is not is shown as it is: a test looks for that.
  std::string operator()(std::string_view key, std::initializer_list<std::string> parts = {}) const;
  bool has(std::string_view key) const { return texts_.contains(key); }
  const std::string& language() const { return language_; }
  const std::map<std::string, std::string, std::less<>>& all() const { return texts_; }

 private:
  std::string language_;
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace resguardo::analyst
