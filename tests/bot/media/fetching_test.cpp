// SPDX-License-Identifier: AGPL-3.0-or-later
// Files on their way to their reports, with a fault at every step.
#include <gmock/gmock.h>

#include "tests/bot/media/fetching_fixture.h"

namespace resguardo::media {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::FaultyStore;

constexpr std::string_view kPlace = R"({"url":"http://127.0.0.1:1/bytes","file_size":5})";

TEST_F(FetchingTest, AFileIsFetchedSealedAndItsCopyDeleted) {
  fetching_->add(take(1, "signal", "a.jpg"));
  caller_.answers = {{200, "hello"}, {204, ""}};
  work(1);
  EXPECT_THAT(caller_.asked, ElementsAre("GET http://127.0.0.1:2/v1/attachments/a.jpg",
                                         "DELETE http://127.0.0.1:2/v1/attachments/a.jpg"));
  EXPECT_THAT(waiting(), IsEmpty());
  const auto files = brought();
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_EQ(files[0].content, "hello");
  EXPECT_EQ(files[0].file_name, "my hand.jpg");
  EXPECT_FALSE(files[0].lost);
  EXPECT_FALSE(files[0].identity);
  EXPECT_EQ(fetching_->health().sealed, 1U);
  EXPECT_EQ(fetching_->health().waiting, 0U);
  EXPECT_THAT(told_lost_, IsEmpty());
}

TEST_F(FetchingTest, InTwoStepsFromWhatsApp) {
  fetching_->add(take(1, "whatsapp", "8811"));
  caller_.answers = {{200, std::string(kPlace)}, {200, "hello"}, {200, R"({"success":true})"}};
  work(0);
  EXPECT_THAT(caller_.asked,
              ElementsAre("GET http://127.0.0.1:1/v23.0/8811?phone_number_id=700",
                          "GET http://127.0.0.1:1/bytes", "DELETE http://127.0.0.1:1/v23.0/8811"));
  EXPECT_EQ(brought().at(0).content, "hello");
}

TEST_F(FetchingTest, WhatIsSealedLiesWhereItsPlaceholderDoes) {
  fetching_->add(take(1, "signal", "a.jpg", "hello", true));
  caller_.answers = {{200, "hello"}, {204, ""}};
  work(1);
  EXPECT_TRUE(brought().at(0).identity);
}

TEST_F(FetchingTest, LongFilesKeepTheirBytesAndEmptyOnesTheirNothing) {
  most_ = 1'000'000;
  caller_.piece = 16'000;
  begin();
  std::string content(300'001, 'x');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 7 + i / 251);
  fetching_->add(take(1, "signal", "a.bin"));
  fetching_->add(take(2, "signal", "b.bin"));
  caller_.answers = {{200, content}, {204, ""}, {200, ""}, {204, ""}};
  work(1);
  auto files = brought();
  ASSERT_THAT(files, SizeIs(2));
  std::ranges::sort(files, {}, [](const Brought& one) { return one.content.size(); });
  EXPECT_EQ(files[0].content, "");
  EXPECT_TRUE(files[1].content == content);
}

// --- what goes wrong on the way, and comes right

TEST_F(FetchingTest, ComesAfterAnyFailureThatPasses) {
  using Answers = std::deque<ScriptedCaller::Answer>;
  const std::string place(kPlace);
  const std::vector<Answers> faults = {
      {{0, ""}},
      {{500, ""}},
      {{200, "<html>"}},
      {{200, place}, {0, ""}},
      {{200, place}, {200, "hel", true}},
      {{200, place}, {503, ""}},
      {{200, place},
       {200, "hallo"},
       {200, place},
       {200, "<html>no</html>"},
       {200, place},
       {404, ""}},
      {{200, place}, {200, "hello hello"}, {200, place}, {200, "hell"}, {200, place}, {410, ""}},
  };
  std::uint8_t number = 0;
  for (const Answers& fault : faults) {
    caller_.asked.clear();
    ++number;
    fetching_->add(take(number, "whatsapp", named("88", number)));
    caller_.answers = fault;
    work(0);
    EXPECT_THAT(caller_.answers, IsEmpty()) << int{number};
    EXPECT_THAT(waiting(), SizeIs(1)) << int{number};
    pass(minutes(1));
    caller_.answers = {{200, place}, {200, "hello"}, {200, ""}};
    work(0);
    EXPECT_THAT(waiting(), IsEmpty()) << int{number};
  }
  const auto files = brought();
  EXPECT_THAT(files, SizeIs(faults.size()));
  for (const auto& file : files) EXPECT_EQ(file.content, "hello");
  EXPECT_THAT(told_lost_, IsEmpty());
}

TEST_F(FetchingTest, AGoneFileIsLostTheThirdTimeAndItsPersonAsked) {
  fetching_->add(take(1, "signal", "a.jpg"));
  for (int i = 0; i < 2; ++i) {
    caller_.answers = {{404, ""}};
    work(1);
    EXPECT_THAT(told_lost_, IsEmpty());
    EXPECT_THAT(waiting(), SizeIs(1));
    pass(minutes(1));
  }
  caller_.answers = {{404, ""}, {404, ""}};
  work(1);
  EXPECT_THAT(told_lost_, ElementsAre(WhyLost::kGone));
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_EQ(fetching_->health().lost, 1U);
  const auto files = brought();
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_TRUE(files[0].lost);
}

TEST_F(FetchingTest, LongerThanTheLimitIsLostAtOnceAndItsCopyDeleted) {
  most_ = 10;
  begin();
  fetching_->add(take(1, "signal", "a.jpg"));
  caller_.answers = {{200, "eleven long"}, {204, ""}};
  work(1);
  EXPECT_THAT(told_lost_, ElementsAre(WhyLost::kTooLarge));
  EXPECT_TRUE(brought().at(0).lost);
  EXPECT_EQ(caller_.asked.back(), "DELETE http://127.0.0.1:2/v1/attachments/a.jpg");
}

TEST_F(FetchingTest, AsLongAsTheLimitIsTaken) {
  most_ = 10;
  begin();
  fetching_->add(take(1, "signal", "a.jpg"));
  caller_.answers = {{200, "ten long.."}, {204, ""}};
  work(1);
  EXPECT_EQ(brought().at(0).content, "ten long..");
}

// Meta keeps files for seven days.
TEST_F(FetchingTest, IsTriedUntilTheMessengersCopyHasExpired) {
  fetching_->add(take(1, "whatsapp", "8811"));
  for (int day = 0; day < 8; ++day) {
    caller_.answers = {{503, ""}};
    work(0);
    EXPECT_THAT(waiting(), SizeIs(1)) << day;
    pass(hours(24));
  }
  caller_.answers = {{503, ""}, {503, ""}};
  work(0);
  EXPECT_THAT(told_lost_, ElementsAre(WhyLost::kGone));
  EXPECT_TRUE(brought().at(0).lost);
}

TEST_F(FetchingTest, APauseHoldsForAllFilesOfItsMessenger) {
  fetching_->add(take(1, "whatsapp", "8811"));
  fetching_->add(take(2, "whatsapp", "8812"));
  fetching_->add(take(3, "signal", "a.jpg"));
  caller_.answers = {{429, ""}};
  work(0);
  EXPECT_THAT(caller_.asked, SizeIs(1));
  pass(seconds(59));
  work(0);
  EXPECT_THAT(caller_.asked, SizeIs(1));
  caller_.answers = {{200, "hello"}, {204, ""}};
  work(1);
  EXPECT_THAT(waiting(), ElementsAre("8811", "8812"));
  pass(seconds(2));
  work(0);
  EXPECT_GT(caller_.asked.size(), 3U);
}

TEST_F(FetchingTest, SaysThatAnOperatorMustAct) {
  fetching_->add(take(1, "whatsapp", "8811"));
  caller_.answers = {{401, R"({"error":{"code":190,"message":"x"}})"}};
  work(0);
  EXPECT_EQ(fetching_->health().stopped[0], StaticText("the access token is not valid"));
  pass(minutes(6));
  caller_.answers = {{200, std::string(kPlace)}, {200, "hello"}, {200, ""}};
  work(0);
  EXPECT_FALSE(fetching_->health().stopped[0].has_value());
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(FetchingTest, NothingIsFetchedWhereNobodyCouldReadIt) {
  fetching_->add(take(1, "signal", "a.jpg"));
  sealing_ = false;
  work(1);
  EXPECT_THAT(caller_.asked, IsEmpty());
  EXPECT_EQ(fetching_->health().ours, StaticText("no roster"));
  sealing_ = true;
  pass(minutes(1));
  caller_.answers = {{200, "hello"}, {204, ""}};
  work(1);
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(FetchingTest, AFullDiskWaitsAndLosesNothing) {
  fetching_->add(take(1, "signal", "a.jpg"));
  free_ = 1000;
  for (int i = 0; i < 100; ++i) {
    work(1);
    pass(hours(1));
  }
  EXPECT_THAT(caller_.asked, IsEmpty());
  EXPECT_THAT(told_lost_, IsEmpty());
  free_ = std::uint64_t{1} << 40;
  pass(minutes(11));
  caller_.answers = {{200, "hello"}, {204, ""}};
  work(1);
  EXPECT_EQ(brought().at(0).content, "hello");
}

// --- reports that changed meanwhile

TEST_F(FetchingTest, OfAReportThatHasClosed) {
  fetching_->add(take(1, "signal", "a.jpg"));
  close_report();
  caller_.answers = {{200, "hello"}, {204, ""}};
  work(1);
  EXPECT_EQ(brought().at(0).content, "hello");
}

TEST_F(FetchingTest, OfAReportThatWasErasedNothingStaysAnywhere) {
  const auto row = take(1, "signal", "a.jpg");
  fetching_->add(row);
  erase_report();
  caller_.answers = {{200, "hello"}, {204, ""}};
  work(1);
  EXPECT_EQ(caller_.asked.back(), "DELETE http://127.0.0.1:2/v1/attachments/a.jpg");
  EXPECT_EQ(memory_->media_chunks(row.media, [](std::uint64_t, ByteView) { return success(); })
                .error()
                .fault,
            Fault::kNotFound);
  EXPECT_EQ(fetching_->health().sealed, 0U);
  EXPECT_EQ(fetching_->health().waiting, 0U);
}

// --- the store fails at every call, before and after

TEST_F(FetchingTest, AStoreThatFailsOnceAnywhereBringsTheFileOnce) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter})
    for (std::size_t at = 1; at <= 4; ++at) {
      const auto row = take(static_cast<std::uint8_t>(at), "signal", named("a", at));
      fetching_->add(row);
      faulty_.fail_at(faulty_.calls() + at, fate);
      for (int i = 0; i < 5; ++i) {
        caller_.answers = {{200, "hello"}, {204, ""}, {204, ""}};
        work(1);
        pass(minutes(1));
      }
      EXPECT_THAT(waiting(), IsEmpty()) << at;
    }
  const auto files = brought();
  EXPECT_THAT(files, SizeIs(8));
  for (const auto& file : files) EXPECT_EQ(file.content, "hello");
}

// --- restarts, and copies that stay behind

TEST_F(FetchingTest, AStartTakesUpWhatWaits) {
  take(1, "signal", "a.jpg");
  take(2, "whatsapp", "8811");
  begin();
  caller_.answers = {{200, R"(["a.jpg"])"}, {200, "hello"}, {204, ""}};
  fetching_->tidy(1, caller_, true);
  work(1);
  EXPECT_THAT(waiting(), ElementsAre("8811"));
  caller_.answers = {{200, std::string(kPlace)}, {200, "hello"}, {200, ""}};
  fetching_->tidy(0, caller_, true);
  work(0);
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_THAT(brought(), SizeIs(2));
}

TEST_F(FetchingTest, CopiesThatNobodyWaitsForGoAfterAnHourAndNotBefore) {
  take(1, "signal", "wanted.jpg");
  const ScriptedCaller::Answer list{200, R"(["wanted.jpg","old.jpg"])"};
  caller_.answers = {list};
  fetching_->tidy(1, caller_, true);
  pass(minutes(59));  // signal-cli may still be fetching what came with it
  caller_.answers = {list};
  fetching_->tidy(1, caller_, true);
  caller_.answers = {{0, ""}, {0, ""}};
  work(1);  // wanted.jpg cannot be had now
  EXPECT_EQ(std::ranges::count(caller_.asked, "DELETE http://127.0.0.1:2/v1/attachments/old.jpg"),
            0);
  pass(minutes(2));
  caller_.answers = {list};
  fetching_->tidy(1, caller_, true);
  caller_.asked.clear();
  caller_.answers = {{204, ""}};
  work(1);
  EXPECT_EQ(caller_.asked.front(), "DELETE http://127.0.0.1:2/v1/attachments/old.jpg");
  EXPECT_EQ(
      std::ranges::count(caller_.asked, "DELETE http://127.0.0.1:2/v1/attachments/wanted.jpg"), 0);
}

// What is on its way to us has a copy already, and waits while nothing can be stored.
TEST_F(FetchingTest, CopiesStayWhileTheStoreTakesNothing) {
  const ScriptedCaller::Answer list{200, R"(["a.jpg"])"};
  caller_.answers = {list};
  fetching_->tidy(1, caller_, true);
  pass(minutes(61));
  fetching_->tidy(1, caller_, false);
  caller_.answers = {list};
  fetching_->tidy(1, caller_, true);
  caller_.asked.clear();
  work(1);
  EXPECT_THAT(caller_.asked, IsEmpty());
}

TEST_F(FetchingTest, ADeletionThatIsRefusedIsNotDone) {
  fetching_->discard("signal", "a.jpg");
  for (const unsigned status : {429U, 401U}) {
    caller_.answers = {{status, ""}};
    work(1);
    EXPECT_TRUE(fetching_->health().copies_stay);
    pass(minutes(2));
  }
  caller_.answers = {{404, ""}};
  work(1);
  EXPECT_FALSE(fetching_->health().copies_stay);
  EXPECT_THAT(caller_.asked, SizeIs(3));
}

// Who sends hundreds of files that nobody takes keeps nobody's file waiting.
TEST_F(FetchingTest, CopiesAndFilesTakeTurns) {
  for (int i = 0; i < 50; ++i) fetching_->discard("signal", "refused-" + std::to_string(i));
  auto wanted = take(1, "signal", "wanted.jpg");
  fetching_->add(std::move(wanted));
  caller_.answers.assign(3, {200, "hello"});
  for (int i = 0; i < 3; ++i) fetching_->work(1, caller_);
  EXPECT_EQ(std::ranges::count(caller_.asked, "GET http://127.0.0.1:2/v1/attachments/wanted.jpg"),
            1);
}

TEST_F(FetchingTest, AFileThatIsNotTakenGoesAtOnce) {
  fetching_->discard("signal", "a.jpg");
  caller_.answers = {{500, ""}};
  work(1);
  EXPECT_THAT(caller_.asked, ElementsAre("DELETE http://127.0.0.1:2/v1/attachments/a.jpg"));
  EXPECT_TRUE(fetching_->health().copies_stay);
  work(1);
  EXPECT_THAT(caller_.asked, SizeIs(1));
  pass(std::chrono::milliseconds(4999));
  work(1);
  EXPECT_THAT(caller_.asked, SizeIs(1));
  pass(std::chrono::milliseconds(1));
  caller_.answers = {{500, ""}};
  work(1);
  pass(std::chrono::seconds(15));
  caller_.answers = {{204, ""}};
  work(1);
  EXPECT_THAT(caller_.asked, SizeIs(3));
  EXPECT_FALSE(fetching_->health().copies_stay);
}

// Somebody may forward one file twice: both have the same name at the messenger.
TEST_F(FetchingTest, ACopyThatAnotherFileWaitsForStays) {
  fetching_->add(take(1, "signal", "a.jpg"));
  fetching_->add(take(2, "signal", "a.jpg"));
  caller_.answers = {{200, "hello"}, {200, "hello"}, {204, ""}};
  work(1);
  EXPECT_THAT(caller_.asked, ElementsAre("GET http://127.0.0.1:2/v1/attachments/a.jpg",
                                         "GET http://127.0.0.1:2/v1/attachments/a.jpg",
                                         "DELETE http://127.0.0.1:2/v1/attachments/a.jpg"));
  EXPECT_THAT(brought(), SizeIs(2));
}

// A list of what waits may have been read before the file was settled.
TEST_F(FetchingTest, WhatIsSettledIsNotFetchedAgain) {
  const auto row = take(1, "signal", "a.jpg");
  fetching_->add(row);
  caller_.answers = {{200, "hello"}, {204, ""}};
  work(1);
  caller_.asked.clear();
  fetching_->add(row);
  work(1);
  EXPECT_THAT(caller_.asked, IsEmpty());
  EXPECT_EQ(fetching_->health().waiting, 0U);
}

TEST_F(FetchingTest, AnOddReferenceIsLost) {
  fetching_->add(take(1, "signal", "../etc/passwd"));
  for (int i = 0; i < 3; ++i) {
    work(1);
    pass(minutes(1));
  }
  EXPECT_THAT(caller_.asked, IsEmpty());
  EXPECT_THAT(told_lost_, ElementsAre(WhyLost::kGone));
}

TEST_F(FetchingTest, AMessengerThatIsNotConfiguredKeepsItsFilesWaiting) {
  fetching_->add(take(1, "pigeon", "a.jpg"));
  EXPECT_EQ(fetching_->health().waiting, 0U);
  EXPECT_THAT(waiting(), SizeIs(1));
}

}  // namespace
}  // namespace resguardo::media
