// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/backup/backup_file.h"

#include <gtest/gtest.h>

#include <sstream>

#include "crypto/session/master_key.h"
#include "tests/bot/backup/file_tree.h"

namespace resguardo::backup {
namespace {

SecretBytes key_of(std::uint8_t filled) {
  auto master = SecretBytes::allocate(kMasterKeySize).value();
  master.write([&](std::span<std::uint8_t> bytes) {
    std::fill(bytes.begin(), bytes.end(), filled);
    return true;
  });
  return derive_from_master(master, MasterUse::kBackup, 0).value();
}

class BackupFileTest : public ::testing::Test {
 protected:
  BackupFileTest() {
    std::ostringstream out;
    BackupWriter writer(out, key_);
    EXPECT_TRUE(writer.header(Day{20778}, "example.org/log").ok());
    for (const auto& [name, bytes] : kFiles) {
      EXPECT_TRUE(writer.begin(name).ok());
      for (const char byte : bytes) EXPECT_TRUE(writer.write(as_bytes({&byte, 1})).ok());
    }
    EXPECT_TRUE(writer.finish().ok());
    whole_ = out.str();
  }
  Result<BackupContents> read(const std::string& bytes, const SecretBytes* key) {
    std::istringstream in(bytes);
    tree_ = {};
    return read_backup(in, key, tree_);
  }

  const std::map<std::string, std::string> kFiles = {
      {"keys/store.key", "wrapped"}, {"log.pub", ""}, {"reports.db", "pages and pages"}};
  const SecretBytes key_ = key_of(1);
  std::string whole_;
  FileTree tree_;
};

TEST_F(BackupFileTest, GivesBackWhatItTookWithAndWithoutTheKey) {
  for (const SecretBytes* key : {&key_, static_cast<const SecretBytes*>(nullptr)}) {
    const auto contents = read(whole_, key);
    ASSERT_TRUE(contents.ok()) << contents.error().why.c_str();
    EXPECT_EQ(contents->day, Day{20778});
    EXPECT_EQ(contents->log_origin, "example.org/log");
    EXPECT_EQ(contents->files, 3U);
    EXPECT_EQ(contents->bytes, 22U);
    EXPECT_EQ(tree_.files, kFiles);
  }
}

TEST_F(BackupFileTest, NoByteCanBeChangedOrMissing) {
  for (std::size_t at = 0; at < whole_.size(); ++at) {
    std::string changed = whole_;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    EXPECT_FALSE(read(changed, nullptr).ok()) << at;
    EXPECT_FALSE(read(whole_.substr(0, at), nullptr).ok()) << at;
  }
  EXPECT_FALSE(read(whole_ + "x", nullptr).ok());
}

// The checks alone anybody can make.
TEST_F(BackupFileTest, OneThatSomebodyElseMadeIsRefusedByTheKey) {
  const SecretBytes other = key_of(2);
  ASSERT_TRUE(read(whole_, nullptr).ok());
  const auto foreign = read(whole_, &other);
  ASSERT_FALSE(foreign.ok());
  EXPECT_EQ(foreign.error().fault, Fault::kUnauthentic);
}

TEST_F(BackupFileTest, ASinkThatFailsEndsIt) {
  class Full final : public storage::BackupSink {
    Status begin(std::string_view) override { return success(); }
    Status write(ByteView) override { return Error{Fault::kUnavailable, "full"}; }
  } full;
  std::istringstream in(whole_);
  const auto contents = read_backup(in, nullptr, full);
  ASSERT_FALSE(contents.ok());
  EXPECT_EQ(contents.error().fault, Fault::kUnavailable);
}

}  // namespace
}  // namespace resguardo::backup
