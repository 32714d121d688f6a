// SPDX-License-Identifier: AGPL-3.0-or-later
// Length is danger: replies on the longest way of each depth.
#include "form/lint/lint.h"
#include "form/walk/longest.h"

namespace resguardo::form {

void lint_paths(const std::shared_ptr<const dialogue::Form>& form, Findings& findings) {
  const auto& limits = form->content().form.path_limits();
  if (limits.empty()) return;
  const auto paths = longest_paths(form, Told::kOneEvent);
  for (const auto& limit : limits) {
    for (const auto& path : paths) {
      if (path.mode != limit.mode() || path.replies <= limit.replies()) continue;
      findings.add(dialogue::Rule::kPathOverLimit, "form",
                   mode_name(path.mode) + " takes up to " + std::to_string(path.replies) +
                       " replies, more than " + std::to_string(limit.replies()) +
                       "; `resguardo-form stats` shows the way");
    }
  }
}

}  // namespace resguardo::form
