// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/syntax.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <array>
#include <utility>

#include "form/syntax_scan.h"
#include "form/syntax_words.h"
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
    errors_.push_back(in_words(static_cast<std::size_t>(line + 1), what));
  }

 private:
  std::vector<SyntaxError>& errors_;
};

// Walks message and tree of places together: wherever a message has an id, code or key, its line.
class Lines {
 public:
  using Names = std::map<std::string, std::vector<NamedAt>>;
  explicit Lines(Names& lines) : lines_(lines) {}

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
      lines_[name].push_back({static_cast<std::size_t>(line) + 1, inner.GetDescriptor()->name()});
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
  Names& lines_;
};

}  // namespace

ParsedPart parse_part(std::string_view text) {
  ParsedPart parsed;
  parsed.errors = slips_in(text);
  if (!parsed.errors.empty()) return parsed;
  Collector collector(parsed.errors);
  Tree tree;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.SetRecursionLimit(kMaxDepth);
  parser.WriteLocationsTo(&tree);
  pb::Questionnaire form;
  const bool whole = parser.ParseFromString(std::string(text), &form);
  if (!whole && parsed.errors.empty()) parsed.errors.push_back(in_words(1, "does not parse"));
  if (whole) Lines(parsed.lines).walk(form, tree, {});
  return parsed;
}

}  // namespace resguardo::form
