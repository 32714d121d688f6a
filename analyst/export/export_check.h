// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "program/problem.h"

namespace resguardo::analyst {

// Where the manifest of an export lies: in the folder that it is, or beside the file.
std::filesystem::path manifest_of(const std::filesystem::path& out);

// What became of an export since it was written, by its manifest.
struct ExportCheck {
  std::string format;
  std::string purpose;
  std::uint64_t reports = 0;
  Bytes manifest{};  // its exact bytes, for whoever checks a signature over them
  std::size_t files = 0;
  std::vector<std::string> changed{};  // names of files with other bytes than they had
  std::vector<std::string> missing{};
  std::vector<std::string> strange{};  // in its folder, and the manifest does not name them
  bool whole() const { return changed.empty() && missing.empty() && strange.empty(); }
};

// `media`: the folder that --media had made; empty: its files are not looked at. kFailed: there is
// no manifest, or one that this program did not write. Everything it reads is hostile.
//
// WARNING: who changes a file can write a manifest that fits; only a signature over it says whose
// it is.
program::Outcome<ExportCheck> check_export(const std::filesystem::path& out,
                                           const std::filesystem::path& media);

}  // namespace resguardo::analyst
