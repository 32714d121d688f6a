// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "bot/dialogue/compiled.h"

namespace resguardo::form {

// How an answer is read: which of its codes are named, and whether their number counts.
struct Use {
  std::set<std::string> codes;
  bool every_code = false;
  bool count = false;
  bool answered = false;
  bool for_each = false;  // a repeat comes once for each of its codes but these:
  std::set<std::string> exclude;

  void merge(const Use& other);
  bool names(const std::string& code) const { return every_code || codes.contains(code); }
  // How often the repeat comes, its max aside.
  template <class Codes>
  std::size_t times(const Codes& picked) const {
    std::size_t found = 0;
    for (const auto& code : picked) found += for_each && !exclude.contains(code) ? 1U : 0U;
    return found;
  }
};
using Uses = std::map<std::size_t, Use>;  // by node

// Which answers may still decide something from a node on: what conditions, repeats and pages of
// the gazetteer read there and later.
class Reads {
 public:
  // `again`: also what is read when a repeat comes to its next time.
  Reads(const dialogue::Form::Content& content, bool again);
  // In this depth; the node's own choices are among what is read.
  const Uses& from(std::size_t node, pb::Mode mode) const;
  // Every node that may come from this one on, and itself.
  const std::vector<std::size_t>& ahead(std::size_t node, pb::Mode mode) const {
    return ahead_[static_cast<std::size_t>(mode)][node];
  }
  const Uses& everywhere() const { return everywhere_; }

 private:
  void add_expression(Uses& uses, const std::string& source) const;
  void add_node(Uses& uses, const pb::Node& node) const;
  void add_every_code(Uses& uses, const std::string& node) const;
  void add_repeat(Uses& uses, const pb::Repeat& repeat) const;
  std::vector<bool> ahead_of(std::size_t node, pb::Mode mode) const;
  std::vector<Uses> from_each(pb::Mode mode);
  void add_again(std::size_t node, Uses& uses) const;

  const dialogue::Form::Content& content_;
  bool again_;
  std::vector<Uses> own_;                   // by node
  std::vector<std::vector<Uses>> by_mode_;  // by mode, by node
  std::vector<std::vector<std::vector<std::size_t>>> ahead_;
  Uses everywhere_;
};

}  // namespace resguardo::form
