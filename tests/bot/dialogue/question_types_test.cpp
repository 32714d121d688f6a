// SPDX-License-Identifier: AGPL-3.0-or-later
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <set>

#include "bot/dialogue/question_type.h"
#include "tests/bot/dialogue/form_fixture.h"

namespace resguardo::dialogue {
namespace {

const google::protobuf::OneofDescriptor* body() {
  return pb::Node::descriptor()->FindOneofByName("body");
}

TEST(QuestionTypesTest, EveryArmIsImplementedOrReserved) {
  ASSERT_NE(body(), nullptr);
  for (int i = 0; i < body()->field_count(); ++i) {
    const auto arm = static_cast<pb::Node::BodyCase>(body()->field(i)->number());
    const auto reserved = reserved_arms();
    const bool later = std::find(reserved.begin(), reserved.end(), arm) != reserved.end();
    const bool now = question_type(arm) != nullptr;
    EXPECT_NE(now, later) << body()->field(i)->name()
                          << ": give it a file in question_types/ and a line in registry.cpp";
  }
}

TEST(QuestionTypesTest, EachIsNamedAsItsArmAndComplete) {
  std::set<std::string_view> names;
  for (const auto* type : question_types()) {
    const auto* field = pb::Node::descriptor()->FindFieldByNumber(static_cast<int>(type->arm));
    ASSERT_NE(field, nullptr);
    EXPECT_EQ(field->name(), type->name);
    EXPECT_TRUE(names.insert(type->name).second);
    EXPECT_TRUE(type->choices != nullptr && type->check != nullptr && type->rows != nullptr &&
                type->hear != nullptr);
  }
}

void use(const google::protobuf::RepeatedPtrField<pb::Node>& nodes,
         std::set<const QuestionType*>& used) {
  for (const auto& node : nodes) {
    if (const auto* type = question_type(node.body_case()); type != nullptr) used.insert(type);
    use(node.group().nodes(), used);
  }
}

TEST(QuestionTypesTest, TheFormsUseEveryType) {
  const auto forms = testing_support::source_dir() / "proto/forms";
  std::vector<std::filesystem::path> files = {forms / "border_abuse_short.txtpb"};
  for (const auto& entry : std::filesystem::directory_iterator(forms / "border_abuse")) {
    if (entry.path().extension() == ".txtpb") files.push_back(entry.path());
  }
  std::set<const QuestionType*> used;
  for (const auto& file : files) {
    pb::Questionnaire part;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(read_text(file), &part)) << file;
    for (const auto& section : part.sections()) use(section.nodes(), used);
  }
  for (const auto* type : question_types()) {
    if (type->arm == pb::Node::kArea) continue;   // the places' own pages lead on to areas
    if (type->arm == pb::Node::kMedia) continue;  // until the server keeps files
    EXPECT_TRUE(used.contains(type)) << type->name;
  }
}

TEST(QuestionTypesTest, ANodeOfNoTypeIsRefused) {
  std::string source = short_form_source();
  const std::string text = "    text {}\n";
  source.replace(source.find(text), text.size(), "\n");
  EXPECT_NE(problems_of(source).find("when_value: neither a question nor a message"),
            std::string::npos);
}

}  // namespace
}  // namespace resguardo::dialogue
