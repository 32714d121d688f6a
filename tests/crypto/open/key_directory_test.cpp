// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/key_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/crypto/open/fixed.h"
#include "tests/support/key_samples.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::open {
namespace {

namespace fs = std::filesystem;
using testing_support::fast_cost;
using testing_support::secret_of;

class KeyDirectoryTest : public ::testing::Test {
 protected:
  MemberPublic create(const fs::path& dir, std::uint32_t weeks = 3) {
    auto half = create_key_directory(dir, {"an analyst", kWeek, weeks, fast_cost()},
                                     secret_of(kWords), ids_);
    EXPECT_TRUE(half.ok()) << half.error().why.c_str();
    return *std::move(half);
  }
  Error unlock_error(const fs::path& dir, const char* words = kWords) {
    const auto keys = unlock_key_directory(dir, secret_of(words));
    EXPECT_FALSE(keys.ok());
    return keys.ok() ? Error{Fault::kNotFound, ""} : keys.error();
  }
  fs::path keys() const { return root_.path() / "keys"; }

  testing_support::TemporaryDirectory root_;
  testing_support::SeededRandom ids_{1};
};

mode_t mode_of(const fs::path& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777U;
}

void change_a_letter(const fs::path& file) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(80);
  const int before = stream.get();
  stream.seekp(80);
  stream.put(before == 'A' ? 'B' : 'A');
}

TEST_F(KeyDirectoryTest, UnlocksWhatItCreated) {
  const MemberPublic half = create(keys());
  const auto unlocked = unlock_key_directory(keys(), secret_of(kWords));
  ASSERT_TRUE(unlocked.ok()) << unlocked.error().why.c_str();
  EXPECT_EQ(unlocked->member(), half.id);
  EXPECT_EQ(unlocked->identity().public_key(), half.key);
  for (int i = 0; i < 3; ++i) EXPECT_NE(unlocked->epoch(Week{kWeek.number + i}), nullptr);
  EXPECT_EQ(unlocked->epoch(Week{kWeek.number - 1}), nullptr);
  EXPECT_EQ(unlocked->epoch(Week{kWeek.number + 3}), nullptr);
  EXPECT_NE(unlocked->reserve(), nullptr);
  const auto read = read_public(keys());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->text(), half.text());
}

TEST_F(KeyDirectoryTest, HasTheDocumentedFilesForItsOwnerOnly) {
  create(keys(), 2);
  for (const char* name : {"identity.key", "wrapping.key", "epochs/2026-W47.key",
                           "epochs/2026-W48.key", "reserve.key", "epoch-list.signed", "public.txt"})
    EXPECT_EQ(mode_of(keys() / name), 0600U) << name;
  EXPECT_EQ(mode_of(keys()), 0700U);
  EXPECT_EQ(mode_of(keys() / "epochs"), 0700U);
  EXPECT_EQ(std::distance(fs::recursive_directory_iterator(keys()), {}), 8);
  EXPECT_EQ(std::distance(fs::directory_iterator(root_.path()), {}), 1);  // nothing partial
}

TEST_F(KeyDirectoryTest, IsNeverOverwritten) {
  create(keys());
  const auto again =
      create_key_directory(keys(), {"another", kWeek, 1, fast_cost()}, secret_of(kWords), ids_);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().fault, Fault::kConflict);
  EXPECT_TRUE(unlock_key_directory(keys(), secret_of(kWords)).ok());
  EXPECT_EQ(std::distance(fs::directory_iterator(root_.path()), {}), 1);
}

TEST_F(KeyDirectoryTest, MayBeMadeWhereAnEmptyDirectoryIs) {
  fs::create_directory(keys());
  create(keys());
  EXPECT_EQ(mode_of(keys()), 0700U);
}

