// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/syntax_words.h"

#include <google/protobuf/descriptor.h>

#include <array>
#include <optional>
#include <regex>
#include <string>

#include "bot/dialogue/reading/phrases.h"

namespace resguardo::form {
namespace {

using google::protobuf::DescriptorPool;

struct Saying {
  const char* said;  // a pattern of all that the parser said
  const char* what;  // $1, $2: its groups
  const char* mend;
};

// In order: the first that fits. The parser's own words are those of protobuf 3.21, Debian 12's.
constexpr std::array<Saying, 12> kSayings = {{
    {R"re(Non-repeated field "(.*)" is specified multiple times\.)re",
     "$1 stands here a second time", "it may stand once in all parts together: remove one"},
    {R"re(Field "(.*)" is specified along with field "(.*)", another.*)re", "both $2 and $1",
     "only one of them can be: take the other out"},
    {R"re(Unknown enumeration value of "(.*)" for field "(.*)"\.)re", "$2 cannot be $1",
     "proto/questionnaire.proto lists the values"},
    {R"re(Invalid value for boolean field "(.*)"\. Value: "(.*)"\.)re", "$1 cannot be $2",
     "write true or false"},
    {R"re(Expected string, got: (.*))re", "a text in quotes belongs here, not $1",
     "put it between \" and \""},
    {R"re(Expected integer, got: (.*))re", "a whole number belongs here, not $1",
     "write it in figures, without quotes or a sign before it"},
    {R"re(Expected double, got: (.*))re", "a number belongs here, not $1",
     "write it in figures, without quotes"},
    {R"re(Expected ":", found "(.*)"\.)re", "a colon : is missing before $1",
     "write `name: value`"},
    {R"re(Expected identifier, got: /)re", "/ does not belong here", "a remark begins with #"},
    {R"re(Expected identifier, got: (.*))re", "$1 does not belong here",
     "take it out, or look for what is missing just before it"},
    {R"re(Expected "(.*)", found "(.*)"\.)re", "$1 belongs here, not $2",
     "look for what is missing here or just before"},
    {R"re(Message is too deep.*)re", "braces in braces, too deep to be meant",
     "a } is missing somewhere before"},
}};

// The name that was probably meant; nothing: none is near.
std::optional<std::string> nearest(const std::string& type, const std::string& name) {
  constexpr std::size_t kMostSlips = 2;
  const auto* message = DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  if (message == nullptr) return std::nullopt;
  for (std::size_t slips = 1; slips <= kMostSlips; ++slips) {
    for (int i = 0; i < message->field_count(); ++i) {
      const std::string& field = message->field(i)->name();
      if (dialogue::edit_distance(field, name, slips) <= slips) return field;
    }
  }
  return std::nullopt;
}

std::optional<SyntaxError> unknown_field(std::size_t line, const std::string& said) {
  static const std::regex kPattern(R"re(Message type "(.*)" has no field named "(.*)"\.)re");
  std::smatch found;
  if (!std::regex_match(said, found, kPattern)) return std::nullopt;
  const std::string type = found[1].str();
  SyntaxError error;
  error.line = line;
  error.what.append(found[2].str())
      .append(" cannot stand in a ")
      .append(type, type.rfind('.') + 1)
      .append(", where this is");
  const auto meant = nearest(type, found[2].str());
  error.mend = meant
                   ? "write " + *meant
                   : "proto/questionnaire.proto lists the fields of each; if this one is right, a "
                     "brace is missing before it, and a quote inside of a text is written \\\"";
  return error;
}

}  // namespace

SyntaxError in_words(std::size_t line, std::string_view said) {
  const std::string text(said);
  if (auto error = unknown_field(line, text)) return *std::move(error);
  for (const Saying& each : kSayings) {
    const std::regex pattern(each.said);
    std::smatch found;
    if (std::regex_match(text, found, pattern)) return {line, found.format(each.what), each.mend};
  }
  return {line, text, "a quote, colon or brace is missing here or just before"};
}

}  // namespace resguardo::form
