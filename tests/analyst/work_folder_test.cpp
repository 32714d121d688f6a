// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/work_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "crypto/base/sha256.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;

class WorkFolderTest : public ::testing::Test {
 protected:
  static WorkFolder::Content says(std::string words) {
    return
        [words = std::move(words)](const WorkFolder::Sink& sink) { return sink(as_bytes(words)); };
  }
  static program::Outcome<Done> nothing(const Digest&) { return Done{}; }
  static std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const fs::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
  }
  WorkFolder made() const { return WorkFolder::make(dir_).value(); }
  testing_support::TemporaryDirectory directory_;
  testing_support::SeededRandom random_{7};
  fs::path dir_ = directory_.path() / "work";
};

TEST_F(WorkFolderTest, FilesAreForTheirOwnerAndToBeReadOnly) {
  auto folder = made();
  struct stat facts{};
  ASSERT_EQ(::stat(dir_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700U);
  Digest hash;
  const auto before = [&](const Digest& digest) -> program::Outcome<Done> {
    hash = digest;
    EXPECT_FALSE(fs::exists(dir_ / "001.jpg")) << "it is written down first";
    return Done{};
  };
  ASSERT_TRUE(folder.put("001.jpg", says("picture"), before).value());
  Sha256 expected;
  expected.add(as_bytes(std::string_view("picture")));
  EXPECT_EQ(hash, expected.finish());
  ASSERT_EQ(::stat((dir_ / "001.jpg").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0400U);
  EXPECT_EQ(read(dir_ / "001.jpg"), "picture");
  EXPECT_EQ(folder.last_number(), 1U);
}

TEST_F(WorkFolderTest, WhatDoesNotOpenLeavesNothing) {
  auto folder = made();
  const auto broken = [](const WorkFolder::Sink& sink) -> Status {
    RESGUARDO_CHECK(sink(as_bytes(std::string_view("half"))));
    return Error{Fault::kUnauthentic, "it does not open"};
  };
  EXPECT_FALSE(folder.put("001.jpg", broken, nothing).value());
  EXPECT_TRUE(fs::is_empty(dir_));
}

TEST_F(WorkFolderTest, WipingOverwritesWhatLiesInItAndRemovesAll) {
  auto folder = made();
  ASSERT_TRUE(folder.put("001.jpg", says(std::string(200'000, 'p')), nothing).ok());
  fs::create_directory(dir_ / ".thumbnails");
  write(dir_ / ".thumbnails/small", "CANARY of a viewer");
  write(directory_.path() / "elsewhere", "stays");
  fs::create_symlink(directory_.path() / "elsewhere", dir_ / "link");
  // A second name for the same bytes shows what became of them.
  fs::create_hard_link(dir_ / "001.jpg", directory_.path() / "second");
  const int held = ::open((dir_ / ".thumbnails/small").c_str(), O_RDONLY);
  EXPECT_EQ(folder.files().value(), 3U);
  const auto wiped = folder.wipe(random_).value();
  EXPECT_EQ(wiped.files, 2U);
  EXPECT_EQ(wiped.elsewhere, 1U);
  EXPECT_FALSE(fs::exists(dir_));
  EXPECT_EQ(read(directory_.path() / "second"), "");
  EXPECT_EQ(read(directory_.path() / "elsewhere"), "stays") << "links are not followed";
  char left = 0;
  EXPECT_EQ(::read(held, &left, 1), 0);
  ::close(held);
}

// The bytes themselves, where truncating them does not come to pass.
TEST_F(WorkFolderTest, BytesAreOverwrittenInTheirPlaceBeforeTheyAreLetGo) {
  auto folder = made();
  write(dir_ / "big", std::string(100'000, 'C'));
  ASSERT_EQ(::truncate((dir_ / "big").c_str(), 100'000), 0);
  class Watching final : public RandomSource {
   public:
    explicit Watching(fs::path file) : file_(std::move(file)) {}
    void fill(std::span<std::uint8_t> out) override {
      seen_.push_back(read(file_));
      std::fill(out.begin(), out.end(), std::uint8_t{0x5A});
    }
    std::vector<std::string> seen_;

   private:
    fs::path file_;
  } random(dir_ / "big");
  ASSERT_TRUE(folder.wipe(random).ok());
  ASSERT_EQ(random.seen_.size(), 2U);
  EXPECT_EQ(random.seen_[1].size(), 100'000U) << "not shortened first";
  EXPECT_EQ(random.seen_[1].substr(0, 65536), std::string(65536, 'Z'));
}

TEST_F(WorkFolderTest, WhatIsAnothersOrInUseIsNotEntered) {
  fs::create_directory(dir_);
  EXPECT_FALSE(WorkFolder::make(dir_).ok()) << "never somebody's folder";
  fs::permissions(dir_, fs::perms(0755));
  EXPECT_FALSE(WorkFolder::enter(dir_).ok()) << "others can enter";
  fs::permissions(dir_, fs::perms(0700));
  const auto held = WorkFolder::enter(dir_).value();
  EXPECT_FALSE(WorkFolder::enter(dir_).ok()) << "in use";
  fs::create_symlink(dir_, directory_.path() / "link");
  EXPECT_FALSE(WorkFolder::enter(directory_.path() / "link").ok());
}

TEST_F(WorkFolderTest, ADraftThatWasCutShortKeepsItsNumber) {
  auto folder = made();
  write(dir_ / ".004.jpg.part", "half");
  EXPECT_EQ(folder.last_number(), 4U);
  EXPECT_EQ(folder.wipe(random_).value().files, 1U);
}

// What the kernel says of devices, written by hand.
TEST_F(WorkFolderTest, AnEncryptedDeviceIsKnownThroughWhatLiesOnIt) {
  struct stat facts{};
  ASSERT_EQ(::stat(directory_.path().c_str(), &facts), 0);
  const bool in_memory = work_place(directory_.path(), "/nowhere") == WorkPlace::kMemory;
  const fs::path kernel = directory_.path() / "kernel";
  const fs::path device =
      kernel / (std::to_string(major(facts.st_dev)) + ":" + std::to_string(minor(facts.st_dev)));
  const auto place = [&] { return work_place(directory_.path(), kernel); };
  const auto expected = [&](WorkPlace other) { return in_memory ? WorkPlace::kMemory : other; };
  EXPECT_EQ(place(), expected(WorkPlace::kDisk)) << "nobody can tell";
  fs::create_directories(device / "dm");
  write(device / "dm/uuid", "LVM-abc\n");
  fs::create_directories(device / "slaves/dm-0/dm");
  write(device / "slaves/dm-0/dm/uuid", "CRYPT-LUKS2-abc\n");
  EXPECT_EQ(place(), expected(WorkPlace::kEncrypted)) << "a volume upon an encrypted device";
  fs::create_directories(device / "slaves/sdb1");
  EXPECT_EQ(place(), expected(WorkPlace::kDisk)) << "and upon one that is not";
  fs::remove_all(device / "slaves");
  write(device / "dm/uuid", "CRYPT-LUKS2-abc\n");
  EXPECT_EQ(place(), expected(WorkPlace::kEncrypted));
  EXPECT_EQ(work_place("/dev/shm"), WorkPlace::kMemory);
}

TEST_F(WorkFolderTest, SwapOnADiskIsKnown) {
  const fs::path swaps = directory_.path() / "swaps";
  write(swaps, "Filename Type Size Used Priority\n");
  EXPECT_FALSE(memory_may_reach_a_disk(swaps));
  write(swaps, "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 5\n");
  EXPECT_FALSE(memory_may_reach_a_disk(swaps));
  write(swaps, "Filename Type Size Used Priority\n/dev/zram0 p 1 0 5\n/swapfile file 1 0 -2\n");
  EXPECT_TRUE(memory_may_reach_a_disk(swaps));
}

}  // namespace
}  // namespace resguardo::analyst
