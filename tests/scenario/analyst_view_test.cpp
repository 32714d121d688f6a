// SPDX-License-Identifier: AGPL-3.0-or-later
// What a person edits, deletes or tells anew, from the webhook to what an analyst reads: the bot's
// own bytes, opened from a bundle and put into a view.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <fstream>

#include "analyst/report/report_view.h"
#include "crypto/format/bundle.h"
#include "tests/support/must.h"
#include "tests/support/world.h"

namespace resguardo::testing_support {
namespace {

using analyst::AnswerView;
using analyst::ReportView;
using analyst::StoredReport;
using ::testing::ElementsAre;
namespace json = boost::json;

// One bundle's only report, as the vault would keep it.
StoredReport stored_in(const std::filesystem::path& file, const open::AnalystKeys& keys) {
  std::ifstream bundle(file, std::ios::binary);
  BundleReader reader(bundle);
  std::optional<open::SegmentReader> opener;
  StoredReport report;
  report.log = analyst::LogVerdict::kFits;
  while (!reader.finished()) {
    const pb::BundleFrame frame = must(reader.next());
    if (frame.has_segment()) {
      opener = must(open::SegmentReader::begin(as_bytes(frame.segment().header()), keys));
      analyst::StoredSegment& segment = report.segments.emplace_back();
      segment.index = static_cast<std::uint32_t>(report.segments.size() - 1);
      segment.digest.bytes.fill(static_cast<std::uint8_t>(report.segments.size()));
      segment.final = true;
      segment.roster_verdict = analyst::RosterVerdict::kFits;
    } else if (frame.has_row()) {
      analyst::StoredSegment& segment = report.segments.back();
      auto row = must(opener->next(as_bytes(frame.row().row())));
      const std::uint64_t number = segment.rows++;
      ++segment.opened;
      report.records.push_back(
          {segment.digest, number, StreamId::kTestimony, std::move(row.testimony)});
      report.records.push_back(
          {segment.digest, number, StreamId::kIdentity, std::move(row.identity)});
    }
  }
  return report;
}

class AnalystViewTest : public ::testing::Test {
 protected:
  explicit AnalystViewTest(gateway::Channel channel = gateway::Channel::kWhatsApp)
      : channel_(channel) {
    for (const char* words :
         {"hola", "1", "si", "solo yo", "a mi", "si", "entiendo", "si a todo", "nunca"})
      say(words);
  }
  std::string say(const std::string& words) {
    EXPECT_EQ(world_.say(channel_, who(), words), 200U);
    world_.advance(std::chrono::seconds(5));
    return world_.message_id(who());
  }
  std::string tap(const std::string& id) {
    EXPECT_EQ(world_.tap(who(), id), 200U);
    world_.advance(std::chrono::seconds(5));
    return world_.message_id(who());
  }
  // Until that question is asked, what can be skipped is.
  void go_to(const std::string& node) {
    for (int i = 0; i < 30 && !asked(node); ++i) say("saltar");
    ASSERT_TRUE(asked_) << node;
  }
  bool asked(const std::string& node) {
    const auto shown = world_.replies(who());
    if (!shown.empty()) node_ = shown.back().node;
    const bool in_words = !shown.empty() && node == "review" &&  // Signal names no question
                          shown.back().text.find("va a enviar") != std::string::npos;
    return asked_ = node_ == node || in_words;
  }
  std::string edit(const std::string& message, const std::string& words) {
    return send({{"type", "edit"},
                 {"edit",
                  {{"original_message_id", message},
                   {"message", {{"type", "text"}, {"text", {{"body", words}}}}}}}});
  }
  void unsend(const std::string& message) {
    send({{"type", "revoke"}, {"revoke", {{"original_message_id", message}}}});
  }
  std::string send(const json::object& element) {
    EXPECT_EQ(world_.send_whatsapp(who(), json::serialize(element)), 200U);
    world_.advance(std::chrono::seconds(5));
    return world_.message_id(who());
  }
  void finish() {
    go_to("review");
    say("enviar");
    const auto file = world_.directory() / "bundle";
    world_.write_bundle_to(file);
    stored_ = stored_in(file, world_.roster().analysts.front());
    EXPECT_TRUE(view_of(stored_).flags.empty());
  }
  // "part words:state" of what was told at one question, in the order in which it is read.
  std::vector<std::string> told(const std::string& node) const {
    std::vector<std::string> lines;
    const ReportView view = view_of(stored_);
    for (const AnswerView& each : view.answers) {
      const pb::Answer& answer = each.answer;
      if (answer.node() != node) continue;
      std::string line = answer.part() > 0 ? std::to_string(answer.part()) + " " : "";
      for (const auto& code : answer.codes()) line += code + " ";
      line += answer.text();
      if (each.wordless()) line += "(edited)";
      if (answer.remark()) line += "!";
      if (each.of_unknown) line += "?";
      lines.push_back(line + ":" + std::string(state_text(each.state)).substr(0, 4));
    }
    return lines;
  }
  void until_picked(const std::string& code) {
    std::uint64_t last = 0;
    for (const AnswerView& each : view_of(stored_).answers)
      if (each.answer.remark() && *each.answer.codes().rbegin() == code) last = each.place.row;
    std::erase_if(stored_.records,
                  [&](const analyst::StoredRecord& each) { return each.sequence > last; });
  }
  // What whoever opens only testimonies has.
  void without_identity() {
    std::erase_if(stored_.records, [](const analyst::StoredRecord& record) {
      return record.stream == StreamId::kIdentity;
    });
  }

