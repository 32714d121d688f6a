// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "bot/dialogue/form.h"
#include "tests/support/paths.h"

namespace resguardo::dialogue {

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}
inline std::string short_form_source() {
  return read_text(testing_support::source_dir() / "proto/forms/border_abuse_short.txtpb");
}

// Problems as one text, to read in a failure.
inline std::string problems_of(const std::string& source) {
  std::vector<FormProblem> problems;
  const auto form = Form::compile(as_bytes(source), problems);
  std::string text;
  for (const auto& problem : problems) text += problem.where + ": " + problem.what + '\n';
  EXPECT_EQ(form.ok(), problems.empty());
  return text;
}
inline std::shared_ptr<const Form> short_form() {
  static const std::shared_ptr<const Form> kForm = [] {
    std::vector<FormProblem> problems;
    auto form = Form::compile(as_bytes(short_form_source()), problems);
    for (const auto& each : problems) ADD_FAILURE() << each.where << ": " << each.what;
    return form.ok() ? form.value() : nullptr;
  }();
  return kForm;
}

}  // namespace resguardo::dialogue
