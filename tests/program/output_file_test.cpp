// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/output_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "tests/support/temporary_directory.h"

namespace resguardo::program {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public ::testing::Test {
 protected:
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_.path()), fs::directory_iterator()));
  }
  std::string content(const fs::path& path) const {
    return to_string(read_file(path, 1'000'000).value());
  }
  testing_support::TemporaryDirectory directory_;
  fs::path path_ = directory_.path() / "out";
};

TEST_F(OutputFileTest, AppearsOnlyWhenCommitted) {
  {
    auto file = OutputFile::create(path_);
    ASSERT_TRUE(file.ok());
    file->write("half");
    EXPECT_FALSE(fs::exists(path_));
  }
  EXPECT_EQ(files(), 0U);
  auto file = OutputFile::create(path_);
  file->write("whole");
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(content(path_), "whole");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFileTest, LeavesNothingWhenItsProcessIsKilled) {
  const int unnamed = ::open(directory_.path().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (unnamed < 0) GTEST_SKIP() << "this file system has no files without names";
  ::close(unnamed);
  auto file = OutputFile::create(path_);
  file->write(std::string(100'000, 'x'));
  ASSERT_TRUE(file->sync().ok());
  EXPECT_EQ(files(), 0U) << "a name would outlive the process";
  EXPECT_EQ(content(file->draft()).size(), 100'000U);
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(content(path_).size(), 100'000U);
}

TEST_F(OutputFileTest, GivesItsDescriptorBackBeforeItIsCommitted) {
  const auto open_files = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  const auto before = open_files();
  {
    auto file = OutputFile::create(path_);
    file->write("closed");
    ASSERT_TRUE(file->close().ok());
    EXPECT_EQ(open_files(), before);
    EXPECT_EQ(content(file->draft()), "closed");
    EXPECT_FALSE(fs::exists(path_));
    ASSERT_TRUE(file->commit().ok());
    EXPECT_EQ(content(path_), "closed");
    EXPECT_EQ(files(), 1U);
  }
  fs::remove(path_);
  ASSERT_TRUE(OutputFile::create(path_)->close().ok());
  EXPECT_EQ(files(), 0U) << "closed, and not committed";
}

TEST_F(OutputFileTest, IsForItsOwnerOnly) {
  ASSERT_TRUE(write_new_file(path_, as_bytes("x")).ok());
  struct stat status{};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(OutputFileTest, NeverOverwrites) {
  ASSERT_TRUE(write_new_file(path_, as_bytes("first")).ok());
  EXPECT_EQ(OutputFile::create(path_).error().what, "exists already");
  EXPECT_EQ(content(path_), "first");
}

TEST_F(OutputFileTest, NeverOverwritesWhatAppearedMeanwhile) {
  auto file = OutputFile::create(path_);
  ASSERT_TRUE(file.ok());
  file->write("late");
  std::ofstream(path_) << "early";
  EXPECT_EQ(file->commit().error().what, "exists already");
  EXPECT_EQ(content(path_), "early");
}

TEST_F(OutputFileTest, DoesNotWriteThroughALink) {
  fs::create_symlink(directory_.path() / "elsewhere", path_);
  EXPECT_FALSE(OutputFile::create(path_).ok());
}

TEST_F(OutputFileTest, AllAppearOrNone) {
  std::vector<OutputFile> set;
  for (const char* name : {"a", "b", "c"})
    set.push_back(OutputFile::create(directory_.path() / name).value());
  std::ofstream(directory_.path() / "b") << "in the way";
  EXPECT_FALSE(commit_all(std::move(set)).ok());
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFileTest, AFolderThatIsNotThereIsNamed) {
  const auto failed = OutputFile::create(directory_.path() / "none" / "out");
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().where.find("none"), std::string::npos);
}

TEST_F(OutputFileTest, AFullDiskIsTold) {
  auto file = OutputFile::create(path_);
  ASSERT_TRUE(file.ok());
  file->stream().setstate(std::ios::badbit);
  EXPECT_FALSE(file->commit().ok());
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(OutputFileTest, ReadsUpToTheLimitAndNoFurther) {
  ASSERT_TRUE(write_new_file(path_, as_bytes("12345")).ok());
  EXPECT_EQ(read_file(path_, 5).value().size(), 5U);
  EXPECT_FALSE(read_file(path_, 4).ok());
}

}  // namespace
}  // namespace resguardo::program
