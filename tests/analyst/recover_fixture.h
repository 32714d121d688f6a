// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/analyst/cli_fixture.h"

namespace resguardo::testing_support {

// Both readers of bundles: resguardo-analyst and analyst/recover/recover.py.
class RecoverTest : public CliTest {
 protected:
  // What was said, where: each answer, the same from both.
  using Said = std::vector<boost::json::object>;

  ProgramResult recover(std::vector<std::string> arguments) const;
  std::string root() const;  // hexadecimal
  ProgramResult opened(const std::filesystem::path& bundle, const std::string& who,
                       std::vector<std::string> more = {}) const;

  Said by_cplusplus(const std::string& vault) const;
  Said by_python(const std::string& folder) const;
  // What each reader finds fault with, or thinks worth knowing, by the names of `list`.
  std::set<std::string> flags_by_cplusplus(const std::string& vault) const;
  std::set<std::string> flags_by_python(const std::string& folder) const;
};

void expect_same(const std::vector<boost::json::object>& one,
                 const std::vector<boost::json::object>& other);

}  // namespace resguardo::testing_support
