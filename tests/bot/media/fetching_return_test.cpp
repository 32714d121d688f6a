// SPDX-License-Identifier: AGPL-3.0-or-later
// Files of a report that its reporter came back to: they wait while more is told, and nobody sees
// from outside that this is why.
#include <gmock/gmock.h>

#include "tests/bot/media/fetching_fixture.h"

namespace resguardo::media {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FetchingReturnTest : public FetchingTest {
 protected:
  // The report has closed, and its reporter is back: what is taken now is of an addition.
  void come_back() {
    tell();
    close_report();
    turns_ = 0;  // of another conversation, which begins
    open_ = true;
  }
  void tell() {
    storage::Turn turn;
    turn.day = day_of(clock_.time);
    turn.conversation = storage::ConversationWrite{*storage::ConversationTag::from(report_.view()),
                                                   std::nullopt, turns_++, Bytes{1}};
    turn.report.emplace();
    turn.report->report = report_;
    turn.report->day = turn.day;
    ASSERT_TRUE(memory_->record(std::move(turn)).ok());
  }
};

TEST_F(FetchingReturnTest, AFileOfAnAdditionWaitsForItsEndAndComesWhole) {
  come_back();
  fetching_->add(take(1, "signal", "a.ogg"));
  caller_.answers = {{200, "hello"}};
  work(1);
  EXPECT_THAT(waiting(), SizeIs(1));
  EXPECT_FALSE(fetching_->health().ours) << "nobody need know that a reporter is back";
  EXPECT_THAT(caller_.asked, SizeIs(1)) << "its copy is not deleted yet";
  close_report();
  pass(minutes(10));
  caller_.answers = {{204, ""}};
  work(1);
  EXPECT_THAT(waiting(), IsEmpty());
  const auto files = brought();
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_EQ(files[0].content, "hello");
  EXPECT_THAT(told_lost_, IsEmpty());
}

TEST_F(FetchingReturnTest, SoDoesOneOfBeforeThatComesLate) {
  const auto row = take(1, "signal", "a.jpg");
  come_back();
  take(2, "signal", "b.jpg");
  fetching_->add(row);
  caller_.answers = {{200, "hello"}};
  work(1);
  EXPECT_THAT(waiting(), SizeIs(2));
  close_report();
  pass(minutes(10));
  caller_.answers = {{204, ""}};
  work(1);
  ASSERT_THAT(brought(), SizeIs(1));
  EXPECT_EQ(brought()[0].content, "hello");
}

TEST_F(FetchingReturnTest, ARestartWhileItWaitsFetchesItAnew) {
  come_back();
  const auto row = take(1, "signal", "a.ogg");
  fetching_->add(row);
  caller_.answers = {{200, "hello"}};
  work(1);
  begin();
  store().sweep_media().value();
  fetching_->add(row);
  caller_.answers = {{200, "hello"}};
  work(1);
  close_report();
  pass(hours(1));
  caller_.answers = {{204, ""}};
  work(1);
  ASSERT_THAT(brought(), SizeIs(1));
  EXPECT_EQ(brought()[0].content, "hello");
}

// What was being added is taken back: its file goes, those of before come all the same.
TEST_F(FetchingReturnTest, WithTheAdditionItsFileGoesAndNoOther) {
  const auto before = take(1, "signal", "a.jpg", "before");
  come_back();
  const auto added = take(2, "signal", "b.jpg", "added");
  fetching_->add(before);
  fetching_->add(added);
  caller_.answers = {{200, "before"}, {200, "added"}};
  work(1);
  erase_report();
  pass(minutes(10));
  caller_.answers = {{204, ""}, {204, ""}};
  work(1);
  EXPECT_THAT(waiting(), IsEmpty());
  const auto files = brought();
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_EQ(files[0].content, "before");
}

}  // namespace
}  // namespace resguardo::media
