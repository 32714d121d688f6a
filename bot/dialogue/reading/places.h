// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/dialogue/reading/lexicon.h"
#include "bot/dialogue/value.h"

namespace resguardo::dialogue {

// Places that words may mean.
struct PlacesRead {
  std::vector<const pb::GazetteerPlace*> candidates;  // in the gazetteer's order
  bool exact = false;  // the words are a name, and not the name of something near or longer
};

// The gazetteer by the names that people use: with and without what stands in brackets or after a
// colon, and aliases. It keeps pointers into the form it was made of.
class PlaceNames {
 public:
  PlaceNames() = default;
  explicit PlaceNames(const pb::Questionnaire& form);

  // `within`: countries, areas or pages that were answered before; codes that are none of these
  // settle nothing. Names inside of longer words are found too, but never exactly.
  PlacesRead read(const Lexicons& lexicons, std::string_view language, std::string_view text,
                  const std::vector<std::string>& within, bool interview_sites_only) const;
  const pb::GazetteerPlace* find(std::string_view code) const;
  const pb::PlacePage* page(std::string_view id) const;
  // Adds `code` and, if it is a place's, its area and its country: the narrowest first. `code` must
  // outlive `codes`.
  void add_around(std::string_view code, std::vector<std::string_view>& codes) const;
  bool is_region(std::string_view code) const;  // a page, an area or a country

 private:
  struct Name {
    std::string folded;
    std::size_t place;
  };
  using Indexes = std::vector<std::size_t>;
  Indexes named(std::string_view folded) const;
  Indexes nearly(const Lexicons& lexicons, std::string_view folded) const;
  Indexes inside(WordsSpan words) const;
  bool lies_in(std::size_t place, std::string_view code) const;
  void keep(Indexes& found, const std::vector<std::string>& within, bool sites) const;

  const pb::Questionnaire* form_ = nullptr;
  std::vector<Name> names_;
};

// What kind of place it is, in the codes of precision: a bridge is a site, a town a city.
std::string precision_of(const pb::GazetteerPlace& place);

}  // namespace resguardo::dialogue
