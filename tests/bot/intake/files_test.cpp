// SPDX-License-Identifier: AGPL-3.0-or-later
// Files that people send: what a turn leaves for whoever fetches them, and whom a loss is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/media/waiting_file.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::World;
using testing_support::WorldOptions;

constexpr const char* kFileSender = "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301";

class ListedFiles final : public FileSink {
 public:
  std::uint64_t most_bytes(Channel) const override { return 1000; }
  void taken(storage::PendingMedia row) override { rows.push_back(std::move(row)); }
  void refused(Channel channel, const std::string& reference) override {
    EXPECT_EQ(channel, Channel::kSignal);
    discarded.push_back(reference);
  }
  std::vector<storage::PendingMedia> rows;
  std::vector<std::string> discarded;
};

class FilesTest : public ::testing::Test {
 protected:
  WorldOptions options() {
    WorldOptions options;
    options.settings.media = true;
    options.settings.cover_text = {{"es", "Hoy hay sol."}, {"en", "Sunny today."}};
    options.files = &files_;
    options.wrap = [this](storage::Store&) -> storage::Store& { return *store_; };
    return options;
  }
  void say(std::initializer_list<const char*> texts) {
    for (const char* text : texts) ASSERT_EQ(world_.say(Channel::kSignal, kFileSender, text), 200U);
  }
  void consent() { say({"hola", "es", "1", "1", "1", "1", "1", "todo"}); }
  unsigned send(const std::string& id, int size = 900, const std::string& type = "image/jpeg") {
    return world_.send_signal(kFileSender,
                              R"({"message":"mi mano","attachments":[{"contentType":")" + type +
                                  R"(","filename":"IMG_1.jpg","id":")" + id + R"(","size":)" +
                                  std::to_string(size) + "}]}");
  }
  std::vector<std::string> texts() {
    std::vector<std::string> texts;
    for (const auto& shown : world_.replies(kFileSender)) texts.push_back(shown.text);
    return texts;
  }

  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  ListedFiles files_;
  World world_{options()};
};

TEST_F(FilesTest, ATakenFileWaitsToBeFetchedForItsReport) {
  consent();
  ASSERT_EQ(send("Qp8.jpg"), 200U);
  ASSERT_THAT(files_.rows, SizeIs(1));
  EXPECT_THAT(files_.discarded, IsEmpty());
  const auto pending = store_->pending_media().value();
  ASSERT_THAT(pending, SizeIs(1));
  EXPECT_EQ(pending[0].media, files_.rows[0].media);
  EXPECT_EQ(pending[0].reference, files_.rows[0].reference);
  EXPECT_EQ(pending[0].report, files_.rows[0].report);
  const auto file = media::read_waiting(pending[0]).value();
  EXPECT_EQ(file.gateway, "signal");
  EXPECT_EQ(file.told.reference, "Qp8.jpg");
  EXPECT_EQ(file.told.size, 900U);
  EXPECT_EQ(file.mime, "image/jpeg");
  EXPECT_EQ(file.file_name, "IMG_1.jpg");
  EXPECT_FALSE(file.node.empty());
  EXPECT_EQ(file.questionnaire, world_.form().digest());
  EXPECT_EQ(as_text(pending[0].reference).find(kFileSender), std::string_view::npos);
}

TEST_F(FilesTest, ARepetitionTakesNothingAndDiscardsNothing) {
  consent();
  const std::string body =
      R"({"method":"receive","params":{"account":"+15550100000","envelope":{"sourceUuid":")" +
      std::string(kFileSender) +
      R"(","timestamp":1795255000777,"dataMessage":{"timestamp":1795255000777,"attachments":[)"
      R"({"contentType":"image/jpeg","id":"Qp8.jpg"}]}}}})";
  ASSERT_EQ(world_.post_signal(body), 200U);
  ASSERT_EQ(world_.post_signal(body), 200U);
  EXPECT_THAT(files_.rows, SizeIs(1));
  EXPECT_THAT(files_.discarded, IsEmpty());
}

TEST_F(FilesTest, BeforeConsentNothingIsTakenAndTheCopyGoes) {
  say({"hola", "es"});
  ASSERT_EQ(send("Qp8.jpg"), 200U);
  EXPECT_THAT(files_.rows, IsEmpty());
  EXPECT_THAT(files_.discarded, ElementsAre("Qp8.jpg"));
  EXPECT_THAT(store_->pending_media().value(), IsEmpty());
}

TEST_F(FilesTest, WhatIsTooLargeOrAProgramIsSaidSoAndItsCopyGoes) {
  consent();
  texts();
  ASSERT_EQ(send("a.mp4", 1001, "video/mp4"), 200U);
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("demasiado grande")));
  ASSERT_EQ(send("b.apk", 10, "Application/vnd.android.package-archive; x=y"), 200U);
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("este tipo de archivo")));
  EXPECT_THAT(files_.discarded, ElementsAre("a.mp4", "b.apk"));
  EXPECT_THAT(files_.rows, IsEmpty());
  ASSERT_EQ(send("c.mp4", 1000, "video/mp4"), 200U);
  EXPECT_THAT(files_.rows, SizeIs(1));
}

