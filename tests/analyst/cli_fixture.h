// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/analyst/bundle_maker.h"
#include "tests/analyst/log_server.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::testing_support {

inline constexpr const char* kPassphrase = "a passphrase of tests";

// An organisation made by the program itself, once for the test program: root, Ana and Luis as
// members, Eva with keys and no seat, and the signed roster.
struct Organisation {
  TemporaryDirectory directory;
  std::filesystem::path root() const { return directory.path() / "root.key"; }
  std::filesystem::path root_public() const { return directory.path() / "root.key.pub"; }
  std::filesystem::path keys(const std::string& name) const { return directory.path() / name; }
  std::filesystem::path roster() const { return directory.path() / "roster.signed"; }
  TimePoint now;
  VerifiedRoster verified() const;
};

// Two answers in the testimony, a name in the identity, one segment.
ScriptReport small_report();

extern const char* const kSmallForm;

class CliTest : public ::testing::Test {
 protected:
  static const Organisation& organisation();
  static ProgramResult run(std::vector<std::string> arguments);
  // The same with the passphrase on descriptor 9.
  static ProgramResult run_unlocked(std::vector<std::string> arguments,
                                    const std::string& passphrase = kPassphrase);

  std::filesystem::path path(const std::string& name) const { return here_.path() / name; }
  std::filesystem::path put(const std::string& name, const std::string& content) const;
  static std::string content(const std::filesystem::path& path);
  std::size_t files_here() const;
  static BundleMaker maker(std::uint64_t seed = 1);
  // Of Ana and Luis, signed by the organisation's root; it names this log.
  VerifiedRoster roster_with_log(const LogServer& server) const;
  BundleMaker logged_maker(const LogServer& server) const {
    return BundleMaker(roster_with_log(server), kSmallForm, organisation().now, 1);
  }
  ProgramResult import(const std::filesystem::path& bundle, const std::string& who,
                       const std::string& vault, std::vector<std::string> more = {}) const;

 private:
  TemporaryDirectory here_;
};

}  // namespace resguardo::testing_support