  std::string who() const {
    const bool signal = channel_ == gateway::Channel::kSignal;
    return signal ? "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301" : "15550100077";
  }

  gateway::Channel channel_;
  World world_;
  std::string node_;
  bool asked_ = false;
  StoredReport stored_;
};

TEST_F(AnalystViewTest, AnEditStandsAtItsQuestionThoughAnotherWasAskedByThen) {
  go_to("event_harm");
  const auto harm = say("robo");
  edit(harm, "robo con violencia");
  say("1");
  finish();
  EXPECT_THAT(told("event_harm"), ElementsAre("robbery :supe", "robo con violencia:curr"));
  EXPECT_THAT(told("event_authority"), ElementsAre(::testing::EndsWith(" :curr")));
}

TEST_F(AnalystViewTest, PartsOfAStoryAreEditedAndDeletedWhereTheyStand) {
  go_to("story");
  say("uno");
  const auto second = say("dso");
  const auto third = say("tres");
  say("cuatro");
  const auto mended = edit(second, "dos");
  say("listo");
  edit(mended, "dos y medio");
  unsend(third);
  finish();
  EXPECT_THAT(told("story"), ElementsAre("uno:curr", "1 dso:supe", "1 dos:supe",
                                         "1 dos y medio:curr", "2 tres:retr", "3 cuatro:curr"));
}

TEST_F(AnalystViewTest, AStoryToldAnewTakesThePlaceOfTheFirst) {
  go_to("story");
  for (const char* words : {"uno", "dos", "tres", "listo"}) say(words);
  go_to("review");
  tap("review:change");
  say("Su historia");
  say("de nuevo");
  say("y más");
  say("listo");
  finish();
  EXPECT_THAT(told("story"), ElementsAre("uno:supe", "1 dos:supe", "2 tres:supe", "de nuevo:curr",
                                         "1 y más:curr"));
}

TEST_F(AnalystViewTest, ADeletedTapIsTakenBack) {
  go_to("vic_count");
  const auto count = tap("vic_count:2_5");
  unsend(count);
  finish();
  EXPECT_THAT(told("vic_count"), ElementsAre("2_5 :retr"));
}

TEST_F(AnalystViewTest, PicksToldAnewTakeThePlaceOfTheOldOnesOnceTheyAreWhole) {
  go_to("perp_kind");
  say("1, 2");
  say("atras");
  ASSERT_TRUE(asked("perp_kind"));
  tap("perp_kind:smuggler");
  tap("perp_kind:private");
  tap("perp_kind:_done");
  finish();
  EXPECT_THAT(told("perp_kind"), ElementsAre("us_authority mx_authority :supe", "smuggler !:supe",
                                             "smuggler private !:supe", "smuggler private :curr"));
  until_picked("private");  // as if nothing more had come
  EXPECT_THAT(told("perp_kind"), ElementsAre("us_authority mx_authority :curr", "smuggler !:supe",
                                             "smuggler private !:curr"));
}

class SignalViewTest : public AnalystViewTest {
 protected:
  SignalViewTest() : AnalystViewTest(gateway::Channel::kSignal) {}
  std::string send_data(const json::object& data) {
    EXPECT_EQ(world_.send_signal(who(), json::serialize(data)), 200U);
    world_.advance(std::chrono::seconds(5));
    return world_.message_id(who());
  }
};

// Words beside a file are sealed where it came; each file of a message is heard by itself.
TEST_F(SignalViewTest, AMessageOfFilesIsDeletedAsAWhole) {
  for (const char* words : {"saltar", "saltar", "saltar", "1", "saltar", "saltar"}) say(words);
  say("uno");
  const json::object file{{"id", "900100"}, {"contentType", "image/jpeg"}};
  const auto sent =
      send_data({{"message", "en la foto"}, {"attachments", json::array{file, file}}});
  say("dos");
  send_data({{"remoteDelete", {{"timestamp", std::stoll(sent)}}}});
  say("listo");
  finish();
  EXPECT_THAT(told("story"), ElementsAre("uno:curr", "1 en la foto:retr", "2 dos:curr"));
}

TEST_F(AnalystViewTest, AnEditOfWhatWasSaidBeforeConsentIsKept) {
  edit("wamid.5", "a mi hermana");
  finish();
  std::size_t kept = 0;
  for (const AnswerView& each : view_of(stored_).answers)
    if (each.of_unknown && each.answer.text() == "a mi hermana" && each.answer.remark()) ++kept;
  EXPECT_EQ(kept, 1U);
}

TEST_F(AnalystViewTest, AfterTheIdentityWhoReadsOnlyTestimoniesSeesThatThereIsAnEdit) {
  go_to("story");
  const auto story = say("uno");
  const auto second = say("dos");
  say("listo");
  go_to("contact_how");
  say("signal");
  const auto contact = say("CANARY-usuario.99");
  edit(contact, "CANARY-usuario.98");
  edit(story, "CANARY uno");
  unsend(second);
  finish();
  EXPECT_THAT(told("story"),
              ElementsAre("uno:supe", "(edited):supe", "CANARY uno:curr", "1 dos:retr"));
  EXPECT_THAT(told("contact_value"),
              ElementsAre("CANARY-usuario.99:supe", "(edited):supe", "CANARY-usuario.98:curr"));
  without_identity();
  EXPECT_THAT(told("story"), ElementsAre("uno:curr", "(edited):curr", "1 dos:retr"));
  for (const AnswerView& each : view_of(stored_).answers)
    EXPECT_EQ(each.answer.text().find("CANARY"), std::string::npos);
}

}  // namespace
}  // namespace resguardo::testing_support
