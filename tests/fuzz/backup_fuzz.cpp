// SPDX-License-Identifier: AGPL-3.0-or-later
// A backup, from whoever had it: unpacked where it belongs, or refused. Once as a file, and once as
// pieces (require.h) that are its frames, so that the checks between them are right.
#include <filesystem>
#include <sstream>

#include "bot/backup/backup_file.h"
#include "bot/backup/unpacked.h"
#include "crypto/format/checked_frames.h"
#include "tests/fuzz/require.h"
#include "tests/support/temporary_directory.h"

namespace {

using namespace resguardo;
using fuzzing::require;
namespace fs = std::filesystem;

constexpr FrameShape kShape{"resguardo backup 1\n", Label::kBackupFrame};

bool belongs(const fs::path& file) {
  const std::string name = file.generic_string();
  return name == "in/reports.db" || name == "in/media" || name.starts_with("in/media/") ||
         name == "in";
}

void unpack(const std::string& file) {
  const testing_support::TemporaryDirectory outside(testing_support::quick_parent());
  const fs::path inside = outside.path() / "in";
  fs::create_directory(inside);
  std::istringstream in(file);
  backup::Unpacked unpacked(inside, Day{20'000});
  const auto contents = backup::read_backup(in, nullptr, unpacked);
  if (contents.ok()) (void)unpacked.finish();
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(outside.path())) {
    require(belongs(entry.path().lexically_relative(outside.path())));
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  require(bytes <= file.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  unpack(std::string(reinterpret_cast<const char*>(data), size));
  std::ostringstream framed;
  FrameWriter writer(framed, kShape);
  for (fuzzing::Pieces pieces({data, size}); !pieces.done();) (void)writer.write(pieces.next());
  (void)writer.flush();
  unpack(framed.str());
  return 0;
}
