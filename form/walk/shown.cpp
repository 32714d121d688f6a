// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk/shown.h"

#include <algorithm>

namespace resguardo::form {
namespace {

bool holds(std::string_view prompt, std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    if (prompt.find(text.substr(0, open)) == std::string_view::npos) return false;
    text.remove_prefix(std::min(text.find('}', open), text.size() - 1) + 1);
  }
  return true;
}

}  // namespace

bool shown_in(std::string_view prompt, const dialogue::CompiledNode& node) {
  return std::any_of(node.texts.begin(), node.texts.end(), [&](const auto& text) {
    return holds(prompt, text.full) || holds(prompt, text.brief);
  });
}

}  // namespace resguardo::form
