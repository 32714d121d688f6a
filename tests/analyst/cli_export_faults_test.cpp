// SPDX-License-Identifier: AGPL-3.0-or-later
// A power cut, a full disk and a kill in the middle of an export, in every format.
#include <gmock/gmock.h>
#include <sys/file.h>

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "analyst/export/exporter.h"
#include "tests/analyst/cli_told.h"
#include "tests/support/fault_run.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
constexpr const char* kPlanted = "CANARYWORDS";

class CliExportFaultsTest : public CliToldTest, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    BundleMaker bundle = whole_maker();
    for (int i = 0; i < 4; ++i) {
      ScriptReport told = kidnapping();
      // Long enough that no buffer holds all of it.
      std::string words = kPlanted;
      for (int part = 0; part < 2000; ++part) words += " " + std::to_string(part * 7919 % 10007);
      told.segments[0].turns.push_back({{in_event(answer_entry("story", words))}, {}, ""});
      bundle.add(told);
    }
    keep(bundle);
    fs::create_directory(path("stick"));
    fs::create_directory(path("tmp"));
    put("pass", kPassphrase);
  }
  fs::path out() const { return path("stick") / "out"; }
  std::vector<std::string> command() const {
    return {(bin_dir() / "resguardo-analyst").string(),
            "export",
            "--format",
            GetParam(),
            "--out",
            out(),
            "--vault",
            path("v"),
            "--passphrase-file",
            path("pass")};
  }
  // Under a limit of so many blocks of 512 bytes to a file; what writes beyond it is killed, or
  // fails as on a full disk.
  ProgramResult limited(int blocks, bool killed) const {
    std::string line = std::string(killed ? "" : "trap '' XFSZ; ") + "ulimit -f " +
                       std::to_string(blocks) + "; TMPDIR='" + path("tmp").string() + "' exec";
    for (const std::string& part : command()) line += " '" + part + "'";
    return run_program({{"/bin/sh", "-c", line}, "", {}});
  }
  std::set<std::string> left() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(path("stick")))
      names.insert(entry.path().filename().string());
    return names;
  }
  // What the export would be called is there whole, with its manifest, or not at all.
  void expect_whole_or_nothing(const std::string& what) const {
    std::set<std::string> rest = left();
    rest.erase(".out.resguardo-draft");
    for (const std::string& name : rest) {
      if (name.ends_with(".sig")) continue;  // says where the journal stood
      EXPECT_TRUE(name == "out" || name.starts_with("out.")) << what << ": " << name;
      EXPECT_EQ(content_of(path("stick") / name), whole_.at(name)) << what << ": " << name;
    }
  }
  static std::string content_of(const fs::path& path) {
    if (!fs::is_directory(path)) return content(path);
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(path))
      if (entry.path().extension() != ".sig")
        files[entry.path().filename().string()] = content(entry.path());
    std::string all;
    for (const auto& [name, text] : files) all += name + "\n" + text;
    return all;
  }
  void make_whole() {
    const auto told = run_program({command(), "", {}});
    ASSERT_EQ(told.code, 0) << told.err;
    for (const std::string& name : left()) whole_[name] = content_of(path("stick") / name);
    clear();
  }
  void clear() const {
    fs::remove_all(path("stick"));
    fs::create_directory(path("stick"));
  }
  // The next run names what was left, removes it, and is whole.
  void expect_mended(const std::string& what) {
    std::error_code none;
    const bool draft = fs::exists(path("stick") / ".out.resguardo-draft", none) &&
                       !fs::is_empty(path("stick") / ".out.resguardo-draft");
    for (const auto& [name, text] : whole_) fs::remove_all(path("stick") / name);
    const auto told = run_program({command(), "", {}});
    EXPECT_EQ(told.code, 0) << what << ": " << told.err;
    EXPECT_EQ(told.err.find("had left when it was cut short") != std::string::npos, draft) << what;
    EXPECT_EQ(left().size(), whole_.size()) << what;
    expect_whole_or_nothing(what);
  }
  std::map<std::string, std::string> whole_;
};

