// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/json.h"

#include <gtest/gtest.h>
#include <boost/json/object.hpp>

#include "bot/gateway/surrogates.h"

namespace resguardo::gateway {
namespace {

Result<JsonDocument> parse(std::string_view text) {
  return JsonDocument::parse(as_bytes(text));
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::optional<std::uint64_t> integer(std::string_view json) {
  const auto document = parse("{\"n\":" + std::string(json) + "}");
  return integer_at(document->root().as_object(), "n");
}

std::string mended(std::string_view text) {
  const auto result = replace_lone_surrogates(as_bytes(text));
  return result ? to_string(result->view()) : "unchanged";
}

TEST(JsonDocumentTest, TakesThirtyTwoLevelsAndNotOneMore) {
  EXPECT_TRUE(parse(nested(kJsonDepth)).ok());
  EXPECT_FALSE(parse(nested(kJsonDepth + 1)).ok());
  EXPECT_FALSE(parse(nested(1'000'000)).ok());
}

TEST(JsonDocumentTest, RefusesWhatIsNotStrictJson) {
  for (const char* text :
       {"", " ", "{", "{} {}", "{,}", "[1,]", "// x\n{}", "{'a':1}", "NaN", "\"\xFF\"",
        "\"\xED\xA0\x80\"", "\xEF\xBB\xBF{}", "\"\n\"", "01", "\"\\x41\"", "\"\\u12\""}) {
    EXPECT_FALSE(parse(text).ok()) << text;
  }
}

TEST(JsonDocumentTest, KeepsTheLastOfDuplicateKeys) {
  const auto document = parse(R"({"a":"first","a":"last"})");
  EXPECT_EQ(text_at(document->root().as_object(), "a"), "last");
}

TEST(JsonDocumentTest, KeepsNul) {
  const auto document = parse(R"({"a":"x\u0000y"})");
  EXPECT_EQ(text_at(document->root().as_object(), "a"), std::string_view("x\0y", 3));
}

TEST(JsonDocumentTest, SurvivesBeingMoved) {
  auto document = parse(R"({"a":"a text that is longer than any small-string buffer"})");
  const JsonDocument moved = std::move(document).value();
  EXPECT_EQ(text_at(moved.root().as_object(), "a"),
            "a text that is longer than any small-string buffer");
}

TEST(IntegerAtTest, IsLenientInTypeAndStrictInRange) {
  EXPECT_EQ(integer("1790000000"), 1790000000U);
  EXPECT_EQ(integer("\"1790000000\""), 1790000000U);
  EXPECT_EQ(integer("1790000000.0"), 1790000000U);
  EXPECT_EQ(integer("9007199254740992"), std::uint64_t{1} << 53);
  EXPECT_EQ(integer("9007199254740993"), std::nullopt);
  EXPECT_EQ(integer("\"9007199254740993\""), std::nullopt);
  for (const char* json :
       {"-1", "\"-1\"", "1.5", "1e300", "18446744073709551615", "99999999999999999999999", "\"\"",
        "\" 1\"", "\"1x\"", "\"+1\"", "null", "true", "[1]"}) {
    EXPECT_EQ(integer(json), std::nullopt) << json;
  }
}

TEST(IdAtTest, TakesNumbersForStrings) {
  const auto document = parse(R"({"s":"abc","n":18446744073709551615,"m":-1,"d":1.0,"b":true})");
  const auto& object = document->root().as_object();
  EXPECT_EQ(id_at(object, "s")->reveal(), "abc");
  EXPECT_EQ(id_at(object, "n")->reveal(), "18446744073709551615");
  for (const char* key : {"m", "d", "b", "absent"}) EXPECT_FALSE(id_at(object, key)) << key;
}

TEST(LoneSurrogatesTest, AreReplacedAndPairsAreNot) {
  EXPECT_EQ(mended(R"("\ud83d\ude4f")"), "unchanged");
  EXPECT_EQ(mended(R"("\ud83d")"), R"("\ufffd")");
  EXPECT_EQ(mended(R"("\uD83Dx\uDE4F")"), R"("\ufffdx\ufffd")");
  EXPECT_EQ(mended(R"("\ud83d\ud83d\ude4f")"), R"("\ufffd\ud83d\ude4f")");
  EXPECT_EQ(mended(R"("\ude4f\ud83d")"), R"("\ufffd\ufffd")");
  EXPECT_EQ(mended(R"("\ud83d\n")"), R"("\ufffd\n")");
}

TEST(LoneSurrogatesTest, AreNotSeenWhereTheBackslashIsEscaped) {
  EXPECT_EQ(mended(R"("\\ud83d")"), "unchanged");
  EXPECT_EQ(mended(R"("\\\ud83d")"), R"("\\\ufffd")");
  EXPECT_EQ(mended("\"\\ud83"), "unchanged");  // cut short
  EXPECT_EQ(mended("\\"), "unchanged");
  EXPECT_EQ(mended(""), "unchanged");
}

TEST(ToJsonTest, WritesLongAndHostileTextBack) {
  std::string text(10'000, 'x');
  text.append("\"\\\n\x01 ñ🙏").push_back('\0');
  boost::json::object object(wiping_json_storage());
  object["t"] = text;
  const SecretBuffer written = to_json(boost::json::value(std::move(object)));
  const auto read = JsonDocument::parse(written.view());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(text_at(read->root().as_object(), "t"), text);
}

}  // namespace
}  // namespace resguardo::gateway
