// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyst/html/figures.h"
#include "analyst/html/rows.h"

namespace resguardo::analyst {

// The values that rows have in one respect, each once, in the order of their labels.
class RowValues {
 public:
  void learn(const std::string& code, const std::string& label);
  void order();                           // after the last of them
  int at(const std::string& code) const;  // -1: none
  struct Value {
    std::string code, label;
  };
  const std::vector<Value>& all() const { return values_; }

 private:
  std::map<std::string, std::string> labels_;
  std::map<std::string, int> places_;
  std::vector<Value> values_;
};

struct RowDimensions {
  RowDimensions(const PageRows& rows, const FigureParts& parts);
  RowValues category, place, actor, month, nationality, us_link, victims, level;
};

}  // namespace resguardo::analyst
