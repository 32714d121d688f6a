// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/places.h"

#include <algorithm>

#include "bot/dialogue/fold.h"

namespace resguardo::dialogue {
namespace {

// "Nogales (Sonora)", "El Paso: Ysleta": the whole, and what stands before the sign and after it.
std::vector<std::string> ways_to_say(const std::string& name) {
  std::vector<std::string> ways = {fold_name(name)};
  const auto sign = name.find_first_of("(:");
  if (sign == std::string::npos) return ways;
  ways.push_back(fold_name(name.substr(0, sign)));
  const std::string after = fold_name(name.substr(sign + 1));
  if (name[sign] == ':' && after.size() > 2) ways.push_back(after);
  return ways;
}

void add_once(std::vector<std::size_t>& list, std::size_t index) {
  if (std::find(list.begin(), list.end(), index) == list.end()) list.push_back(index);
}

// The same words with less and less of "en", "cerca de", … before them; none if all of them are
// that: "el centro" is no name.
std::vector<WordsSpan> without_place_noise(const Lexicon& lexicon, WordsSpan words) {
  std::vector<WordsSpan> ways;
  while (!words.empty()) {
    ways.push_back(words);
    const auto noise = lexicon.place_noise.at(words, 0);
    if (noise.words == 0) return ways;
    words = words.subspan(noise.words);
  }
  return {};
}

}  // namespace

PlaceNames::PlaceNames(const pb::Questionnaire& form) : form_(&form) {
  const auto& places = form.gazetteer().places();
  for (std::size_t i = 0; i < static_cast<std::size_t>(places.size()); ++i) {
    const auto& place = places[static_cast<int>(i)];
    for (auto& way : ways_to_say(place.name())) names_.push_back({std::move(way), i});
    for (const auto& alias : place.aliases()) names_.push_back({fold_name(alias), i});
  }
  names_.erase(std::remove_if(names_.begin(), names_.end(),
                              [](const Name& name) { return name.folded.empty(); }),
               names_.end());
}

const pb::GazetteerPlace* PlaceNames::find(std::string_view code) const {
  if (form_ == nullptr) return nullptr;
  for (const auto& place : form_->gazetteer().places()) {
    if (place.code() == code) return &place;
  }
  return nullptr;
}
void PlaceNames::add_around(std::string_view code, std::vector<std::string_view>& codes) const {
  codes.push_back(code);
  const pb::GazetteerPlace* place = find(code);
  if (place != nullptr) codes.insert(codes.end(), {place->area(), place->country()});
}

const pb::PlacePage* PlaceNames::page(std::string_view id) const {
  if (form_ == nullptr) return nullptr;
  for (const auto& page : form_->gazetteer().pages()) {
    if (page.id() == id) return &page;
  }
  return nullptr;
}

PlaceNames::Indexes PlaceNames::named(std::string_view folded) const {
  Indexes found;
  for (const auto& name : names_) {
    if (name.folded == folded) add_once(found, name.place);
  }
  return found;
}

PlaceNames::Indexes PlaceNames::nearly(const Lexicons& lexicons, std::string_view folded) const {
  Indexes found;
  std::size_t best = lexicons.edits(folded.size());
  if (best == 0) return found;
  for (const auto& name : names_) {
    const std::size_t edits = std::min(best, lexicons.edits(name.folded.size()));
    const std::size_t distance = edit_distance(name.folded, folded, edits);
    if (edits == 0 || distance > edits) continue;
    if (distance < best) found.clear();
    best = distance;
    add_once(found, name.place);
  }
  return found;
}

// Names inside of a sentence; the longest at each word. Short ones are often something else.
PlaceNames::Indexes PlaceNames::inside(WordsSpan words) const {
  constexpr std::size_t kShortestName = 5;
  constexpr std::size_t kMostWords = 5;
  Indexes found;
  for (std::size_t i = 0; i < words.size();) {
    std::size_t taken = 1;
    for (std::size_t count = std::min(kMostWords, words.size() - i); count > 0; --count) {
      const std::string text = joined(words.subspan(i, count));
      const Indexes here = text.size() < kShortestName ? Indexes() : named(text);
      for (const auto place : here) add_once(found, place);
      if (here.empty()) continue;
      taken = count;
      break;
    }
    i += taken;
  }
  return found;
}

bool PlaceNames::is_region(std::string_view code) const {
  const auto& places = form_->gazetteer().places();
  return page(code) != nullptr || std::any_of(places.begin(), places.end(), [&](const auto& place) {
           return place.country() == code || place.area() == code;
         });
}
bool PlaceNames::lies_in(std::size_t index, std::string_view code) const {
  const auto& place = form_->gazetteer().places(static_cast<int>(index));
  if (place.country() == code || place.area() == code) return true;
  const pb::PlacePage* rows = page(code);
  if (rows == nullptr) return false;
  return std::any_of(rows->rows().begin(), rows->rows().end(), [&](const pb::Choice& row) {
    return row.code() == place.code() || row.code() == place.area();
  });
}

void PlaceNames::keep(Indexes& found, const std::vector<std::string>& within, bool sites) const {
  const auto drop = [&](auto test) {
    found.erase(std::remove_if(found.begin(), found.end(), test), found.end());
  };
  if (sites) {
    drop([&](std::size_t place) {
      return !form_->gazetteer().places(static_cast<int>(place)).interview_site();
    });
  }
  for (const auto& code : within) {
    if (is_region(code)) drop([&](std::size_t place) { return !lies_in(place, code); });
  }
}

PlacesRead PlaceNames::read(const Lexicons& lexicons, std::string_view language,
                            std::string_view text, const std::vector<std::string>& within,
                            bool interview_sites_only) const {
  if (form_ == nullptr || text.size() > kLongestFolded) return {};
  const SecretText folded = fold_figures(text);
  WordsView all = split(folded.reveal());
  all.erase(
      std::remove_if(all.begin(), all.end(), [](auto word) { return word == "," || word == "-"; }),
      all.end());
  PlacesRead read;
  const auto settle = [&](Indexes found, bool exact) {
    keep(found, within, interview_sites_only);
    for (const auto place : found) {
      read.candidates.push_back(&form_->gazetteer().places(static_cast<int>(place)));
    }
    read.exact = exact && !read.candidates.empty();
    return !read.candidates.empty();
  };
  const auto order = lexicons.beginning_with(language);
  if (all.empty() || order.empty() || without_place_noise(*order.front(), all).empty()) return read;
  for (const Lexicon* lexicon : order) {
    for (const auto words : without_place_noise(*lexicon, all)) {
      if (settle(named(joined(words)), true)) return read;
    }
  }
  for (const Lexicon* lexicon : order) {
    for (const auto words : without_place_noise(*lexicon, all)) {
      if (settle(nearly(lexicons, joined(words)), false)) return read;
    }
  }
  settle(inside(all), false);
  return read;
}

std::string precision_of(const pb::GazetteerPlace& place) {
  if (place.kind() == "city" || place.kind() == "locality") return "city";
  if (place.kind() == "area") return "adm2";
  if (place.kind() == "country") return "country";
  return "site";
}

}  // namespace resguardo::dialogue