TEST_P(CliExportFaultsTest, AFileSystemThatTakesNoMoreLeavesNothing) {
  make_whole();
  int failures = 0;
  for (int blocks = 1; blocks < 400; blocks += 1 + blocks / 2) {
    for (const bool killed : {false, true}) {
      const auto told = limited(blocks, killed);
      const std::string what = std::to_string(blocks) + (killed ? " killed" : " full");
      if (told.code != 0) ++failures;
      if (!killed && told.code != 0) {
        EXPECT_EQ(left().size(), 0U) << what << ": " << told.err;
      }
      expect_whole_or_nothing(what);
      EXPECT_TRUE(fs::is_empty(path("tmp"))) << what;
      if (killed) expect_mended(what);
      clear();
    }
  }
  EXPECT_GT(failures, 4);
}

TEST_P(CliExportFaultsTest, EveryCallCanBeTheLast) {
  make_whole();
  const auto counted = run_with_faults(command(), {"", 0, path("stick")});
  ASSERT_EQ(counted.status, 0) << counted.errors;
  const long calls = counted.counts.at("total");
  ASSERT_GT(calls, 1);
  clear();
  // Of many calls every few, each kind beginning at another.
  const long step = 1 + calls / 10;
  long first = 0;
  for (const char* kind : {"kill", "torn", "enospc", "eio"})
    for (long at = 1 + first++ % step; at <= calls; at += step) {
      const auto told = run_with_faults(command(), {kind, at, path("stick")});
      const std::string what = std::string(kind) + " at " + std::to_string(at);
      expect_whole_or_nothing(what);
      if (told.status > 0) {
        EXPECT_EQ(left().size(), 0U) << what;
      }
      if (told.status < 0) expect_mended(what);
      clear();
    }
}

// While it is written nothing lies where other programs put their temporary files, and what lies
// beside the export is nobody else's to read.
TEST_P(CliExportFaultsTest, WordsLieOnlyBesideTheExport) {
  make_whole();
  if (GetParam() == "csv" || GetParam() == "ndjson" || GetParam() == "tables") {
    bool planted = false;
    for (const auto& [name, text] : whole_)
      planted = planted || text.find(kPlanted) != std::string::npos;
    EXPECT_TRUE(planted) << "the hunt would find nothing";
  }
  ASSERT_NE(limited(3, true).code, 0);
  for (const auto& entry : fs::recursive_directory_iterator(path("stick"))) {
    const auto mode = fs::status(entry.path()).permissions();
    EXPECT_EQ(mode & (fs::perms::group_all | fs::perms::others_all), fs::perms::none)
        << entry.path();
  }
  EXPECT_TRUE(fs::is_empty(path("tmp")));
}

INSTANTIATE_TEST_SUITE_P(Formats, CliExportFaultsTest, ::testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const auto& entry : analyst::exporters())
                             names.emplace_back(entry.name);
                           return names;
                         }()),
                         [](const auto& format) { return format.param; });

class CliExportDraftTest : public CliToldTest {};

TEST_F(CliExportDraftTest, WhatAnotherRunIsWritingIsLeftAlone) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  keep(bundle);
  const auto draft = path(".out.resguardo-draft");
  fs::create_directory(draft);
  std::ofstream(draft / "acts.csv") << "theirs";
  const int lock = ::open(draft.c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  const auto told = of_vault({"export", "--format", "tables", "--out", path("out")});
  EXPECT_EQ(told.code, 1);
  EXPECT_THAT(told.err, HasSubstr("another export is writing"));
  EXPECT_EQ(content(draft / "acts.csv"), "theirs");
  ::close(lock);
  const auto after = of_vault({"export", "--format", "tables", "--out", path("out")});
  EXPECT_EQ(after.code, 0) << after.err;
  EXPECT_THAT(after.err, HasSubstr("removed 1 files"));
  EXPECT_FALSE(fs::exists(draft));
}

TEST_F(CliExportDraftTest, AFolderThatNoExportMadeIsNotRemoved) {
  BundleMaker bundle = whole_maker();
  bundle.add(kidnapping());
  keep(bundle);
  const auto draft = path(".out.resguardo-draft");
  fs::create_directories(draft / "photos");
  const auto told = of_vault({"export", "--format", "xlsx", "--out", path("out")});
  EXPECT_EQ(told.code, 1);
  EXPECT_THAT(told.err, HasSubstr("no export made it"));
  EXPECT_TRUE(fs::exists(draft / "photos"));
  EXPECT_FALSE(fs::exists(path("out")));
}

}  // namespace
}  // namespace resguardo::testing_support
