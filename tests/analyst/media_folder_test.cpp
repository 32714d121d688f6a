// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/media_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;

class MediaFolderTest : public ::testing::Test {
 protected:
  static MediaView sent(std::uint8_t id, const std::string& mime,
                        MediaState state = MediaState::kHere) {
    MediaView view;
    view.media.set_media_id(std::string(16, static_cast<char>(id)));
    view.media.set_mime(mime);
    view.media.set_file_name("../../../../tmp/evil.sh");
    view.media.set_sha256(std::string(32, 's'));
    view.state = state;
    return view;
  }
  static MediaFolder::Content says(std::string words) {
    return
        [words = std::move(words)](const MediaFolder::Sink& sink) { return sink(as_bytes(words)); };
  }
  std::size_t files_in(const fs::path& dir) const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(dir), fs::directory_iterator()));
  }
  testing_support::TemporaryDirectory directory_;
  fs::path dir_ = directory_.path() / "media";
  ReportId report_ = ReportId::from(Bytes(16, 0xAB)).value();
};

TEST_F(MediaFolderTest, NamesAreMadeOfIdsAndAClosedListOfEnds) {
  for (const char* mime :
       {"text/html", "image/svg+xml", "application/x-sh", "", "image/jpeg/../../x", "image/jpeg\n",
        "application/vnd.android.package-archive", ";", "  ;"})
    EXPECT_EQ(media_extension(mime), "bin") << mime;
  EXPECT_EQ(media_extension("image/jpeg"), "jpg");
  EXPECT_EQ(media_extension("audio/ogg; codecs=opus"), "ogg");
  EXPECT_EQ(media_extension(" Audio/OGG ;x"), "ogg");
  const MediaId id = MediaId::from(Bytes(16, 0x0C)).value();
  EXPECT_EQ(media_name(report_, id, "video/mp4"),
            std::string("abababababababababababababababab-"
                        "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c.mp4"));
}

TEST_F(MediaFolderTest, FilesAppearTogetherForTheirOwnerOnly) {
  {
    auto folder = MediaFolder::create(dir_).value();
    ASSERT_TRUE(folder.add(report_, sent(1, "image/png"), says("picture")).ok());
    ASSERT_TRUE(folder.add(report_, sent(2, "x", MediaState::kArrived), says("no")).ok());
    EXPECT_FALSE(fs::exists(dir_));
    ASSERT_TRUE(folder.commit().ok());
    EXPECT_EQ(folder.written(), 1U);
    ASSERT_EQ(folder.media().size(), 2U);
    EXPECT_EQ(folder.media()[1].state, "arrived");
    EXPECT_TRUE(folder.media()[1].name.empty());
  }
  EXPECT_EQ(files_in(directory_.path()), 1U);
  ASSERT_EQ(files_in(dir_), 1U);
  const fs::path file = fs::directory_iterator(dir_)->path();
  struct stat about{};
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(dir_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0700U);
  std::ifstream in(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "picture");
}

TEST_F(MediaFolderTest, WhatIsNotCommittedNeverWas) {
  {
    auto folder = MediaFolder::create(dir_).value();
    ASSERT_TRUE(folder.add(report_, sent(1, "image/png"), says("picture")).ok());
  }
  EXPECT_EQ(files_in(directory_.path()), 0U);
  fs::create_directory(dir_);
  EXPECT_FALSE(MediaFolder::create(dir_).ok());
}

TEST_F(MediaFolderTest, AFileThatDoesNotOpenAfterAllIsNotWritten) {
  auto folder = MediaFolder::create(dir_).value();
  const auto fails = [](const MediaFolder::Sink& sink) -> Status {
    RESGUARDO_CHECK(sink(as_bytes("half of it")));
    return Error{Fault::kUnauthentic, "the file is not the one that was sent"};
  };
  ASSERT_TRUE(folder.add(report_, sent(1, "image/png"), fails).ok());
  ASSERT_TRUE(folder.commit().ok());
  EXPECT_EQ(files_in(dir_), 0U);
  EXPECT_EQ(folder.media().at(0).state, "damaged");
}

TEST_F(MediaFolderTest, TwoRecordsOfOneFileAreOneFile) {
  auto folder = MediaFolder::create(dir_).value();
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE(folder.add(report_, sent(1, "image/png"), says("picture")).ok());
  EXPECT_EQ(folder.written(), 1U);
}

}  // namespace
}  // namespace resguardo::analyst
