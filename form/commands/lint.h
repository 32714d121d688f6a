// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "form/commands/call.h"

namespace resguardo::form {

struct LintCommandOptions {
  std::filesystem::path form;
  std::optional<std::filesystem::path> before;  // the version before, to compare codes with
};
// Prints one line for each finding; an error among them fails the command, warnings do not.
program::Outcome<Done> lint_form(const LintCommandOptions& options, Call& call);

struct RulesOptions {};
program::Outcome<Done> list_rules(const RulesOptions& options, Call& call);

}  // namespace resguardo::form
