// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/shared_folder.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace resguardo::media {
namespace {

namespace fs = std::filesystem;
using ::testing::UnorderedElementsAre;

constexpr const char* kPhoto = "Qp8ZrT0a1LkVx3mYw2Hc.jpg";
constexpr const char* kBare = "1234567890-23456_89";

class SharedFolderTest : public ::testing::Test {
 protected:
  SharedFolderTest() { fs::create_directories(folder_); }
  void put(const fs::path& file) const {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "x";
  }
  Fault fault(const fs::path& folder, const std::vector<fs::path>& ours = {}) const {
    const Status status = may_remove_in(folder, ours);
    EXPECT_FALSE(status.ok()) << folder;
    return status.ok() ? Fault::kConflict : status.error().fault;
  }

  const testing_support::TemporaryDirectory directory_;
  const fs::path folder_ = directory_.path() / "signal-cli/attachments";
};

TEST_F(SharedFolderTest, ListsAndRemovesAttachmentsAndNothingElse) {
  const fs::path outside = folder_.parent_path() / "outside-of-the-folder";
  const std::string link(20, 'l');
  const std::string inner(20, 'i');
  put(outside);
  for (const char* name : {kPhoto, kBare, "reports.db", "accounts.json", "slots"})
    put(folder_ / name);
  fs::create_directory(folder_ / inner);
  fs::create_symlink(outside, folder_ / link);
  EXPECT_THAT(list_shared(folder_).value(), UnorderedElementsAre(kPhoto, kBare));
  EXPECT_TRUE(remove_shared(folder_, kPhoto).ok());
  EXPECT_TRUE(remove_shared(folder_, kPhoto).ok()) << "it is gone";
  for (const std::string& name : {link, inner, std::string("reports.db"), std::string("slots"),
                                  std::string("../outside-of-the-folder")}) {
    EXPECT_EQ(remove_shared(folder_, name).error().fault, Fault::kRefused) << name;
    EXPECT_TRUE(fs::exists(folder_ / name)) << name;
  }
  EXPECT_THAT(list_shared(folder_).value(), UnorderedElementsAre(kBare));
  EXPECT_FALSE(list_shared(folder_ / "none").ok());
}

TEST_F(SharedFolderTest, KnowsTheNamesThatSignalCliGives) {
  const std::string id = "Qp8ZrT0a1LkVx3mY";
  for (const std::string& name : {id, id + ".jpg", id + ".7z", id + ".jpg.preview", id + ".preview",
                                  id + ".a234567890123456", std::string(128, 'x')})
    EXPECT_TRUE(is_shared_name(name)) << name;
  for (const std::string& name :
       {std::string(), std::string(".jpg"), id.substr(1), id.substr(1) + ".jpg", id + ".",
        id + ".tar.gz", id + ".db-wal", id + ".a2345678901234567", id + "..preview", id + "/x",
        std::string(129, 'x'), std::string("reports.db"), std::string("master.key")})
    EXPECT_FALSE(is_shared_name(name)) << name;
}

TEST_F(SharedFolderTest, TakesAFolderOfAttachmentsOnly) {
  const auto data = directory_.path() / "server/data";
  put(data / "reports.db");
  put(folder_ / kPhoto);
  fs::create_directory(folder_ / "lost+found");
  EXPECT_TRUE(may_remove_in(folder_, {data}).ok());
  EXPECT_TRUE(may_remove_in(folder_ / "", {data}).ok());
  EXPECT_EQ(fault(directory_.path() / "none/attachments", {data}), Fault::kNotFound);
  EXPECT_EQ(fault(data), Fault::kRefused) << "its name";
  EXPECT_EQ(fault(folder_.parent_path()), Fault::kRefused) << "its name";
  for (const char* name : {"accounts.json", "reports.db", "inner/file"}) {
    put(folder_ / name);
    EXPECT_EQ(fault(folder_), Fault::kRefused) << name;
    fs::remove_all((folder_ / name).parent_path());
    fs::create_directories(folder_);
  }
}

TEST_F(SharedFolderTest, TakesNoneThatHoldsWhatIsOursOrLiesInIt) {
  const auto server = directory_.path() / "server";
  fs::create_directories(server / "attachments");
  EXPECT_EQ(fault(server / "attachments", {server}), Fault::kRefused);
  EXPECT_EQ(fault(server / "not-there/attachments", {server}), Fault::kRefused);
  EXPECT_EQ(fault(folder_, {folder_}), Fault::kRefused);
  put(folder_ / "master.key");
  EXPECT_EQ(fault(folder_, {server, folder_ / "master.key"}), Fault::kRefused);
  EXPECT_TRUE(may_remove_in(folder_, {server}).ok());
  EXPECT_TRUE(may_remove_in(folder_, {directory_.path() / "signal-cli/attach"}).ok());
  fs::create_directory(directory_.path() / "links");
  fs::create_directory_symlink(server, directory_.path() / "links/attachments");
  EXPECT_EQ(fault(directory_.path() / "links/attachments"), Fault::kRefused) << "a link's end";
  EXPECT_EQ(fault(folder_, {directory_.path() / "links/attachments/../signal-cli"}),
            Fault::kRefused)
      << "links are followed in ours too";
}

}  // namespace
}  // namespace resguardo::media
