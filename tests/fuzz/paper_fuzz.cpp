// SPDX-License-Identifier: AGPL-3.0-or-later
// Lines typed from paper: what is read is what those lines print, and no line number is made up.
#include "crypto/format/paper.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  if (const auto typed = read_paper(as_text(input)); typed.ok()) {
    for (const int line : typed->wrong) require(line >= 1 && line <= 99);
    if (typed->wrong.empty()) {
      const auto again = read_paper(paper_lines(typed->kind, typed->bytes));
      require(again.ok() && again->wrong.empty() && again->kind == typed->kind &&
              again->bytes == typed->bytes);
    }
  }
  constexpr std::size_t kMost = 1980;
  if (input.empty() || input.size() > kMost) return 0;
  const auto back = read_paper(paper_lines(ArmourKind::kRootShare, input));
  require(back.ok() && back->wrong.empty() && equal(back->bytes, input));
  return 0;
}
