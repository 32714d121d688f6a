// SPDX-License-Identifier: AGPL-3.0-or-later
// A bundle as a file. What was read before damage is what a writer writes again.
#include <sstream>

#include "crypto/format/bundle.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const std::string file = to_string(ByteView(data, size));
  std::istringstream in(file);
  std::ostringstream out;
  BundleReader reader(in);
  BundleWriter writer(out);
  while (!reader.finished()) {
    const BundlePlace before = reader.place();
    const auto frame = reader.next();
    if (!frame.ok()) {
      require(!reader.next().ok());  // and stays so
      break;
    }
    require(reader.place().frame == before.frame + 1 && reader.place().offset > before.offset);
    require(
        (frame->has_end() ? writer.finish(frame->end().last_part()) : writer.write(*frame)).ok());
  }
  const std::string written = out.str();
  require(written == file.substr(0, written.size()));
  require(!reader.finished() || written == file);
  return 0;
}
