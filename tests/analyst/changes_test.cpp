// SPDX-License-Identifier: AGPL-3.0-or-later
// Edits and deletions as the bot seals them: they name a message, and the question at which the
// conversation stood by then.
#include "analyst/report/changes.h"

#include <gmock/gmock.h>

#include "tests/analyst/report_samples.h"

namespace resguardo::analyst {
namespace {

using ::testing::ElementsAre;
using testing_support::sample_answer;
using testing_support::SampleReport;

std::string message_named(char name) {
  return std::string(16, name);
}

pb::Entry edit(char of, const std::string& text, const std::string& asked = "next") {
  pb::Entry entry;
  entry.mutable_correction()->set_of_message(message_named(of));
  *entry.mutable_correction()->mutable_answer() = sample_answer(asked, text);
  return entry;
}
pb::Entry deletion(char of, const std::string& asked = "") {
  pb::Entry entry;
  entry.mutable_retraction()->set_of_message(message_named(of));
  entry.mutable_retraction()->set_node(asked);
  return entry;
}
pb::Entry answer(const pb::Answer& of) {
  pb::Entry entry;
  *entry.mutable_answer() = of;
  return entry;
}

// "node.part words:state" of each answer, in the order in which an analyst reads them.
std::vector<std::string> read(const SampleReport& report) {
  std::vector<std::string> lines;
  for (const AnswerView& told : view_of(report.stored).answers) {
    std::string line = told.answer.node();
    if (told.answer.part() > 0) line += "." + std::to_string(told.answer.part());
    if (told.answer.remark()) line += "!";
    if (told.of_unknown) line += "?";
    lines.push_back(line + " " + told.answer.text() + ":" + std::string(state_text(told.state)));
  }
  return lines;
}

class ChangesTest : public ::testing::Test {
 protected:
  ChangesTest() { report_.segment(1, 0); }
  void say(const std::string& node, const std::string& text, char message, std::uint32_t part = 0) {
    report_.say(sample_answer(node, text, part), message_named(message));
  }
  void change(const pb::Entry& entry, char own) { report_.row({entry}, {}, message_named(own)); }
  SampleReport report_;
};

TEST_F(ChangesTest, AnEditStandsWhereItsMessageStoodWhateverWasAskedMeanwhile) {
  say("a", "worng", '1');
  say("b", "other", '2');
  change(edit('1', "right"), '3');
  say("next", "answer", '4');
  EXPECT_THAT(read(report_), ElementsAre("a worng:superseded", "a right:current", "b other:current",
                                         "next answer:current"));
}

TEST_F(ChangesTest, AnAnswerToldAnewSupersedesTheEditToo) {
  say("a", "worng", '1');
  change(edit('1', "right"), '2');
  say("a", "anew", '3');
  EXPECT_THAT(read(report_),
              ElementsAre("a worng:superseded", "a right:superseded", "a anew:current"));
  change(edit('1', "too late"), '4');
  EXPECT_THAT(read(report_), ElementsAre("a worng:superseded", "a right:superseded",
                                         "a too late:superseded", "a anew:current"));
}

TEST_F(ChangesTest, APartOfAStoryIsEditedAtItsPlace) {
  for (std::uint32_t part = 0; part < 3; ++part)
    say("story", std::to_string(part), static_cast<char>('0' + part), part);
  change(edit('1', "one"), '4');
  say("story", "3", '5', 3);
  EXPECT_THAT(read(report_),
              ElementsAre("story 0:current", "story.1 1:superseded", "story.1 one:current",
                          "story.2 2:current", "story.3 3:current"));
}

// Signal names the version before, WhatsApp the first message.
TEST_F(ChangesTest, OfManyEditsTheLastStands) {
  say("a", "first", '1');
  change(edit('1', "second"), '2');
  change(edit('2', "third"), '3');
  change(edit('1', "fourth"), '4');
  EXPECT_THAT(read(report_), ElementsAre("a first:superseded", "a second:superseded",
                                         "a third:superseded", "a fourth:current"));
  change(deletion('3'), '5');
  EXPECT_THAT(read(report_), ElementsAre("a first:retracted", "a second:retracted",
                                         "a third:retracted", "a fourth:retracted"));
}

TEST_F(ChangesTest, ADeletionTakesBackItsMessageAndNoQuestion) {
  say("a", "said", '1');
  say("b", "kept", '2');
  pb::Answer remark = sample_answer("b", "aside");
  remark.set_remark(true);
  report_.say(remark, message_named('1'));
  change(deletion('1', "b"), '3');
  EXPECT_THAT(read(report_),
              ElementsAre("a said:retracted", "b kept:current", "b! aside:retracted"));
}

TEST_F(ChangesTest, ADeletedTapIsTakenBackAndALaterAnswerStands) {
  pb::Answer tapped = sample_answer("a", "");
  tapped.add_codes("yes");
  report_.say(tapped, message_named('1'));
  change(deletion('1'), '2');
  say("a", "no", '3');
  EXPECT_THAT(read(report_), ElementsAre("a :retracted", "a no:current"));
}

TEST_F(ChangesTest, AnEditedRemarkStaysARemark) {
  pb::Answer remark = sample_answer("a", "asdie");
  remark.set_remark(true);
  report_.say(remark, message_named('1'));
  change(edit('1', "aside"), '2');
  say("a", "answer", '3');
  EXPECT_THAT(read(report_),
              ElementsAre("a! asdie:superseded", "a! aside:current", "a answer:current"));
}

TEST_F(ChangesTest, AVersionOfAMessageThatIsNotHereIsKeptAsARemark) {
  change(edit('x', "lost"), '1');
  say("next", "answer", '2');
  EXPECT_THAT(read(report_), ElementsAre("next!? lost:current", "next answer:current"));
  change(edit('x', "lost again"), '3');
  EXPECT_THAT(read(report_), ElementsAre("next!? lost:superseded", "next answer:current",
                                         "next!? lost again:current"));
  change(deletion('x'), '4');
  EXPECT_THAT(read(report_), ElementsAre("next!? lost:retracted", "next answer:current",
                                         "next!? lost again:retracted"));
}

TEST_F(ChangesTest, AnEditWithoutAMessageIsKeptAsARemark) {
  pb::Entry nameless = edit('x', "lost");
  nameless.mutable_correction()->clear_of_message();
  change(nameless, '1');
  change(nameless, '1');
  say("next", "answer", '1');
  EXPECT_THAT(read(report_),
              ElementsAre("next!? lost:current", "next!? lost:current", "next answer:current"));
}

TEST_F(ChangesTest, ItDoesNotMatterThatAChangeCameFirst) {
  change(edit('1', "right"), '2');
  change(deletion('3'), '4');
  say("a", "worng", '1');
  say("b", "gone", '3');
  EXPECT_THAT(read(report_),
              ElementsAre("a worng:superseded", "a right:current", "b gone:retracted"));
}

TEST_F(ChangesTest, OneMessageOfSeveralAnswersIsChangedAsAWhole) {
  report_.row({answer(sample_answer("a", "x")), answer(sample_answer("b", "y"))}, {},
              message_named('1'));
  change(edit('1', "both"), '2');
  EXPECT_THAT(read(report_), ElementsAre("a x:superseded", "b y:superseded", "b both:current"));
}

// All that was said before consent is sealed with it.
TEST_F(ChangesTest, TheMessageOfConsentSaidOnlyTheConsent) {
  pb::Answer consent = sample_answer("consent", "all");
  consent.set_text_version("ab");
  report_.row({answer(sample_answer("language", "es")), answer(consent)},
              {answer(sample_answer("who", "me"))}, message_named('1'));
  change(edit('1', "some"), '2');
  EXPECT_THAT(read(report_), ElementsAre("language es:current", "consent all:superseded",
                                         "consent some:current", "who me:current"));
  change(deletion('1'), '3');
  EXPECT_THAT(read(report_), ElementsAre("language es:current", "consent all:retracted",
                                         "consent some:retracted", "who me:current"));
}

TEST_F(ChangesTest, AQuestionThatFellTakesItsEditsAlong) {
  say("a", "worng", '1');
  pb::Entry fell;
  fell.mutable_retraction()->set_node("a");
  report_.row({fell});
  change(edit('1', "right"), '2');
  EXPECT_THAT(read(report_), ElementsAre("a worng:retracted", "a right:retracted"));
}

// The words lie with the identity; the testimony knows only that there is an edit.
TEST_F(ChangesTest, WordsOfAnEditThatLieWithTheIdentity) {
  say("story", "first", '1');
  report_.row({edit('1', "")}, {edit('1', "Ana told")}, message_named('2'));
  EXPECT_THAT(read(report_),
              ElementsAre("story first:superseded", "story :superseded", "story Ana told:current"));
  auto& records = report_.stored.records;
  std::erase_if(records,
                [](const StoredRecord& each) { return each.stream == StreamId::kIdentity; });
  EXPECT_THAT(read(report_), ElementsAre("story first:current", "story :current"));
  const ReportView view = view_of(report_.stored);
  EXPECT_TRUE(view.answers.at(1).wordless());
  EXPECT_EQ(view.current_answers(), 1U);
}

TEST_F(ChangesTest, ADeletionIsKnownToWhoeverReadsOnlyTheTestimony) {
  say("story", "first", '1');
  report_.row({deletion('1')}, {deletion('1')}, message_named('2'));
  std::erase_if(report_.stored.records,
                [](const StoredRecord& each) { return each.stream == StreamId::kIdentity; });
  EXPECT_THAT(read(report_), ElementsAre("story first:retracted"));
}

TEST_F(ChangesTest, TwinSegmentsChangeNothingOfEachOther) {
  say("a", "true", '1');
  report_.segment(2, 0);
  change(edit('1', "forged"), '2');
  change(deletion('1'), '3');
  EXPECT_THAT(read(report_), ElementsAre("a true:current", "next!? forged:retracted"));
  report_.segment(3, 1);
  change(edit('1', "right"), '4');
  EXPECT_THAT(read(report_),
              ElementsAre("a true:superseded", "a right:current", "next!? forged:retracted"));
}

TEST_F(ChangesTest, MoreVersionsThanAnybodyMakesStandForThemselves) {
  say("a", "first", '1');
  for (int i = 0; i < 1024; ++i) change(edit('1', std::to_string(i)), '2');
  EXPECT_EQ(view_of(report_.stored).current_answers(), 1U);
  change(edit('1', "one more"), '2');
  const ReportView view = view_of(report_.stored);
  EXPECT_EQ(view.current_answers(), 2U);
  EXPECT_TRUE(view.answers.back().of_unknown);
}

}  // namespace
}  // namespace resguardo::analyst
