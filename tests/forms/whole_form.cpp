// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/forms/whole_form.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "form/parts.h"
#include "tests/support/paths.h"

namespace resguardo::forms {
namespace {

std::filesystem::path forms_dir() {
  return testing_support::source_dir() / "proto/forms";
}
std::string joined() {
  auto source = form::FormSource::read(forms_dir() / "border_abuse");
  EXPECT_TRUE(source.ok());
  return source.ok() ? std::string(to_string(source->bytes())) : std::string();
}
pb::Questionnaire parsed() {
  pb::Questionnaire form;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(whole_form_text(), &form));
  return form;
}
pb::ResearchCodes all_codes() {
  pb::ResearchCodes codes;
  for (const auto& file : std::filesystem::directory_iterator(forms_dir() / "taxonomies")) {
    if (file.path().extension() != ".txtpb") continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(text, &codes)) << file.path();
  }
  return codes;
}

}  // namespace

const std::string& whole_form_text() {
  static const std::string kText = joined();
  return kText;
}
const pb::Questionnaire& whole_form() {
  static const pb::Questionnaire kForm = parsed();
  return kForm;
}
const pb::ResearchCodes& research_codes() {
  static const pb::ResearchCodes kCodes = all_codes();
  return kCodes;
}

std::vector<FormNode> nodes_of(const pb::Questionnaire& form) {
  std::vector<FormNode> nodes;
  for (const auto& section : form.sections()) {
    for (const auto& node : section.nodes()) {
      nodes.push_back({&node, false});
      for (const auto& inner : node.group().nodes()) nodes.push_back({&inner, true});
    }
  }
  return nodes;
}
const pb::Node* node_named(const std::string& id) {
  for (const auto& each : nodes_of(whole_form())) {
    if (each.node->id() == id) return each.node;
  }
  return nullptr;
}

std::vector<const pb::Choice*> choices_of(const pb::Node& node) {
  std::vector<const pb::Choice*> all;
  const auto add = [&](const auto& list) {
    for (const auto& choice : list) all.push_back(&choice);
  };
  add(node.single_choice().choices());
  add(node.multiple_choice().choices());
  add(node.language().choices());
  for (const auto& purpose : node.consent().purposes()) all.push_back(&purpose.choice());
  std::string taxonomy = node.single_choice().taxonomy();
  taxonomy += node.multiple_choice().taxonomy();
  for (const auto& each : whole_form().taxonomies()) {
    if (!taxonomy.empty() && each.id() == taxonomy) add(each.rows());
  }
  return all;
}
std::set<std::string> codes_of(const pb::Node& node) {
  std::set<std::string> codes;
  for (const auto* choice : choices_of(node)) codes.insert(choice->code());
  return codes;
}

}  // namespace resguardo::forms
