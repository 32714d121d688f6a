// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/load.h"

#include "form/parts.h"

namespace resguardo::form {

program::Outcome<std::shared_ptr<const dialogue::Form>> load_form(const std::filesystem::path& form,
                                                                  program::Console& console) {
  RESGUARDO_TRY(const auto source, FormSource::read(form));
  std::vector<dialogue::FormProblem> problems;
  auto compiled = dialogue::Form::compile(source.bytes(), problems);
  if (compiled.ok()) return std::move(compiled).value();
  if (const auto slips = syntax_problems(source); !slips.empty()) {
    for (std::size_t i = 0; i + 1 < slips.size(); ++i) (void)console.fail(slips[i]);
    return slips.back();
  }
  constexpr std::size_t kShown = 5;
  for (std::size_t i = 0; i < problems.size() && i < kShown; ++i) {
    console.note(problems[i].where + ": " + problems[i].what);
  }
  return program::Problem{
      form.string(), "does not compile: " + std::to_string(problems.size()) + " problems",
      "`resguardo-form lint` tells all of them with their places", program::ExitCode::kFailed};
}

}  // namespace resguardo::form
