// SPDX-License-Identifier: AGPL-3.0-or-later
// `resguardo-bot init`: all of it, or nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "crypto/seal/public_key.h"
#include "tests/support/fault_run.h"
#include "tests/support/paths.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_directory.h"

namespace resguardo {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing_support::FaultRun;
using testing_support::run_with_faults;

class InitTest : public ::testing::Test {
 protected:
  std::vector<std::string> command(const fs::path& directory) const {
    return {(testing_support::bin_dir() / "resguardo-bot").string(), "init", "--dir",
            directory.string()};
  }
  testing_support::ProgramResult init(const fs::path& directory,
                                      const std::vector<std::string>& more = {}) const {
    auto arguments = command(directory);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return testing_support::run_program({arguments, "", {}});
  }
  void expect_refused(const testing_support::ProgramResult& run, const std::string& words) const {
    EXPECT_EQ(run.code, 1);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(std::ranges::count(run.err, '\n'), 1) << run.err;
    EXPECT_THAT(run.err, HasSubstr(words));
  }

  testing_support::TemporaryDirectory work_;
  fs::path dir_ = work_.path() / "server";
};

TEST_F(InitTest, WhatItMakesIsClosedToOthersUnderAnyUmask) {
  const mode_t before = ::umask(0);
  const auto run = init(dir_);
  ::umask(before);
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(fs::status(dir_).permissions(), fs::perms::owner_all);
  for (const auto& one : fs::recursive_directory_iterator(dir_))
    EXPECT_EQ(one.status().permissions() & (fs::perms::group_all | fs::perms::others_all),
              fs::perms::none)
        << one.path();
}

// The operator reads it aloud; the authority has `key fingerprint` say the same of what was sent.
TEST_F(InitTest, SaysTheLogKeyAndItsFingerprint) {
  const auto run = init(dir_);
  ASSERT_EQ(run.code, 0) << run.err;
  std::string hex;
  std::ifstream(dir_ / "data" / "log.pub") >> hex;
  const auto key = PublicKey<LogRole>::from_bytes(parse_hex(hex).value()).value();
  EXPECT_THAT(run.out, HasSubstr("\n  " + hex + "\n  fingerprint " + fingerprint(key) + "  ("));
}

TEST_F(InitTest, NeverOverwrites) {
  ASSERT_EQ(init(dir_).code, 0);
  expect_refused(init(dir_), "exists and is not empty: nothing was changed");
  fs::remove(dir_ / "resguardo.toml");
  expect_refused(init(dir_), "if an `init` was cut short here");
  std::ofstream(work_.path() / "file");
  expect_refused(init(work_.path() / "file"), "exists and is not a directory");
  fs::create_symlink(work_.path() / "nowhere", work_.path() / "link");
  expect_refused(init(work_.path() / "link"), "exists and is not a directory");
}

TEST_F(InitTest, SaysWhyAPlaceWillNotDo) {
  std::ofstream(work_.path() / "file");
  expect_refused(init(work_.path() / "file" / "in"), "Not a directory");
  expect_refused(init("/proc/resguardo"), "No such file or directory");
}

TEST_F(InitTest, AWrongFormLeavesNothing) {
  std::ofstream(work_.path() / "form.txtpb") << "no form";
  const auto deep = work_.path() / "new" / "deep";
  expect_refused(init(deep, {"--form", (work_.path() / "form.txtpb").string()}), "is not a form");
  expect_refused(init(deep, {"--form", (work_.path() / "none").string()}), "No such file");
  EXPECT_FALSE(fs::exists(work_.path() / "new"));
}

// A directory that was there, and the folders above it, stay as they were.
TEST_F(InitTest, AFailureAtAnyWriteLeavesNothing) {
  const FaultRun counted = run_with_faults(command(dir_), {"", 0, work_.path()});
  ASSERT_EQ(counted.status, 0) << counted.errors;
  const long calls = counted.counts.at("total");
  ASSERT_GT(calls, 10);
  long failed = 0;
  const fs::path there = work_.path() / "there";
  fs::create_directory(there);
  for (const char* kind : {"full", "eio"})
    for (long at = 1; at <= calls; ++at) {
      const fs::path place = at % 2 == 0 ? there : work_.path() / "new" / "deep";
      const FaultRun run = run_with_faults(command(place), {kind, at, work_.path()});
      if (run.status == 0) {  // the lock's, or a clean-up's: nothing depends on it
        ASSERT_TRUE(fs::exists(place / "resguardo.toml"));
        fs::remove_all(place == there ? place : work_.path() / "new");
        fs::create_directory(there);
        continue;
      }
      ++failed;
      EXPECT_EQ(run.status, 1) << kind << " at " << at;
      EXPECT_EQ(std::ranges::count(run.errors, '\n'), 1) << run.errors;
      EXPECT_TRUE(fs::is_empty(there)) << kind << " at " << at;
      EXPECT_FALSE(fs::exists(work_.path() / "new")) << kind << " at " << at;
    }
  EXPECT_GT(failed, calls);
}

}  // namespace
}  // namespace resguardo
