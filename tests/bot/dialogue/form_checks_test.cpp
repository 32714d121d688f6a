// SPDX-License-Identifier: AGPL-3.0-or-later
// Each case breaks the short form in one place and must be told so.
#include "tests/bot/dialogue/form_fixture.h"

namespace resguardo::dialogue {
namespace {

struct Break {
  const char* name;
  std::string find;
  std::string replace;
  const char* problem;
};
void PrintTo(const Break& each, std::ostream* out) {
  *out << each.name;
}

class BrokenFormTest : public ::testing::TestWithParam<Break> {};

TEST_P(BrokenFormTest, IsRefusedWithItsReason) {
  std::string source = short_form_source();
  const auto at = source.find(GetParam().find);
  ASSERT_NE(at, std::string::npos) << GetParam().find;
  source.replace(at, GetParam().find.size(), GetParam().replace);
  ASSERT_STRNE(GetParam().problem, "");
  const std::string problems = problems_of(source);
  EXPECT_NE(problems.find(GetParam().problem), std::string::npos) << problems;
}

const std::string kEnglishRobbery = R"(titles { language: "en" title: "Robbery" })";
const std::string kFirstPlace = R"(choices {
        code: "MX")";

INSTANTIATE_TEST_SUITE_P(
    Breaks, BrokenFormTest,
    ::testing::Values(
        Break{"syntax", "id: \"border_abuse_short\"", "id = 3", "line 7"},
        Break{"unknown_field", "version: \"0.1.0\"", "version: \"1\" surprise: 1", "surprise"},
        Break{"no_version", "version: \"0.1.0\"", "", "form: no version"},
        Break{"language_without_texts", "languages: \"en\"", "languages: \"en\" languages: \"fr\"",
              "safety_now (fr): no text"},
        Break{"language_not_offered", "languages: \"en\"", "languages: \"en\" languages: \"fr\"",
              "the form's language is not offered: fr"},
        Break{"missing_title", kEnglishRobbery, "", "event_harm:robbery (en): no title"},
        Break{"missing_text", "full: \"In which country did it happen?\"", "",
              "place_country (en): no text"},
        Break{"missing_why", "why: \"This tells us which questions to ask you and which not to.\"",
              "", "event_harm (en): why: given in some"},
        Break{"long_title", "title: \"Robbery\"", "title: \"Robbery, and a lot of it too\"",
              "title longer than 24 characters: Robbery, and a lot"},
        Break{"long_button", "title: \"Yes, I can write\"", "title: \"Yes, I can write now.\"",
              "title longer than 20 characters"},
        Break{"long_description", "description: \"Only if we have questions\"",
              "description: \"" + std::string(73, 'x') + "\"", "description longer than 72"},
        Break{"long_text", "full: \"In which country did it happen?\"",
              "full: \"" + std::string(1025, 'x') + "\"", "longer than 1024 characters"},
        Break{"too_many_rows", kFirstPlace,
              R"(choices { code: "AA" } choices { code: "BB" } )" + kFirstPlace,
              "place_country: more than 10 rows"},
        Break{"same_id", "id: \"us_link\"", "id: \"role\"", "role: id used twice"},
        Break{"same_code", "code: \"robbery\"", "code: \"threats\"", "threats: code used twice"},
        Break{"same_title", "title: \"Robbery\"", "title: \"threats\"",
              "two choices by the name of threats"},
        Break{"engine_code", "code: \"robbery\"", "code: \"_done\"", "neither starts with _"},
        Break{"command_as_title", "title: \"Robbery\"", "title: \"Help\"", "\"help\" is a command"},
        Break{"command_twice", "words: \"AYUDA\"", "words: \"SALIR\"",
              "means two different things"},
        Break{"unknown_goto", "goto_node: \"m_later\"", "goto_node: \"m_latter\"",
              "safety_now: goes to an unknown node: m_latter"},
        Break{"no_exit", "message { after: AFTER_GO go_to: \"consent_intro\" }",
              "message { after: AFTER_GO go_to: \"m_consent_faq\" }", "m_consent_faq: no way out"},
        Break{"sensitive_required", "id: \"event_harm\"", "id: \"event_harm\" required: true",
              "event_harm: a sensitive question must be skippable"},
        Break{"consent_by_default", "opens: true", "opens: true chosen_by_default: true",
              "a purpose is never agreed to by default: research"},
        Break{"unknown_name", "relevant: \"channel == 'whatsapp'\"",
              "relevant: \"chanel == 'whatsapp'\"", "relevant: no such question: chanel"},
        Break{"unknown_code", "relevant: \"channel == 'whatsapp'\"",
              "relevant: \"channel == 'sms'\"", "relevant: no such code: sms"},
        Break{"forward_reference", "relevant: \"channel == 'whatsapp'\"",
              "relevant: \"still_risk == 'yes'\"", "asked only later: still_risk"},
        Break{"contradiction", "relevant: \"channel == 'whatsapp'\"",
              "relevant: \"channel == 'whatsapp' and channel == 'signal'\"",
              "m_channel_whatsapp: can never be asked"},
        Break{"placeholder_differs", "to us on Signal: {signal_link}.", "to us on Signal.",
              "m_channel_whatsapp (en): its placeholders"},
        Break{"placeholder_unknown", "to us on Signal: {signal_link}.", "to us on {signal}.",
              "unknown placeholder {signal}"},
        Break{"resource_unknown", "{resources:medical}", "{resources:medic}",
              "unknown placeholder {resources:medic}"},
        Break{"receipt_missing", "\\n\\n{receipt}\\n\\nGuárdelo en", "\\n\\nGuárdelo en",
              "receipt: the text must hold {receipt} once: es"},
        Break{"phrase_unknown", "key: \"no_why\"", "key: \"no_wy\"",
              "phrase no_why: no text in es"},
        Break{"landmark_unknown", "help: \"m_help\"", "help: \"m_hlp\"", "unknown node: m_hlp"},
        Break{"landmark_type", "help: \"m_help\"", "help: \"role\"", "help is of another type"},
        Break{"safety_first", "safety: \"safety_now\"", "safety: \"safety_phone\"",
              "safety is asked before anything else"},
        Break{"not_persisted", "id: \"role\"\n    required: true\n    persist: true",
              "id: \"role\"\n    required: true", "role: an expression reads it"},
        Break{"explain_nothing", "explain: \"Nadie sabrá su nombre",
              "voice: \"Nadie sabrá su nombre", "consent_identity: nothing to explain"},
        Break{"too_long_a_way", "longest_path: 30", "longest_path: 20",
              "form: the longest way takes"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(FormChecksTest, TellEverythingThatIsWrong) {
  std::string source = short_form_source();
  const auto change = [&](const std::string& find, const std::string& replace) {
    source.replace(source.find(find), find.size(), replace);
  };
  change("goto_node: \"m_later\"", "goto_node: \"nowhere\"");
  change("title: \"Robbery\"", "title: \"\"");
  change("relevant: \"channel == 'whatsapp'\"", "relevant: \"channel is whatsapp\"");
  const std::string problems = problems_of(source);
  EXPECT_NE(problems.find("nowhere"), std::string::npos);
  EXPECT_NE(problems.find("event_harm:robbery (en): no title"), std::string::npos);
  EXPECT_NE(problems.find("m_channel_whatsapp: relevant"), std::string::npos);
}

TEST(FormChecksTest, ANodeBehindADeadEndIsUnreachable) {
  std::string source = short_form_source();
  const std::string end = "  nodes {\n    id: \"m_grounding\"";
  const std::string lost =
      "  nodes { id: \"m_bye\" texts { language: \"es\" full: \"Adiós\" } texts { language: \"en\" "
      "full: \"Bye\" } message { after: AFTER_END } }\n";
  source.insert(source.find(end), lost);
  EXPECT_NE(problems_of(source).find("m_grounding: no way leads here"), std::string::npos);
}

TEST(FormChecksTest, AFormThatRunsOffItsEndIsRefused) {
  std::string source = short_form_source();
  const auto last = source.rfind("after: AFTER_END");
  source.erase(last, std::string("after: AFTER_END").size());
  EXPECT_NE(problems_of(source).find("m_health: the form ends here without a last message"),
            std::string::npos);
}

TEST(FormChecksTest, HostileSourcesAreRefused) {
  EXPECT_NE(problems_of(""), "");
  EXPECT_NE(problems_of(std::string("\0\0", 2)), "");
  EXPECT_NE(problems_of("sections { nodes { consent {} } }"), "");
  EXPECT_NE(problems_of("sections { nodes { review {} } } landmarks { review: \"\" }"), "");
  // Groups in groups without end would take the stack with them.
  std::string deep = "sections { nodes { ";
  for (int i = 0; i < 200'000; ++i) deep += "group { nodes { ";
  EXPECT_NE(problems_of(deep), "");
  EXPECT_NE(problems_of(std::string(5U << 20U, '#')).find("larger than 4 MiB"), std::string::npos);
}

}  // namespace
}  // namespace resguardo::dialogue
