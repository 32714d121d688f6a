// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "analyst/incident/codes.h"

namespace resguardo::analyst {

// All codes that a question was answered with, in any of the events of a report.
using AnsweredCodes = std::map<std::string, std::set<std::string>, std::less<>>;

// What an analyst should read first, by expressions over the answers. A question that a form does
// not have is one that was not answered.
class RiskRules {
 public:
  // kMalformed: an expression that cannot be read.
  static Result<RiskRules> of(const Codes& codes);
  RiskRules(RiskRules&&) noexcept;
  RiskRules& operator=(RiskRules&&) noexcept;
  ~RiskRules();

  // Flags that hold, the most urgent first. Over several events it errs on the side of a flag.
  std::vector<std::string> flags(const AnsweredCodes& answers) const;

 private:
  struct Rule;
  RiskRules();
  std::vector<Rule> rules_;
};

}  // namespace resguardo::analyst
