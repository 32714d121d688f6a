// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "form/walk/reads.h"

namespace resguardo::form {

// What an answer leaves behind: its codes, and whatever else it changes at once (where it jumps to,
// the depth, discretion). Answers that differ in `effect` are never compared.
struct Left {
  std::vector<std::string> codes;
  std::string effect;
};

// Which answers can be left out of a search for the longest way, because another leads to every
// question that they lead to, and to more that can be skipped: whoever walks on from the one can
// walk the same way from the other.
class Dominance {
 public:
  Dominance(const dialogue::Form::Content& content, const Reads& reads)
      : content_(content), reads_(reads) {}

  // Indexes of the outcomes that are left.
  std::vector<std::size_t> undominated(std::size_t node, pb::Mode mode,
                                       const std::vector<Left>& outcomes);

 private:
  bool dominates(std::size_t node, pb::Mode mode, const Left& more, const Left& less) const;
  bool implied(const dialogue::Expression& expression, std::size_t node, const Left& more,
               const Left& less, bool both_ways) const;
  bool can_be_passed(std::size_t node) const;

  const dialogue::Form::Content& content_;
  const Reads& reads_;
  std::map<std::string, std::vector<std::size_t>> known_;
};

}  // namespace resguardo::form
