// SPDX-License-Identifier: AGPL-3.0-or-later
// Questionnaires: a server compiles its own, an analyst reads whatever came in a bundle.
#include "analyst/report/form_texts.h"
#include "bot/dialogue/form.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  std::vector<dialogue::FormProblem> problems;
  const auto form = dialogue::Form::compile(input, problems);
  require(form.ok() || !problems.empty());  // the author is told what is wrong
  if (form.ok()) require((*form)->digest() == blake2b(input) && !(*form)->languages().empty());

  const auto texts = analyst::FormTexts::parse(input);
  if (texts.ok()) (void)texts->question("story", "es");
  require(!form.ok() || (texts.ok() && texts->id() == (*form)->id()));
  return 0;
}
