// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/syntax.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <array>
#include <utility>

#include "proto/questionnaire.pb.h"

namespace resguardo::form {
namespace {

using google::protobuf::TextFormat;
using Tree = TextFormat::ParseInfoTree;
constexpr int kMaxDepth = 40;  // as the dialogue's own reader

class Collector final : public google::protobuf::io::ErrorCollector {
 public:
  explicit Collector(std::vector<SyntaxError>& errors) : errors_(errors) {}
  void AddError(int line, google::protobuf::io::ColumnNumber, const std::string& what) override {
    errors_.push_back({static_cast<std::size_t>(line + 1), what});
  }

 private:
  std::vector<SyntaxError>& errors_;
};

// Walks message and tree of places together: wherever a message has an id, code or key, its line.
class Lines {
 public:
  explicit Lines(std::map<std::string, std::size_t>& lines) : lines_(lines) {}

  void walk(const google::protobuf::Message& message, const Tree& tree, const std::string& owner) {
    const auto* descriptor = message.GetDescriptor();
    const auto* reflection = message.GetReflection();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const auto* field = descriptor->field(i);
      if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
      if (field->is_repeated()) {
        for (int at = 0; at < reflection->FieldSize(message, field); ++at) {
          descend(reflection->GetRepeatedMessage(message, field, at), tree, field, at, owner);
        }
      } else if (reflection->HasField(message, field)) {
        descend(reflection->GetMessage(message, field), tree, field, -1, owner);
      }
    }
  }

 private:
  void descend(const google::protobuf::Message& inner, const Tree& tree,
               const google::protobuf::FieldDescriptor* field, int at, const std::string& owner) {
    const Tree* below = tree.GetTreeForNested(field, at);
    if (below == nullptr) return;
    const std::string name = name_of(inner, owner);
    const auto line = tree.GetLocation(field, at).line;
    if (!name.empty() && line >= 0) {
      lines_.emplace(name, static_cast<std::size_t>(line) + 1);
    }
    walk(inner, *below, name.empty() ? owner : name);
  }
  static std::string name_of(const google::protobuf::Message& inner, const std::string& owner) {
    static constexpr std::array<const char*, 4> kNaming = {"id", "code", "key", "language"};
    for (const char* candidate : kNaming) {
      const auto* field = inner.GetDescriptor()->FindFieldByName(candidate);
      if (field == nullptr || field->is_repeated() ||
          field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
        continue;
      }
      const std::string value = inner.GetReflection()->GetString(inner, field);
      return value.empty() ? std::string() : full_name(inner, candidate, value, owner);
    }
    return {};
  }
  static std::string full_name(const google::protobuf::Message& inner, std::string_view kind,
                               const std::string& value, const std::string& owner) {
    const std::string& type = inner.GetDescriptor()->name();
    std::string name = owner;
    if (kind == "code" && type != "GazetteerPlace") return name.append(":").append(value);
    if (kind == "language") return name.append(" (").append(value).append(")");
    if (type == "Phrase") return "phrase " + value;
    if (type == "Resource") return "resource " + value;
    if (type == "GazetteerPlace") return "place " + value;
    if (type == "PlacePage") return "page " + value;
    return value;
  }
  std::map<std::string, std::size_t>& lines_;
};

}  // namespace

ParsedPart parse_part(std::string_view text) {
  ParsedPart parsed;
  Collector collector(parsed.errors);
  Tree tree;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.SetRecursionLimit(kMaxDepth);
  parser.WriteLocationsTo(&tree);
  pb::Questionnaire form;
  const bool whole = parser.ParseFromString(std::string(text), &form);
  if (!whole && parsed.errors.empty()) parsed.errors.push_back({1, "does not parse"});
  if (whole) Lines(parsed.lines).walk(form, tree, {});
  return parsed;
}

std::string mend_of(std::string_view what) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 6> kMends = {
      {{"has no field named", "proto/questionnaire.proto lists the fields: check the spelling"},
       {"specified multiple times", "it may stand once in all parts together: remove one"},
       {"Unknown enumeration value", "proto/questionnaire.proto lists the values"},
       {"Expected identifier", "a brace } too many or too few, here or just before"},
       {"Reached end of input", "a brace { is never closed"},
       {"String literals cannot cross line boundaries",
        "close the text with \" on the same line; write \\n for a line break"}}};
  for (const auto& [said, mend] : kMends) {
    if (what.find(said) != std::string_view::npos) return mend;
  }
  if (what.starts_with("Expected")) return "a quote, colon or brace is missing here or just before";
  return {};
}

}  // namespace resguardo::form
