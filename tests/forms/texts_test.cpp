// SPDX-License-Identifier: AGPL-3.0-or-later
// What the whole form says: in five languages, and nothing that echoes or betrays.
#include <gtest/gtest.h>

#include <algorithm>

#include "bot/dialogue/fold.h"
#include "tests/forms/whole_form.h"

namespace resguardo::forms {
namespace {

const std::set<std::string> kLanguages = {"es", "en", "ht", "fr", "pt"};

std::set<std::string> placeholders_of(const std::string& text) {
  std::set<std::string> names;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string::npos) break;
    names.insert(text.substr(open + 1, close - open - 1));
  }
  return names;
}
std::vector<std::string> texts_of(const pb::Text& text) {
  return {text.full(), text.brief(), text.why(), text.explain(), text.retry()};
}

TEST(WholeForm, SaysEverythingInFiveLanguages) {
  const auto& form = whole_form();
  EXPECT_EQ(std::set<std::string>(form.languages().begin(), form.languages().end()), kLanguages);
  EXPECT_EQ(form.languages(0), "es");
  for (const auto& [node, in_group] : nodes_of(form)) {
    if (node->has_group()) continue;
    std::set<std::string> said;
    for (const auto& text : node->texts()) {
      EXPECT_FALSE(text.full().empty()) << node->id() << ' ' << text.language();
      EXPECT_TRUE(said.insert(text.language()).second) << node->id() << ' ' << text.language();
    }
    EXPECT_EQ(said, kLanguages) << node->id();
    for (const auto* choice : choices_of(*node)) {
      std::set<std::string> named;
      for (const auto& title : choice->titles()) named.insert(title.language());
      EXPECT_EQ(named, kLanguages) << node->id() << ' ' << choice->code();
    }
  }
}

// An answer is never shown back: no placeholder can hold one.
TEST(WholeForm, HasNoPlaceholderThatCouldHoldAnAnswer) {
  for (const auto& [node, in_group] : nodes_of(whole_form())) {
    std::set<std::string> allowed = {"org", "signal_link", "retention"};
    if (in_group) allowed.insert("item");  // which of them, "1" or "A"; never what
    if (node->has_number()) allowed.insert({"min", "max"});  // the same for everybody
    if (node->has_review()) allowed.insert("parts");
    if (node->has_receipt()) allowed.insert("receipt");
    // How many wait, and an analyst's words, to who has the receipt.
    const auto& returning = whole_form().landmarks().returning();
    if (node->id() == returning.menu() || node->id() == returning.link_menu())
      allowed.insert("replies");
    if (node->id() == returning.reply()) allowed.insert("reply");
    if (node->id() == returning.confirm()) allowed.insert("chosen");  // a row of our own menu
    for (const auto& text : node->texts()) {
      for (const auto& each : texts_of(text)) {
        for (const auto& name : placeholders_of(each)) {
          const bool resource = name.starts_with("resources:");
          EXPECT_TRUE(resource || allowed.contains(name)) << node->id() << ": {" << name << '}';
        }
      }
    }
  }
}

// The same for what stands on a shared phone and before anything is known of who reads.
TEST(WholeForm, SaysNothingSensitiveWhereSomebodyMayLook) {
  std::map<std::string, std::vector<std::string>> words;
  for (const auto& list : whole_form().sensitive()) {
    for (const auto& word : list.words())
      words[list.language()].push_back(dialogue::fold_name(word));
  }
  ASSERT_EQ(words.size(), kLanguages.size());
  for (const auto& [node, in_group] : nodes_of(whole_form())) {
    for (const auto& text : node->texts()) {
      const bool neutral = node->same_for_all() || node->id() == whole_form().landmarks().safety();
      const std::string& seen = neutral ? text.full() : text.brief();
      const std::string folded = ' ' + dialogue::fold_name(seen) + ' ';
      for (const auto& word : words[text.language()]) {
        EXPECT_EQ(folded.find(' ' + word + ' '), std::string::npos)
            << node->id() << " (" << text.language() << "): " << word << " in " << seen;
      }
    }
  }
}

TEST(WholeForm, CanBeAskedDiscreetlyThroughout) {
  for (const auto& [node, in_group] : nodes_of(whole_form())) {
    const bool asks = !node->has_message() && !node->has_group() && !node->same_for_all();
    if (!asks) continue;
    for (const auto& text : node->texts()) EXPECT_FALSE(text.brief().empty()) << node->id();
  }
}

TEST(WholeForm, PrintsEachQuestionOnTheCardOnce) {
  std::set<std::uint32_t> numbers;
  for (const auto& [node, in_group] : nodes_of(whole_form())) {
    if (node->card_number() == 0) continue;
    EXPECT_TRUE(numbers.insert(node->card_number()).second) << node->id();
  }
  ASSERT_FALSE(numbers.empty());
  EXPECT_EQ(*numbers.begin(), 1U);
  EXPECT_EQ(*numbers.rbegin(), numbers.size());
}

TEST(WholeForm, KeepsWhoSpeaksApart) {
  for (const char* id :
       {"int_code", "contact_how", "contact_value", "contact_when", "contact_name"}) {
    const auto* node = node_named(id);
    ASSERT_NE(node, nullptr) << id;
    EXPECT_EQ(node->compartment(), pb::COMPARTMENT_IDENTITY) << id;
  }
}

}  // namespace
}  // namespace resguardo::forms
