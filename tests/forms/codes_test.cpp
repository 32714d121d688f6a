// SPDX-License-Identifier: AGPL-3.0-or-later
// The analysts' codes know every code that the form uses, and name none that it does not have.
#include <gtest/gtest.h>

#include <algorithm>

#include "bot/dialogue/fold.h"
#include "tests/forms/whole_form.h"

namespace resguardo::forms {
namespace {

template <class Rows>
std::set<std::string> codes_in(const Rows& rows) {
  std::set<std::string> codes;
  for (const auto& row : rows) EXPECT_TRUE(codes.insert(row.code()).second) << row.code();
  return codes;
}
void expect_known(const char* question, const std::set<std::string>& known,
                  const std::set<std::string>& besides) {
  const auto* node = node_named(question);
  ASSERT_NE(node, nullptr) << question;
  ASSERT_FALSE(codes_of(*node).empty()) << question;
  for (const auto& code : codes_of(*node)) {
    EXPECT_TRUE(known.contains(code) || besides.contains(code)) << question << ": " << code;
  }
}
void expect_answer(const std::string& question, const std::string& code, const std::string& whose) {
  const auto* node = node_named(question);
  ASSERT_NE(node, nullptr) << whose << " names " << question;
  EXPECT_TRUE(codes_of(*node).contains(code)) << whose << ": " << question << " has no " << code;
}

TEST(ResearchCodes, AreThereOnce) {
  const auto& codes = research_codes();
  EXPECT_FALSE(codes_in(codes.violations()).empty());
  EXPECT_FALSE(codes_in(codes.groups()).empty());
  EXPECT_FALSE(codes_in(codes.languages()).empty());
  EXPECT_FALSE(codes_in(codes.levels()).empty());
  const auto categories = codes_in(codes.categories());
  for (const auto& violation : codes.violations()) {
    EXPECT_TRUE(categories.contains(violation.category())) << violation.code();
    EXPECT_EQ(violation.labels_size(), 5) << violation.code();
  }
  const auto actors = codes_in(codes.actors());
  for (const auto& actor : codes.actors()) {
    EXPECT_TRUE(actor.parent().empty() || actors.contains(actor.parent())) << actor.code();
  }
}

TEST(ResearchCodes, KnowWhoDidIt) {
  const auto actors = codes_in(research_codes().actors());
  for (const char* question : {"perp_us", "perp_mx", "collusion_who"}) {
    expect_known(question, actors, {"unknown", "other_authority"});
  }
}

TEST(ResearchCodes, KnowPoliciesPurposesAndCountries) {
  const auto& codes = research_codes();
  expect_known("consent", codes_in(codes.purposes()), {});
  const auto policies = codes_in(codes.policies());
  for (const auto& map : codes.maps()) {
    if (map.id() != "us_policy_reported") continue;
    expect_known("asy_program", codes_in(map.rows()), {"other", "unknown"});
    for (const auto& row : map.rows()) {
      ASSERT_EQ(row.schemes_size(), 1) << row.code();
      EXPECT_TRUE(policies.contains(row.schemes(0).codes(0))) << row.code();
    }
  }
  expect_known("nationality", codes_in(codes.nationalities()), {"other"});
}

TEST(ResearchCodes, MapWholeQuestions) {
  for (const auto& map : research_codes().maps()) {
    if (map.question().empty()) continue;
    for (const auto& row : map.rows()) expect_answer(map.question(), row.code(), map.id());
  }
}

TEST(ResearchCodes, AreProposedByAnswersThatExist) {
  for (const auto& violation : research_codes().violations()) {
    EXPECT_GT(violation.triggers_size(), 0) << violation.code();
    for (const auto& trigger : violation.triggers()) {
      for (const auto& code : trigger.codes()) {
        expect_answer(trigger.question(), code, violation.code());
      }
    }
  }
}

// Flags in capitals are the analysts'; others are marks for authors ("soft_warning").
TEST(ResearchCodes, HaveEveryFlagOfTheForm) {
  const auto flags = codes_in(research_codes().flags());
  for (const auto& [node, in_group] : nodes_of(whole_form())) {
    for (const auto& flag : node->flags()) {
      const bool authors = flag.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
      EXPECT_TRUE(authors || flags.contains(flag)) << node->id() << ' ' << flag;
    }
  }
}

// A country that is not among the rows is typed: each must be a name of the last row.
TEST(ResearchCodes, CountriesCanBeTyped) {
  const auto* node = node_named("nationality");
  ASSERT_NE(node, nullptr);
  std::map<std::string, std::set<std::string>> understood;
  for (const auto* choice : choices_of(*node)) {
    for (const auto& title : choice->titles()) {
      understood[title.language()].insert(dialogue::fold_name(title.title()));
      for (const auto& also : title.also()) {
        understood[title.language()].insert(dialogue::fold_name(also));
      }
    }
  }
  for (const auto& country : research_codes().nationalities()) {
    if (country.code() == "UNK") continue;
    for (const auto& name : country.names()) {
      EXPECT_TRUE(understood[name.language()].contains(dialogue::fold_name(name.text())))
          << country.code() << ' ' << name.language() << ' ' << name.text();
    }
  }
}

TEST(ResearchCodes, PlacesAreTheGazetteers) {
  const auto& gazetteer = whole_form().gazetteer();
  const auto places = codes_in(gazetteer.places());
  const auto sectors = codes_in(research_codes().sectors());
  for (const auto& facts : research_codes().places()) {
    EXPECT_TRUE(places.contains(facts.place())) << facts.place();
    EXPECT_TRUE(facts.mirror().empty() || places.contains(facts.mirror())) << facts.place();
    EXPECT_TRUE(facts.sector().empty() || sectors.contains(facts.sector())) << facts.place();
  }
  std::set<std::string> pages;
  for (const auto& page : gazetteer.pages()) EXPECT_TRUE(pages.insert(page.id()).second);
  for (const auto& page : gazetteer.pages()) {
    EXPECT_LE(page.rows_size(), 10) << page.id();
    for (const auto& row : page.rows()) {
      const bool own = row.code() == "other_place" || row.code() == "unknown";
      EXPECT_TRUE(own || places.contains(row.code()) || pages.contains(row.code()))
          << page.id() << ' ' << row.code();
    }
  }
}

}  // namespace
}  // namespace resguardo::forms
