// SPDX-License-Identifier: AGPL-3.0-or-later
// The gazetteer: what a page offers must be a place or another page, and fit a list.
#include <set>

#include "bot/dialogue/fold.h"
#include "form/lint/lint.h"

namespace resguardo::form {
namespace {

using dialogue::Rule;

constexpr int kMostRows = 10;
constexpr std::size_t kRowTitle = 24;

class PlaceCheck {
 public:
  PlaceCheck(const pb::Questionnaire& form, Findings& findings)
      : form_(form), findings_(findings) {}

  void run() {
    known_ = {"other_place", "unknown"};
    std::set<std::string> places;
    for (const auto& place : form_.gazetteer().places()) {
      if (!places.insert(place.code()).second) add("place " + place.code(), "code used twice");
      const bool on_earth = place.latitude() >= -90 && place.latitude() <= 90 &&
                            place.longitude() >= -180 && place.longitude() <= 180;
      if (!on_earth) add("place " + place.code(), "not on the map");
    }
    known_.merge(places);
    std::set<std::string> pages;
    for (const auto& page : form_.gazetteer().pages()) {
      if (!pages.insert(page.id()).second) add("page " + page.id(), "id used twice");
    }
    known_.merge(pages);
    for (const auto& page : form_.gazetteer().pages()) check(page);
  }

 private:
  void add(std::string where, std::string what) {
    findings_.add(Rule::kGazetteer, std::move(where), std::move(what));
  }
  void check(const pb::PlacePage& page) {
    const std::string where = "page " + page.id();
    if (page.rows_size() > kMostRows) findings_.add(Rule::kTooManyRows, where, "more than 10 rows");
    std::set<std::string> names;  // "language/title"
    for (const auto& row : page.rows()) {
      if (!known_.contains(row.code())) add(where, "neither a place nor a page: " + row.code());
      for (const auto& title : row.titles()) check(where, title, names);
      for (const auto& language : form_.languages()) check_language(where, row, language);
    }
  }
  void check(const std::string& where, const pb::Title& title, std::set<std::string>& names) {
    if (dialogue::visible_length(title.title()) > kRowTitle) {
      findings_.add(Rule::kTitleTooLong, in_language(where, title.language()),
                    "title longer than 24 characters: " + title.title());
    }
    if (!names.insert(title.language() + "/" + dialogue::fold_name(title.title())).second) {
      findings_.add(Rule::kAmbiguousName, in_language(where, title.language()),
                    "two rows by the name of " + title.title());
    }
  }
  void check_language(const std::string& where, const pb::Choice& row,
                      const std::string& language) {
    for (const auto& title : row.titles()) {
      if (title.language() == language && !title.title().empty()) return;
    }
    findings_.add(Rule::kMissingTranslation, in_language(where, language),
                  "no title for " + row.code());
  }
  const pb::Questionnaire& form_;
  Findings& findings_;
  std::set<std::string> known_;
};

}  // namespace

void lint_places(const pb::Questionnaire& form, Findings& findings) {
  PlaceCheck(form, findings).run();
}

}  // namespace resguardo::form
