// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "form/transcript/transcript.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {

using form::apply_setting;
using form::channel_named;
using form::effect_name;
using form::said_in;
using form::settings_of_transcripts;
using form::Transcript;
using form::TranscriptLine;
using form::TranscriptPlayer;

inline Transcript read_transcript(const std::filesystem::path& file) {
  auto transcript = form::read_transcript(file);
  if (!transcript.ok()) {
    throw std::runtime_error(transcript.error().where + ": " + transcript.error().what);
  }
  return std::move(transcript).value();
}

// All of tests/scenario, sorted.
inline std::vector<std::filesystem::path> transcripts() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() / "tests/scenario")) {
    if (entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace resguardo::testing_support
