// SPDX-License-Identifier: AGPL-3.0-or-later
// Voice notes and files of who came back and adds to a report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/media/waiting_file.h"
#include "tests/bot/intake/returning_fixture.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::WorldOptions;

class AddedFiles final : public FileSink {
 public:
  std::uint64_t most_bytes(Channel) const override { return 1000; }
  void taken(storage::PendingMedia row) override { rows.push_back(std::move(row)); }
  void refused(Channel, const std::string& reference) override { discarded.push_back(reference); }
  std::vector<storage::PendingMedia> rows;
  std::vector<std::string> discarded;
};

struct FilesBehind {
  AddedFiles files;
  WorldOptions options() {
    WorldOptions options;
    options.settings.media = true;
    options.settings.cover_text = {{"es", "Hoy hay sol."}};
    options.files = &files;
    return options;
  }
};

class ReturnFilesTest : protected FilesBehind, public Returning {
 protected:
  ReturnFilesTest() : Returning(FilesBehind::options()) {}

  void SetUp() override {
    Returning::SetUp();
    come_back();
    by_signal("2");
  }
  std::vector<std::string> send(const std::string& id, const std::string& type = "audio/ogg",
                                const std::string& words = "", int size = 900) {
    EXPECT_EQ(world_.send_signal(kOtherPhone, R"({"message":")" + words +
                                                  R"(","attachments":[{"contentType":")" + type +
                                                  R"(","id":")" + id + R"(","voiceNote":)" +
                                                  (type.starts_with("audio") ? "true" : "false") +
                                                  R"(,"size":)" + std::to_string(size) + "}]}"),
              200U);
    return texts();
  }
  std::vector<std::string> texts() {
    std::vector<std::string> texts;
    for (const auto& shown : world_.replies(kOtherPhone)) texts.push_back(shown.text);
    return texts;
  }
  ReportId report() { return opened().report; }
  std::vector<storage::PendingMedia> waiting() { return world_.store().pending_media().value(); }
};

TEST_F(ReturnFilesTest, AVoiceNoteIsTheFirstThingThatIsAdded) {
  const ReportId of = report();
  EXPECT_THAT(send("nota.ogg"), ElementsAre(HasSubstr("LISTO")));
  ASSERT_THAT(files.rows, SizeIs(1));
  EXPECT_THAT(files.discarded, IsEmpty());
  EXPECT_EQ(files.rows[0].report, of);
  ASSERT_THAT(waiting(), SizeIs(1));
  EXPECT_EQ(waiting()[0].report, of);
  const auto file = media::read_waiting(waiting()[0]).value();
  EXPECT_TRUE(file.voice);
  EXPECT_EQ(file.node, "add_story");
  EXPECT_EQ(file.questionnaire, world_.form().digest());
  EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
  EXPECT_THAT(waiting(), SizeIs(1)) << "it comes later, to the closed report";
  std::size_t placeholders = 0;
  const auto all = opened();
  for (const auto& record : all.testimony)
    for (const auto& entry : record.entries())
      if (entry.media().node() == "add_story") ++placeholders;
  EXPECT_EQ(placeholders, 1U);
  EXPECT_TRUE(all.whole);
}

TEST_F(ReturnFilesTest, FilesAndWordsInAnyOrderAndAfterARestart) {
  by_signal("primero");
  send("foto.jpg", "image/jpeg", "mi mano");
  world_.restart();
  send("nota.ogg");
  EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
  EXPECT_THAT(files.rows, SizeIs(2));
  EXPECT_THAT(waiting(), SizeIs(2));
  EXPECT_EQ(files.rows[0].report, files.rows[1].report);
}

// Nothing is told yet, and the copy goes; what was written beside it is told.
TEST_F(ReturnFilesTest, WhatIsRefusedBeginsNothing) {
  EXPECT_THAT(send("video.mp4", "video/mp4", "", 1001), ElementsAre(HasSubstr("demasiado grande")));
  EXPECT_THAT(files.discarded, ElementsAre("video.mp4"));
  EXPECT_FALSE(world_.remembers(std::string("sg:") + kOtherPhone));
  send("otro.mp4", "video/mp4", "lo que se ve", 1001);
  EXPECT_THAT(files.discarded, ElementsAre("video.mp4", "otro.mp4"));
  EXPECT_TRUE(world_.remembers(std::string("sg:") + kOtherPhone));
  by_signal("LISTO");
  EXPECT_THAT(words(), ElementsAre("lo que se ve"));
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(ReturnFilesTest, OutsideTheQuestionNothingIsTaken) {
  by_signal("atrás");
  EXPECT_THAT(send("nota.ogg"), SizeIs(1));
  EXPECT_THAT(files.rows, IsEmpty());
  EXPECT_THAT(files.discarded, ElementsAre("nota.ogg"));
}

TEST_F(ReturnFilesTest, WhoseFirstNoteIsLostIsToldAtOnce) {
  send("nota.ogg");
  world_.lost_files().lost(files.rows.at(0).report, world_.now());
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("no se pudo guardar")));
  by_signal("SALIR");
  EXPECT_THAT(world_.chat(kOtherPhone), ElementsAre("Hoy hay sol."));
}

TEST_F(ReturnFilesTest, WhoIsDoneIsNotWrittenTo) {
  send("nota.ogg");
  by_signal("LISTO");
  texts();
  world_.lost_files().lost(files.rows.at(0).report, world_.now());
  EXPECT_THAT(texts(), IsEmpty());
}

// A loss of before is told to who comes back: they can send it again.
TEST_F(ReturnFilesTest, WhatWasLostMeanwhileIsToldOnceTheyAdd) {
  world_.lost_files().lost(report(), world_.now());
  EXPECT_EQ(world_.say(Channel::kSignal, kOtherPhone, "algo más"), 200U);
  const auto told = texts();
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_THAT(told[0], HasSubstr("no se pudo guardar"));
}

TEST_F(ReturnFilesTest, DeleteTakesTheFilesOfTheAdditionBack) {
  send("nota.ogg");
  EXPECT_THAT(by_signal("BORRAR"), HasSubstr("Lo que contó antes sigue guardado"));
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(ReturnFilesTest, AWithdrawalTakesWhatIsStillToBeFetched) {
  send("nota.ogg");
  by_signal("SALIR");
  come_back();
  by_signal("3");
  EXPECT_THAT(by_signal("sí"), HasSubstr("ya no está aquí"));
  EXPECT_THAT(waiting(), IsEmpty());
}

}  // namespace
}  // namespace resguardo::intake
