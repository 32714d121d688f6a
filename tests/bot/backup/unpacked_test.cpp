// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/backup/unpacked.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace resguardo::backup {
namespace {

constexpr Day kDay{20000};
const std::string kId(32, 'a');

std::string media_name(const std::string& id) {
  return std::string("media/").append(id);
}

class UnpackedTest : public testing::Test {
 protected:
  Status put(const std::string& name, const std::string& content) {
    RESGUARDO_CHECK(files_.begin(name));
    return files_.write(as_bytes(content));
  }
  void put_all_but_media() {
    for (const char* name : {"keys/store.key", "keys/log.key", "log.pub", "reports.db"})
      ASSERT_TRUE(put(name, "content").ok());
  }
  std::filesystem::path media(const std::string& name) const {
    return directory_.path() / "media" / name;
  }

  testing_support::TemporaryDirectory directory_;
  Unpacked files_{directory_.path(), kDay};
};

TEST_F(UnpackedTest, FilesOfReportersLieWhereAStoreLooksForThem) {
  put_all_but_media();
  ASSERT_TRUE(put(media_name(kId), "sealed").ok());
  ASSERT_TRUE(files_.write(as_bytes(" in pieces")).ok());
  const std::string other(32, 'b');
  ASSERT_TRUE(put(media_name(other), "another").ok());
  ASSERT_TRUE(files_.finish().ok());
  EXPECT_EQ(std::filesystem::file_size(media(kId)), 16U);
  EXPECT_EQ(std::filesystem::file_size(media(other)), 7U);
}

TEST_F(UnpackedTest, ANameIsAnIdOrIsRefused) {
  std::vector<std::string> names = {"media", "media/", "media/../reports.db"};
  for (const std::string& odd :
       {std::string(kId).append(".part"), std::string(32, 'A'), std::string(31, 'a')})
    names.push_back(std::string("media/").append(odd));
  for (const std::string& name : names) {
    EXPECT_EQ(files_.begin(name).error().fault, Fault::kRefused) << name;
  }
}

TEST_F(UnpackedTest, AFileComesOnce) {
  ASSERT_TRUE(put(media_name(kId), "sealed").ok());
  ASSERT_TRUE(put("log.pub", "key").ok());
  EXPECT_EQ(files_.begin(media_name(kId)).error().fault, Fault::kMalformed);
}

}  // namespace
}  // namespace resguardo::backup
