// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include "bot/gateway/whatsapp/limits.h"
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

TEST(WhatsAppRenderTest, SendsTextToTheNumbersPath) {
  const auto call =
      make_gateway("whatsapp")
          ->render(reply("Hola \"tú\"\n🙏"), to(Channel::kWhatsApp, "wa:38163555010"));
  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->path, "/700800900100200/messages");
  ASSERT_EQ(call->headers.size(), 2U);
  EXPECT_EQ(call->headers[0].name, "authorization");
  EXPECT_EQ(call->headers[0].value, "Bearer EAAB-access-token");
  EXPECT_EQ(call->headers[1].value, "application/json");
  EXPECT_EQ(json::parse(body_of(*call)),
            json::parse(R"({"messaging_product":"whatsapp","recipient_type":"individual",
              "to":"+38163555010","type":"text",
              "text":{"preview_url":false,"body":"Hola \"tú\"\n🙏"}})"));
}

TEST(WhatsAppRenderTest, PrefersTheNumberAndFallsBackToTheUserId) {
  const auto gateway = make_gateway("whatsapp");
  const auto body = [&](const Sender& sender) {
    return json::parse(body_of(gateway->render(reply("x"), sender).value()));
  };
  const json::value both = body(to(Channel::kWhatsApp, "wa:RS.28450139987710", "wa:38163555010"));
  EXPECT_EQ(both.at("to"), "+38163555010");
  EXPECT_FALSE(both.as_object().contains("recipient"));
  const json::value bsuid = body(to(Channel::kWhatsApp, "wa:RS.28450139987710"));
  EXPECT_EQ(bsuid.at("recipient"), "RS.28450139987710");
  EXPECT_FALSE(bsuid.as_object().contains("to"));
  for (const char* address :
       {"wa:", "wa:123", "sg:+38163555010", "38163555010", "wa:38163x555", "wa:r.s", "wa:rs.1"}) {
    EXPECT_FALSE(gateway->render(reply("x"), to(Channel::kWhatsApp, address)).ok()) << address;
  }
}

TEST(WhatsAppRenderTest, ShowsUpToThreeChoicesAsButtons) {
  Reply question = reply("Safe?");
  question.choices = {choice("q7:yes", "Sí"), choice("q7:no", "No")};
  EXPECT_EQ(rendered(question).at("interactive"), json::parse(R"({"type":"button",
      "body":{"text":"Safe?"},"action":{"buttons":[
      {"type":"reply","reply":{"id":"q7:yes","title":"Sí"}},
      {"type":"reply","reply":{"id":"q7:no","title":"No"}}]}})"));
  EXPECT_EQ(kind(with_choices(1)), "button");
  EXPECT_EQ(kind(with_choices(whatsapp::kMaxButtons)), "button");
  EXPECT_EQ(kind(with_choices(whatsapp::kMaxButtons + 1)), "list");
}

TEST(WhatsAppRenderTest, ShowsMoreAsAListInOneSection) {
  Reply question = with_choices(4);
  question.choices[1].description = "more of it";
  EXPECT_EQ(rendered(question).at("interactive"), json::parse(R"({"type":"list",
      "body":{"text":"Where?"},"action":{"button":"Choose","sections":[{"rows":[
      {"id":"q:0","title":"Choice 0"},
      {"id":"q:1","title":"Choice 1","description":"more of it"},
      {"id":"q:2","title":"Choice 2"},{"id":"q:3","title":"Choice 3"}]}]}})"));
  EXPECT_EQ(kind(with_choices(whatsapp::kMaxRows)), "list");
  EXPECT_EQ(kind(with_choices(whatsapp::kMaxRows + 1)), "refused");
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

TEST(WhatsAppRenderTest, OffersTheMapWhereAPlaceIsAsked) {
  Reply question = reply("Where was it?");
  question.asks_location = true;
  EXPECT_EQ(rendered(question).at("interactive"), json::parse(R"({"type":"location_request_message",
      "body":{"text":"Where was it?"},"action":{"name":"send_location"}})"));
  question.text = SecretText(std::string(whatsapp::kMaxInteractiveBody + 1, 'x'));
  EXPECT_EQ(kind(question), "text") << "no button, but the whole text";
  question.text = SecretText("?");
  question.choices = {choice("q:a", "A")};
  EXPECT_EQ(kind(question), "button");
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

TEST(WhatsAppRenderTest, WritesAMultipleChoiceInNumbers) {
  Reply question = with_choices(3, "Which?");
  question.multiple = true;
  EXPECT_EQ(rendered(question).at("text").at("body"),
            "Which?\n\n1) Choice 0\n2) Choice 1\n3) Choice 2\n\nReply with the number.");
  for (std::size_t i = 3; i < 15; ++i) {
    question.choices.push_back(choice("m:" + std::to_string(i), "M"));
  }
  EXPECT_EQ(kind(question), "text");  // no limit but the text's
}

TEST(WhatsAppRenderTest, ShowsAMultipleChoiceAsAListOnlyIfTheReplySaysSo) {
  Reply question = with_choices(2, "Which?");
  question.multiple = true;
  question.list_hint = "Tap one, or write numbers: 1 2";
  const json::value list = rendered(question).at("interactive");
  EXPECT_EQ(list.at("type"), "list");
  EXPECT_EQ(list.at("body").at("text"),
            "Which?\n\n1) Choice 0\n2) Choice 1\n\nTap one, or write numbers: 1 2");
}

}  // namespace
}  // namespace resguardo::gateway