TEST_F(KeyDirectoryTest, LeavesNothingWhenRefused) {
  const auto refused = [&](const NewKeyDirectory& wanted, const char* words) {
    const auto half = create_key_directory(keys(), wanted, secret_of(words), ids_);
    EXPECT_TRUE(fs::is_empty(root_.path()));
    return half.ok() ? Fault::kNotFound : half.error().fault;
  };
  EXPECT_EQ(refused({"an analyst", kWeek, 1, fast_cost()}, "too short"), Fault::kRefused);
  EXPECT_EQ(refused({"", kWeek, 1, fast_cost()}, kWords), Fault::kRefused);
  EXPECT_EQ(refused({"an analyst", kWeek, 0, fast_cost()}, kWords), Fault::kRefused);
  EXPECT_EQ(refused({"an analyst", kWeek, 161, fast_cost()}, kWords), Fault::kRefused);
  EXPECT_EQ(refused({"an analyst", kWeek, 1, {1, 1}}, kWords), Fault::kRefused);
}

TEST_F(KeyDirectoryTest, SaysThatThePassphraseIsWrong) {
  create(keys());
  EXPECT_EQ(unlock_error(keys(), "five other words").fault, Fault::kUnauthentic);
}

TEST_F(KeyDirectoryTest, MissesRetiredWeeksWithoutComplaint) {
  create(keys());
  fs::remove(keys() / "epochs/2026-W47.key");
  fs::remove(keys() / "reserve.key");
  const auto unlocked = unlock_key_directory(keys(), secret_of(kWords));
  ASSERT_TRUE(unlocked.ok());
  EXPECT_EQ(unlocked->epoch(kWeek), nullptr);
  EXPECT_NE(unlocked->epoch(Week{kWeek.number + 1}), nullptr);
  EXPECT_EQ(unlocked->reserve(), nullptr);
}

TEST_F(KeyDirectoryTest, NamesTheFileThatIsMissing) {
  EXPECT_EQ(unlock_error(keys()).fault, Fault::kNotFound);
  EXPECT_EQ(read_public(keys()).error().fault, Fault::kNotFound);
  create(keys());
  fs::remove(keys() / "wrapping.key");
  const Error error = unlock_error(keys());
  EXPECT_EQ(error.fault, Fault::kNotFound);
  EXPECT_EQ(error.why.view().substr(0, 12), "wrapping.key");
}

TEST_F(KeyDirectoryTest, NoticesEveryDamagedFile) {
  create(keys());
  for (const char* name : {"identity.key", "wrapping.key", "epochs/2026-W48.key", "reserve.key"}) {
    const fs::path copy = root_.path() / "copy";
    fs::copy(keys(), copy, fs::copy_options::recursive);
    change_a_letter(copy / name);
    EXPECT_FALSE(unlock_key_directory(copy, secret_of(kWords)).ok()) << name;
    fs::remove_all(copy);
  }
  change_a_letter(keys() / "public.txt");
  EXPECT_FALSE(read_public(keys()).ok());
}

TEST_F(KeyDirectoryTest, RefusesFilesOfAnotherDirectoryOrName) {
  create(keys());
  const fs::path other = root_.path() / "other";
  create(other);
  for (const char* name : {"identity.key", "wrapping.key", "epochs/2026-W48.key", "reserve.key"}) {
    const fs::path copy = root_.path() / "copy";
    fs::copy(keys(), copy, fs::copy_options::recursive);
    fs::copy_file(other / name, copy / name, fs::copy_options::overwrite_existing);
    EXPECT_FALSE(unlock_key_directory(copy, secret_of(kWords)).ok()) << name;
    fs::remove_all(copy);
  }
  fs::rename(keys() / "epochs/2026-W47.key", keys() / "epochs/2026-W46.key");
  EXPECT_EQ(unlock_error(keys()).fault, Fault::kMalformed);
}

TEST_F(KeyDirectoryTest, WritesLoneKeyFilesWholeAndOnce) {
  const fs::path file = root_.path() / "root.key";
  ASSERT_TRUE(write_key_file(file, "text").ok());
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_EQ(to_string(read_key_file(file).value()), "text");
  EXPECT_EQ(write_key_file(file, "other").error().fault, Fault::kConflict);
  EXPECT_EQ(to_string(read_key_file(file).value()), "text");
  EXPECT_EQ(write_key_file(root_.path() / "no/such", "text").error().fault, Fault::kUnavailable);
  EXPECT_EQ(read_key_file(root_.path() / "none").error().fault, Fault::kNotFound);
  EXPECT_EQ(std::distance(fs::directory_iterator(root_.path()), {}), 1);
}

}  // namespace
}  // namespace resguardo::open
