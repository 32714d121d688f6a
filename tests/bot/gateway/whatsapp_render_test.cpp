// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include "bot/gateway/whatsapp/limits.h"
#include "bot/gateway/whatsapp/whatsapp.h"
#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;
namespace json = boost::json;

json::value rendered(const Reply& reply) {
  const auto call =
      make_gateway("whatsapp")->render(reply, to(Channel::kWhatsApp, "wa:38163555010"));
  return call.ok() ? json::parse(body_of(*call)) : json::value("refused");
}

std::string kind(const Reply& reply) {
  const json::value body = rendered(reply);
  if (!body.is_object()) return "refused";
  if (body.at("type") == "text") return "text";
  return std::string(body.at("interactive").at("type").as_string());
}

Reply with_choices(std::size_t count, std::string_view text = "Where?") {
  Reply question = reply(text);
  for (std::size_t i = 0; i < count; ++i) {
    question.choices.push_back(choice("q:" + std::to_string(i), "Choice " + std::to_string(i)));
  }
  return question;
}

TEST(WhatsAppRenderTest, TakesAListWhereAButtonsLimitIsPassed) {
  Reply question = with_choices(2);
  question.choices[0].title = filled(whatsapp::kMaxButtonTitle, 't');
  EXPECT_EQ(kind(question), "button");
  question.choices[0].title += 't';
  EXPECT_EQ(kind(question), "list");
  question.choices[0].title = "Choice 1";  // the same title twice
  EXPECT_EQ(kind(question), "list");
  question.choices[0].title = "A";
  question.choices[0].description = "buttons have none";
  EXPECT_EQ(kind(question), "list");
  question.list_button.clear();
  EXPECT_EQ(kind(question), "refused");
  EXPECT_EQ(kind(with_choices(2, filled(whatsapp::kMaxInteractiveBody, 'x'))), "button");
  EXPECT_EQ(kind(with_choices(2, filled(whatsapp::kMaxInteractiveBody + 1, 'x'))), "list");
}

TEST(WhatsAppRenderTest, RefusesARowOverItsLimitAndNeverCuts) {
  const auto list_with = [](auto change) {
    Reply question = with_choices(5);
    change(question);
    return kind(question);
  };
  const std::string title = filled(whatsapp::kMaxRowTitle, 't');
  EXPECT_EQ(list_with([&](Reply& q) { q.choices[0].title = title; }), "list");
  EXPECT_EQ(list_with([&](Reply& q) { q.choices[0].title = title + 't'; }), "refused");
  const std::string description = filled(whatsapp::kMaxRowDescription, 'd');
  EXPECT_EQ(list_with([&](Reply& q) { q.choices[0].description = description; }), "list");
  EXPECT_EQ(list_with([&](Reply& q) { q.choices[0].description = description + 'd'; }), "refused");
  const std::string id = filled(whatsapp::kMaxRowId, 'i');
  EXPECT_EQ(list_with([&](Reply& q) { q.choices[0].id = id; }), "list");
  EXPECT_EQ(list_with([&](Reply& q) { q.choices[0].id = id + 'i'; }), "refused");
  const std::string button = filled(whatsapp::kMaxListButton, 'b');
  EXPECT_EQ(list_with([&](Reply& q) { q.list_button = button; }), "list");
  EXPECT_EQ(list_with([&](Reply& q) { q.list_button = button + 'b'; }), "refused");
}

TEST(WhatsAppRenderTest, OffersTheMapWhereTheWholeTextFits) {
  Reply question = reply(filled(whatsapp::kMaxInteractiveBody, 'x'));
  question.asks_location = true;
  EXPECT_EQ(kind(question), "location_request_message");
  question.text = SecretText(filled(whatsapp::kMaxInteractiveBody + 1, 'x'));
  EXPECT_EQ(kind(question), "text") << "no button, but the whole text";
}

TEST(WhatsAppRenderTest, RefusesATextOverItsLimit) {
  const std::string full = filled(whatsapp::kMaxTextUnits, 'x');
  EXPECT_EQ(kind(reply(full)), "text");
  EXPECT_EQ(kind(reply(full + 'x')), "refused");
  EXPECT_EQ(kind(with_choices(5, full)), "list");
  EXPECT_EQ(kind(with_choices(5, full + 'x')), "refused");
}

// How WhatsApp counts is not written anywhere: the larger of the two ways is asked.
TEST(WhatsAppRenderTest, CountsAnEmojiAsTwo) {
  Reply question = with_choices(5);
  question.choices[0].title = filled(22, 't') + "🙏";
  EXPECT_EQ(kind(question), "list");
  question.choices[0].title = filled(23, 't') + "🙏";
  EXPECT_EQ(kind(question), "refused");
  question.choices[0].title = "ññññññññññññññññññññññññ";  // 24, in 48 bytes
  EXPECT_EQ(kind(question), "list");
}

TEST(WhatsAppRenderTest, WritesAMultipleChoiceInNumbersWithoutEnd) {
  Reply question = with_choices(15, "Which?");
  question.multiple = true;
  EXPECT_EQ(kind(question), "text");  // no limit but the text's
}

TEST(WhatsAppRenderTest, ShowsThatAMessageWasReadOnlyIfThatIsWanted) {
  const SecretText theirs("w:wamid.HBgLMzgxNjM1NTUwMTA");
  EXPECT_FALSE(make_gateway("whatsapp")->mark_read(theirs).has_value());
  auto config = whatsapp_config();
  config.mark_as_read = true;
  const auto call = whatsapp::WhatsApp::create(std::move(config)).value()->mark_read(theirs);
  ASSERT_TRUE(call.has_value());
  EXPECT_FALSE(call->counts);  // it is no message
}

}  // namespace
}  // namespace resguardo::gateway
