// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/paths.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::testing_support {

// Runs the real program on files of its own.
class FormCliTest : public ::testing::Test {
 protected:
  static ProgramResult run(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.begin(), (bin_dir() / "resguardo-form").string());
    return run_program({std::move(arguments), input, {}});
  }
  std::filesystem::path path(const std::string& name) const { return here_.path() / name; }
  std::string put(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(path(name).parent_path());
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name).string();
  }
  static std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  static std::string short_form() {
    return (source_dir() / "proto/forms/border_abuse_short.txtpb").string();
  }

 private:
  TemporaryDirectory here_;
};

}  // namespace resguardo::testing_support
