// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/media_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "crypto/base/hash.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {
namespace {

namespace fs = std::filesystem;

constexpr Day kToday{20000};

class MediaFolderTest : public testing::Test {
 protected:
  static MediaId id(std::uint8_t n) { return MediaId{{n, 0xab}}; }
  fs::path file(std::uint8_t n, const std::string& suffix = "") const {
    return path_ / media_file_name(id(n)).append(suffix);
  }
  struct stat about(const fs::path& path) const {
    struct stat found = {};
    EXPECT_EQ(::lstat(path.c_str(), &found), 0);
    return found;
  }
  void keep(std::uint8_t n, std::string_view sealed) {
    const auto made = folder_.begin(id(n), kToday).value();
    ASSERT_TRUE(made->write(as_bytes(sealed)).ok());
    ASSERT_TRUE(made->keep().ok());
  }

  testing_support::TemporaryDirectory directory_;
  const fs::path path_ = media_folder(directory_.path());
  MediaFolder folder_{path_};
};

TEST_F(MediaFolderTest, WhatIsKeptSaysItsSizeAndTheDay) {
  keep(1, "sealed");
  const auto kept = about(file(1));
  EXPECT_EQ(kept.st_mode & 07777U, 0600U);
  EXPECT_EQ(kept.st_size, 6);
  EXPECT_EQ(kept.st_mtim.tv_sec, 20000 * 86400);
  EXPECT_EQ(kept.st_mtim.tv_nsec, 0);
  EXPECT_EQ(kept.st_atim.tv_sec, 20000 * 86400);
  EXPECT_EQ(about(path_).st_mode & 07777U, 0700U);
  const auto content = folder_.content(id(1)).value();
  EXPECT_EQ(content.bytes, 6U);
  EXPECT_EQ(content.sha256, sha256(as_bytes("sealed")));
  EXPECT_EQ(about(file(1)).st_atim.tv_sec, 20000 * 86400) << "who reads it leaves no trace";
}

TEST_F(MediaFolderTest, WhatIsNotKeptGoes) {
  auto begun = folder_.begin(id(1), kToday).value();
  ASSERT_TRUE(begun->write(as_bytes("half of it")).ok());
  EXPECT_TRUE(fs::exists(file(1, ".part")));
  EXPECT_TRUE(folder_.held().contains(id(1)));
  begun.reset();
  EXPECT_TRUE(fs::is_empty(path_));
  EXPECT_TRUE(folder_.held().empty());
}

TEST_F(MediaFolderTest, AFileIsKeptOnce) {
  const auto made = folder_.begin(id(1), kToday).value();
  ASSERT_TRUE(made->write(as_bytes("all")).ok());
  EXPECT_TRUE(made->keep().ok());
  EXPECT_FALSE(made->keep().ok());
  EXPECT_FALSE(made->write(as_bytes("more")).ok());
  EXPECT_EQ(folder_.length(id(1)).value(), 3U);
}

TEST_F(MediaFolderTest, WhatWasLeftOverIsBegunAnew) {
  keep(1, "of a turn that was never recorded");
  std::ofstream(file(1, ".part")) << "of a process that was killed";
  const auto made = folder_.begin(id(1), kToday).value();
  EXPECT_FALSE(folder_.length(id(1)).value().has_value());
  ASSERT_TRUE(made->write(as_bytes("anew")).ok());
  ASSERT_TRUE(made->keep().ok());
  EXPECT_EQ(folder_.content(id(1)).value().sha256, sha256(as_bytes("anew")));
}

TEST_F(MediaFolderTest, ChunksComeInOrder) {
  const std::string sealed(kMediaChunk + kMediaChunkOverhead + 5, 'c');
  keep(1, sealed);
  std::vector<std::size_t> sizes;
  const auto note = [&](std::uint64_t index, ByteView chunk) {
    EXPECT_EQ(index, sizes.size());
    sizes.push_back(chunk.size());
    return success();
  };
  ASSERT_TRUE(folder_.chunks(id(1), note).ok());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{kMediaChunk + kMediaChunkOverhead, 5}));
  EXPECT_EQ(folder_.chunks(id(2), note).error().fault, Fault::kNotFound);
}

TEST_F(MediaFolderTest, LinksAreNotFollowed) {
  fs::create_directory(path_);
  const fs::path elsewhere = directory_.path() / "elsewhere";
  std::ofstream(elsewhere) << "not ours";
  fs::create_symlink(elsewhere, file(1));
  EXPECT_FALSE(folder_.length(id(1)).value().has_value());
  EXPECT_FALSE(folder_.content(id(1)).ok());
  fs::create_symlink(elsewhere, file(2, ".part"));
  const auto made = folder_.begin(id(2), kToday).value();
  ASSERT_TRUE(made->write(as_bytes("ours")).ok());
  EXPECT_EQ(fs::file_size(elsewhere), 8U);
  EXPECT_TRUE(folder_.remove(std::vector<MediaId>{id(1)}).ok());
  EXPECT_TRUE(fs::exists(elsewhere));
}

TEST_F(MediaFolderTest, WhatIsBegunDuringASweepIsLeftToTheNext) {
  keep(1, "left over");
  keep(2, "left over too");
  const auto held = folder_.begin(id(3), kToday).value();
  folder_.start_sweep();
  keep(1, "fetched anew, and let go");
  const std::vector<MediaId> found{id(1), id(2), id(3)};
  EXPECT_EQ(folder_.sweep(found).value(), 1U);
  EXPECT_TRUE(folder_.length(id(1)).value().has_value());
  EXPECT_FALSE(folder_.length(id(2)).value().has_value());
  EXPECT_TRUE(fs::exists(file(3, ".part")));
  folder_.start_sweep();
  EXPECT_EQ(folder_.sweep(found).value(), 2U);
}

TEST_F(MediaFolderTest, ListsWhatIsThere) {
  EXPECT_TRUE(folder_.list().value().files.empty()) << "there is no folder";
  keep(1, "whole");
  const auto begun = folder_.begin(id(2), kToday).value();
  for (const char* name : {"README", "0AB0", "ab", "part", ".part"})
    std::ofstream(path_ / name) << "foreign";
  const auto all = folder_.list().value();
  EXPECT_EQ(all.files, std::vector<MediaId>{id(1)});
  EXPECT_EQ(all.unfinished, std::vector<MediaId>{id(2)});
  EXPECT_EQ(all.foreign, 5U);
}

}  // namespace
}  // namespace resguardo::storage