TEST_F(FilesTest, WhoIsWritingIsToldOfALossAtOnceAndOnce) {
  consent();
  ASSERT_EQ(send("Qp8.jpg"), 200U);
  texts();
  world_.lost_files().lost(files_.rows[0].report, world_.now());
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("no se pudo guardar")));
  say({"sigo"});
  EXPECT_THAT(texts(), SizeIs(1));
}

TEST_F(FilesTest, WhoHasFallenSilentIsToldWhenTheyWriteNext) {
  consent();
  ASSERT_EQ(send("Qp8.jpg"), 200U);
  texts();
  world_.advance(minutes(31));
  world_.lost_files().lost(files_.rows[0].report, world_.now());
  EXPECT_THAT(texts(), IsEmpty());
  say({"sigo"});
  const auto told = texts();
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_THAT(told[0], HasSubstr("no se pudo guardar"));
  say({"sigo"});
  EXPECT_THAT(texts(), SizeIs(1));
}

// To send it again would be in vain.
TEST_F(FilesTest, OfAFileThatTurnedOutTooLargeThatIsTold) {
  consent();
  ASSERT_EQ(send("Qp8.jpg"), 200U);
  texts();
  using enum LostFiles::Loss;
  world_.lost_files().lost(files_.rows[0].report, world_.now(), kTooLarge);
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("demasiado grande")));
  world_.advance(minutes(31));
  world_.lost_files().lost(files_.rows[0].report, world_.now(), kTooLarge);
  say({"sigo"});
  EXPECT_THAT(texts().at(0), HasSubstr("demasiado grande"));
}

TEST_F(FilesTest, AfterARestartALossIsToldWhenTheyWriteNext) {
  consent();
  ASSERT_EQ(send("Qp8.jpg"), 200U);
  world_.restart();
  texts();
  world_.lost_files().lost(files_.rows[0].report, world_.now());
  EXPECT_THAT(texts(), IsEmpty());
  say({"sigo"});
  EXPECT_THAT(texts().at(0), HasSubstr("no se pudo guardar"));
}

// The phone may be in other hands.
TEST_F(FilesTest, WhoHasLeftIsNotWrittenTo) {
  consent();
  ASSERT_EQ(send("Qp8.jpg"), 200U);
  say({"salir"});
  texts();
  world_.lost_files().lost(files_.rows[0].report, world_.now());
  EXPECT_THAT(texts(), IsEmpty());
  EXPECT_THAT(world_.chat(kFileSender), ElementsAre("Hoy hay sol."));
}

TEST_F(FilesTest, WhatWasToldOfALossGoesWithTheRestOfTheChat) {
  consent();
  ASSERT_EQ(send("Qp8.jpg"), 200U);
  world_.lost_files().lost(files_.rows[0].report, world_.now());
  world_.advance(minutes(31));
  world_.lost_files().lost(files_.rows[0].report, world_.now());
  say({"sigo"});
  EXPECT_GT(world_.chat(kFileSender).size(), 3U);
  say({"salir"});
  EXPECT_THAT(world_.chat(kFileSender), ElementsAre("Hoy hay sol."));
}

TEST(RefusalTest, GoesByWhatIsTold) {
  gateway::Media file;
  file.mime = "application/pdf";
  EXPECT_EQ(refusal_of(file, 10), dialogue::FileRefusal::kNone);
  file.size = 11;
  EXPECT_EQ(refusal_of(file, 10), dialogue::FileRefusal::kTooLarge);
  file.size = 10;
  EXPECT_EQ(refusal_of(file, 10), dialogue::FileRefusal::kNone);
  file.mime = "application/x-msdownload;x";
  EXPECT_EQ(refusal_of(file, 10), dialogue::FileRefusal::kKind);
  file.mime = "application/x-msdownloads";
  EXPECT_EQ(refusal_of(file, 10), dialogue::FileRefusal::kNone);
}

TEST(LostFilesTest, ForgetsTheOldestFirst) {
  WorldOptions options;
  ListedFiles files;
  options.files = &files;
  World world(std::move(options));
  ReportId first;
  auto& lost = world.lost_files();
  lost.lost(first, world.now());
  EXPECT_EQ(lost.heard(first, world.now()), LostFiles::Loss::kGone);
  for (std::uint32_t i = 1; i < 5000; ++i) {
    ReportId other;
    other.bytes[0] = static_cast<std::uint8_t>(i);
    other.bytes[1] = static_cast<std::uint8_t>(i >> 8);
    lost.lost(other, world.now());
  }
  EXPECT_EQ(lost.heard(first, world.now()), LostFiles::Loss::kNone);
  lost.forget(first);
}

}  // namespace
}  // namespace resguardo::intake
