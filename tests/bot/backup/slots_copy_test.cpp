// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/backup/slots_copy.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "tests/support/temporary_directory.h"

namespace resguardo::backup {
namespace {

namespace fs = std::filesystem;

Digest digest_of(const std::string& bytes) {
  SlotsDigest digest;
  for (std::size_t at = 0; at < bytes.size(); at += kSlotsPiece)
    digest.add(as_bytes(std::string_view(bytes).substr(at, kSlotsPiece)));
  return digest.value();
}

class SlotsCopyTest : public ::testing::Test {
 protected:
  program::Outcome<Done> replace(const std::string& bytes, const Digest& expected) {
    RESGUARDO_TRY(auto copy, SlotsReplacement::create(file_));
    copy.stream() << bytes;
    return copy.commit(expected);
  }
  std::string content() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  testing_support::TemporaryDirectory directory_;
  fs::path file_ = directory_.path() / "slots";
  const std::string old_ = std::string(3 * kSlotsPiece, 'o');
  const std::string new_ = std::string(4 * kSlotsPiece, 'n');
};

TEST_F(SlotsCopyTest, ReplacesTheOneThatWasThereAndOverwritesItsBytes) {
  ASSERT_TRUE(replace(old_, digest_of(old_)).ok());
  const int before = ::open(file_.c_str(), O_RDONLY);
  ASSERT_TRUE(replace(new_, digest_of(new_)).ok());
  EXPECT_EQ(content(), new_);
  std::string left(old_.size(), '?');
  EXPECT_EQ(::pread(before, left.data(), left.size(), 0), static_cast<ssize_t>(left.size()));
  ::close(before);
  EXPECT_EQ(left, std::string(old_.size(), '\0'));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_.path()), fs::directory_iterator()), 1);
}

TEST_F(SlotsCopyTest, WhatIsNotWhatTheServerSentReplacesNothing) {
  ASSERT_TRUE(replace(old_, digest_of(old_)).ok());
  EXPECT_FALSE(replace(new_.substr(1), digest_of(new_)).ok());
  EXPECT_EQ(content(), old_);
}

TEST_F(SlotsCopyTest, WhatIsNotCommittedGoes) {
  ASSERT_TRUE(replace(old_, digest_of(old_)).ok());
  {
    EXPECT_TRUE(SlotsReplacement::create(file_).ok());
  }
  EXPECT_EQ(content(), old_);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_.path()), fs::directory_iterator()), 1);
}

TEST_F(SlotsCopyTest, TwoBackupsAtOnceDoNotTakeEachOthersCopy) {
  auto first = SlotsReplacement::create(file_);
  ASSERT_TRUE(first.ok());
  const auto second = SlotsReplacement::create(file_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().what, "another backup is being written into this folder");
  first->stream() << new_;
  EXPECT_TRUE(first->commit(digest_of(new_)).ok());
  EXPECT_EQ(content(), new_);
}

TEST_F(SlotsCopyTest, EachServerHasANameOfItsOwn) {
  EXPECT_EQ(slots_name(as_bytes("one log")).size(), std::string("resguardo-slots-").size() + 16);
  EXPECT_NE(slots_name(as_bytes("one log")), slots_name(as_bytes("another log")));
}

}  // namespace
}  // namespace resguardo::backup
