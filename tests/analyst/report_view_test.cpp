// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/report_view.h"

#include <gmock/gmock.h>

#include "crypto/base/hash.h"
#include "crypto/format/segment_layout.h"
#include "tests/analyst/report_samples.h"

namespace resguardo::analyst {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using testing_support::sample_answer;
using testing_support::SampleReport;

const std::string kMessage(16, 'm');

// "text:state" of each answer, in order.
std::vector<std::string> told(const ReportView& view) {
  std::vector<std::string> lines;
  for (const AnswerView& answer : view.answers)
    lines.push_back(answer.answer.text() + ":" + std::string(state_text(answer.state)));
  return lines;
}

TEST(ReportViewTest, ALaterAnswerSupersedesTheEarlierOne) {
  SampleReport report;
  report.segment(1, 0).say(sample_answer("a", "one")).say(sample_answer("b", "other"));
  report.say(sample_answer("a", "two"));
  const ReportView view = view_of(report.stored);
  EXPECT_THAT(told(view), ElementsAre("one:superseded", "other:current", "two:current"));
  EXPECT_EQ(view.current_answers(), 2U);
}

TEST(ReportViewTest, WordsThatAreNoAnswerStayWhateverIsAnsweredLater) {
  SampleReport report;
  pb::Answer first = sample_answer("a", "they came at night");
  first.set_remark(true);
  pb::Answer second = sample_answer("a", "and took my brother");
  second.set_remark(true);
  report.segment(1, 0).say(sample_answer("a", "one")).say(first).say(second);
  report.say(sample_answer("a", "two"));
  EXPECT_THAT(told(view_of(report.stored)),
              ElementsAre("one:superseded", "they came at night:current",
                          "and took my brother:current", "two:current"));
}

TEST(ReportViewTest, PicksThatWereNotFinishedStandUntilThereAreMoreOrAnAnswer) {
  const auto picks = [](std::initializer_list<const char*> codes, bool whole) {
    pb::Answer answer = sample_answer("a", "");
    for (const char* code : codes) answer.add_codes(code);
    answer.set_remark(!whole);
    return answer;
  };
  SampleReport report;
  report.segment(1, 0).say(picks({"old"}, true)).say(picks({"x"}, false));
  report.say(picks({"x", "y"}, false)).say(picks({"z"}, false));
  const auto states = [](const ReportView& view) {
    std::string all;
    for (const AnswerView& each : view.answers) all += state_text(each.state).substr(0, 1);
    return all;
  };
  EXPECT_EQ(states(view_of(report.stored)), "cscc") << "the old answer stands, and a late z too";
  report.say(picks({"x", "y"}, true));
  EXPECT_EQ(states(view_of(report.stored)), "ssssc");
}

TEST(ReportViewTest, InstancesOfARepeatAreQuestionsOfTheirOwn) {
  SampleReport report;
  pb::Answer first = sample_answer("name", "A");
  first.add_instance(1);
  pb::Answer second = sample_answer("name", "B");
  second.add_instance(2);
  report.segment(1, 0).say(first).say(second);
  EXPECT_THAT(told(view_of(report.stored)), ElementsAre("A:current", "B:current"));
}

TEST(ReportViewTest, PartsOfAStoryStandTogetherUntilItIsToldAnew) {
  SampleReport report;
  report.segment(1, 0);
  for (std::uint32_t part = 0; part < 3; ++part)
    report.say(sample_answer("story", std::to_string(part), part));
  EXPECT_EQ(view_of(report.stored).current_answers(), 3U);
  report.say(sample_answer("story", "anew", 0));
  EXPECT_THAT(told(view_of(report.stored)),
              ElementsAre("0:superseded", "1:superseded", "2:superseded", "anew:current"));
}

TEST(ReportViewTest, ARetractionOfAQuestionTakesBackWhatWasToldThereSoFar) {
  SampleReport report;
  pb::Answer second = sample_answer("a", "second time");
  second.add_instance(1);
  pb::Answer remark = sample_answer("a", "by the way");
  remark.set_remark(true);
  pb::Entry retraction;
  retraction.mutable_retraction()->set_node("a");
  report.segment(1, 0).say(sample_answer("a", "x")).say(second).say(remark).row({retraction});
  EXPECT_THAT(told(view_of(report.stored)),
              ElementsAre("x:retracted", "second time:current", "by the way:current"));
  report.say(sample_answer("a", "again"));
  EXPECT_THAT(told(view_of(report.stored)), ElementsAre("x:retracted", "second time:current",
                                                        "by the way:current", "again:current"));
  retraction.mutable_retraction()->add_instance(1);
  report.row({retraction});
  EXPECT_THAT(told(view_of(report.stored)), ElementsAre("x:retracted", "second time:retracted",
                                                        "by the way:current", "again:current"));
}

TEST(ReportViewTest, TwinSegmentsSupersedeNothingOfEachOther) {
  SampleReport report;
  report.segment(1, 0).say(sample_answer("a", "true"));
  report.segment(2, 0).say(sample_answer("a", "forged"));
  const ReportView view = view_of(report.stored);
  EXPECT_THAT(told(view), ElementsAre("true:current", "forged:current"));
  EXPECT_THAT(view.flags, Contains(Flag::kTwoOfOneSegment));
}

TEST(ReportViewTest, FlagsSayWhatHappenedToSegments) {
  SampleReport report;
  report.segment(1, 1, false).say(sample_answer("a", "x"));
  report.stored.log = LogVerdict::kNotLogged;
  report.stored.segments[0].roster_verdict = RosterVerdict::kOtherMembers;
  EXPECT_THAT(view_of(report.stored).flags, ElementsAre(Flag::kInterrupted, Flag::kMissingSegment,
                                                        Flag::kOtherReaders, Flag::kNotLogged));
  report.stored.segments[0].rows = 5;
  report.stored.segments[0].roster_verdict = RosterVerdict::kUnknownRoster;
  report.stored.log = LogVerdict::kDiffers;
  report.stored.withdrawal_claimed = true;
  EXPECT_THAT(view_of(report.stored).flags,
              ElementsAre(Flag::kUnreadable, Flag::kMissingSegment, Flag::kUnknownRoster,
                          Flag::kLogDiffers, Flag::kWithdrawalClaimed));
}

TEST(ReportViewTest, DuressAndPanicAreFlagged) {
  for (const auto kind : {pb::EVENT_DURESS, pb::EVENT_PANIC}) {
    SampleReport report;
    pb::Entry event;
    event.mutable_event()->set_kind(kind);
    report.segment(1, 0).row({event});
    EXPECT_THAT(view_of(report.stored).flags, Contains(Flag::kDuress));
  }
}

TEST(ReportViewTest, ARecordThatIsNoneIsFlaggedAndTheRestIsShown) {
  SampleReport report;
  report.segment(1, 0).say(sample_answer("a", "x"));
  report.stored.records.at(0).content = SecretBuffer(as_bytes("\xFF\xFFnot a record"));
  report.say(sample_answer("b", "y"));
  const ReportView view = view_of(report.stored);
  EXPECT_THAT(view.flags, Contains(Flag::kMalformedRecord));
  EXPECT_THAT(told(view), ElementsAre("y:current"));
}

// A report of two rows whose last record counts them.
SampleReport with_final(std::uint64_t rows, const Digest& identity) {
  SampleReport report;
  report.segment(1, 0).say(sample_answer("a", "x"));
  const auto first = record_digest(report.stored.records.at(0).content.view());
  pb::Entry last;
  last.mutable_final()->set_rows(rows);
  last.mutable_final()->set_segments(1);
  last.mutable_final()->set_testimony_digest(blake2b({Digest{}.view(), first->view()}).str());
  last.mutable_final()->set_identity_digest(identity.str());
  report.row({last});
  return report;
}

TEST(ReportViewTest, TheLastRecordsTotalsAreCompared) {
  SampleReport sample;
  sample.segment(1, 0).say(sample_answer("a", "x"));
  const auto identity = record_digest(sample.stored.records.at(1).content.view());
  const Digest running = blake2b({Digest{}.view(), identity->view()});

  const ReportView whole = view_of(with_final(2, running).stored);
  EXPECT_EQ(whole.status, ReportStatus::kComplete);
  EXPECT_THAT(whole.flags, Not(Contains(Flag::kTotalsDiffer)));
  EXPECT_THAT(view_of(with_final(3, running).stored).flags, Contains(Flag::kTotalsDiffer));
  EXPECT_THAT(view_of(with_final(2, Digest{}).stored).flags, Contains(Flag::kTotalsDiffer));
}

pb::Entry final_of(const std::string& mailbox, const std::vector<std::string>& consent,
                   std::uint32_t first_segment) {
  pb::Entry entry;
  pb::Final& final = *entry.mutable_final();
  final.set_mailbox_public_key(mailbox);
  final.set_first_segment(first_segment);
  final.set_testimony_digest(std::string(32, '\0'));
  final.set_identity_digest(std::string(32, '\0'));
  for (const std::string& purpose : consent) final.add_consent(purpose);
  return entry;
}

// Whoever runs the server later can seal more to the readers, and count it right.
TEST(ReportViewTest, WhatALaterPartSaysOfTheMailboxAndOfConsentIsNotBelieved) {
  const std::string mailbox(32, 'm');
  for (const std::uint32_t first_segment : {0U, 1U}) {
    SampleReport report;
    report.segment(1, 0).row({final_of(mailbox, {"share"}, 0)});
    report.segment(2, 1).row({final_of(std::string(32, 'x'), {"share", "publish"}, first_segment)});
    const ReportView view = view_of(report.stored);
    EXPECT_EQ(view.final.mailbox_public_key(), mailbox);
    EXPECT_EQ(view.final.consent_size(), 1);
    EXPECT_THAT(view.flags, Contains(Flag::kFinishedAnew));
  }
  SampleReport renewed;
  renewed.segment(1, 0).row({final_of(mailbox, {"share"}, 0)});
  renewed.segment(2, 1).row({final_of(std::string(32, 'x'), {}, 1)});
  renewed.stored.new_receipts = {renewed.stored.segments[1].digest};
  EXPECT_THAT(view_of(renewed.stored).flags, Not(Contains(Flag::kFinishedAnew)));
  EXPECT_EQ(view_of(renewed.stored).final.mailbox_public_key(), std::string(32, 'x'));
  EXPECT_EQ(view_of(renewed.stored).final.consent_size(), 1);
  SampleReport honest;
  honest.segment(1, 0).row({final_of(mailbox, {"share"}, 0)});
  honest.segment(2, 1).row({final_of("", {"share"}, 1)});
  EXPECT_THAT(view_of(honest.stored).flags, Not(Contains(Flag::kFinishedAnew)));
}

TEST(ReportViewTest, ManyAnswersToOneQuestionTakeLinearTime) {
  SampleReport report;
  report.segment(1, 0);
  for (int i = 0; i < 20'000; ++i) report.say(sample_answer("a", "x"), kMessage);
  EXPECT_EQ(view_of(report.stored).current_answers(), 1U);
}

}  // namespace
}  // namespace resguardo::analyst
