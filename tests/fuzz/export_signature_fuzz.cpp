// SPDX-License-Identifier: AGPL-3.0-or-later
// The signature beside an export, as it comes from a stick: read in one form only.
#include "analyst/commands/export_signature.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using namespace resguardo::analyst;
using fuzzing::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const std::string_view input = as_text(ByteView(data, size));
  const auto read = parse_signature(input);
  if (!read.ok()) return 0;
  require(input.size() <= kMaxSignatureText);
  require(signature_text(*read) == input);
  // Nobody finds by chance what a key signed.
  require(!check_custody_signature(*read, Label::kSignExport, as_bytes(input)).ok());
  return 0;
}
