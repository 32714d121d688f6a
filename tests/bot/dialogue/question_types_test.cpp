// SPDX-License-Identifier: AGPL-3.0-or-later
#include <google/protobuf/descriptor.h>

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

TEST(QuestionTypesTest, TheShortFormUsesEveryType) {
  ASSERT_NE(short_form(), nullptr);
  std::set<const QuestionType*> used;
  for (const auto& node : short_form()->content().nodes) used.insert(node.type);
  EXPECT_EQ(used.size(), question_types().size());
}

TEST(QuestionTypesTest, ReservedArmsAreRefusedWithAReason) {
  std::string source = short_form_source();
  const std::string text = "    text {}\n";
  source.replace(source.find(text), text.size(), "    date { not_future: true }\n");
  EXPECT_NE(problems_of(source).find("when_value: this type of question comes with a later issue"),
            std::string::npos);
}

}  // namespace
}  // namespace resguardo::dialogue
