// SPDX-License-Identifier: AGPL-3.0-or-later
// A row of a page, or a name as people write it. What was written is sealed with every place that
// it may mean; a name that nobody knows is an answer too.
#include <algorithm>
#include <set>

#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

using NodeIds = google::protobuf::RepeatedPtrField<std::string>;

const pb::Node* node_of(const pb::Questionnaire& form, const std::string& id) {
  for (const auto& section : form.sections()) {
    for (const auto& node : section.nodes()) {
      if (node.id() == id) return &node;
      for (const auto& inner : node.group().nodes()) {
        if (inner.id() == id) return &inner;
      }
    }
  }
  return nullptr;
}
const pb::PlacePage* page_of_form(const pb::Questionnaire& form, const std::string& id) {
  for (const auto& page : form.gazetteer().pages()) {
    if (page.id() == id) return &page;
  }
  return nullptr;
}

// Pages that one can come to: named like a code of those nodes, and the pages their rows lead to.
std::vector<const pb::PlacePage*> pages_from(const pb::Questionnaire& form, const NodeIds& names) {
  std::vector<const pb::PlacePage*> pages;
  const auto add = [&](const std::string& id) {
    const auto* page = page_of_form(form, id);
    if (page != nullptr && std::find(pages.begin(), pages.end(), page) == pages.end()) {
      pages.push_back(page);
    }
  };
  for (const auto& name : names) {
    const pb::Node* node = node_of(form, name);
    if (node == nullptr) continue;
    if (node->has_area() || node->has_place()) {
      for (const auto& page : form.gazetteer().pages()) add(page.id());
    }
    for (const auto& choice : node->single_choice().choices()) add(choice.code());
    for (const auto& taxonomy : form.taxonomies()) {
      if (taxonomy.id() != node->single_choice().taxonomy() || taxonomy.id().empty()) continue;
      for (const auto& row : taxonomy.rows()) add(row.code());
    }
  }
  for (std::size_t i = 0; i < pages.size(); ++i) {
    for (const auto& row : pages[i]->rows()) add(row.code());
  }
  return pages;
}

// The page to show: the last that was picked here, else the first that an earlier answer names.
const pb::PlacePage* page_now(const Scene& scene, const NodeIds& names) {
  const auto& picks = scene.state.picks();
  for (int i = picks.size() - 1; i >= 0; --i) {
    if (const auto* page = scene.form.places.page(picks.Get(i)); page != nullptr) return page;
  }
  for (const auto& name : names) {
    const std::size_t node = scene.form.find(name);
    if (node == kNoIndex) continue;
    for (const auto& page : scene.form.form.gazetteer().pages()) {
      if (scene.values.has(node + kKnownCount, page.id())) return &page;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<const pb::Choice*> choices_of_pages(const pb::Questionnaire& form,
                                                const NodeIds& page_of) {
  std::vector<const pb::Choice*> all;
  std::set<std::string_view> seen;
  for (const auto* page : pages_from(form, page_of)) {
    for (const auto& row : page->rows()) {
      if (seen.insert(row.code()).second) all.push_back(&row);
    }
  }
  return all;
}

void check_pages(const pb::Questionnaire& form, const NodeIds& page_of, TypeProblems& problems) {
  constexpr int kMostRows = 10;
  for (const auto& name : page_of) {
    if (node_of(form, name) == nullptr)
      problems.add(Rule::kUnknownNode, "page_of names no node: " + name);
  }
  for (const auto* page : pages_from(form, page_of)) {
    if (page->rows().empty() || page->rows_size() > kMostRows) {
      problems.add(Rule::kGazetteer, "a page has one to ten rows: " + page->id());
    }
    for (const auto& row : page->rows()) {
      const auto& places = form.gazetteer().places();
      const bool known = row.code() == "other_place" || row.code() == "unknown" ||
                         page_of_form(form, row.code()) != nullptr ||
                         std::any_of(places.begin(), places.end(),
                                     [&](const auto& place) { return place.code() == row.code(); });
      if (!known) problems.add(Rule::kGazetteer, "neither a place nor a page: " + row.code());
    }
  }
}

std::vector<Row> rows_of_page(const Scene& scene, const NodeIds& page_of) {
  std::vector<Row> rows;
  const pb::PlacePage* page = page_now(scene, page_of);
  if (page != nullptr) {
    for (const auto& row : page->rows()) {
      const CompiledChoice* choice = scene.node.find(row.code());
      if (choice != nullptr) rows.push_back({Row::Kind::kChoice, choice->code, choice});
    }
  }
  add_skip_row(scene, rows);
  return rows;
}

Heard heard_row_of_page(const Scene& scene, const Row& row) {
  Heard heard = from_row(row);
  if (heard.kind != Heard::Kind::kCodes) return heard;
  if (scene.form.places.page(row.code) != nullptr) heard.kind = Heard::Kind::kPicking;
  const bool nowhere = row.code == "other_place" || row.code == "unknown";
  const auto& picks = scene.state.picks();
  if (nowhere && !picks.empty()) heard.codes.insert(heard.codes.begin(), *picks.rbegin());
  if (const auto* place = scene.form.places.find(row.code); place != nullptr) {
    heard.value = PlaceValue{place->code(), precision_of(*place)};
  }
  return heard;
}

namespace {

std::vector<const pb::Choice*> choices(const pb::Questionnaire& form, const pb::Node& node) {
  return choices_of_pages(form, node.place().page_of());
}
void check(const pb::Questionnaire& form, const pb::Node& node, TypeProblems& problems) {
  check_pages(form, node.place().page_of(), problems);
  for (const auto& name : node.place().within()) {
    if (node_of(form, name) == nullptr)
      problems.add(Rule::kUnknownNode, "within names no node: " + name);
  }
}
std::vector<Row> rows(const Scene& scene) {
  return rows_of_page(scene, scene.node.source->place().page_of());
}

// Codes of countries, areas and pages that were answered before, or picked here.
std::vector<std::string> within(const Scene& scene) {
  std::vector<std::string> codes;
  std::set<std::string_view> all;
  for (const auto& place : scene.form.form.gazetteer().places()) {
    all.insert({place.country(), place.area()});
  }
  for (const auto& page : scene.form.form.gazetteer().pages()) all.insert(page.id());
  for (const auto& name : scene.node.source->place().within()) {
    const std::size_t node = scene.form.find(name);
    if (node == kNoIndex) continue;
    for (const auto code : all) {
      if (scene.values.has(node + kKnownCount, code)) codes.emplace_back(code);
    }
  }
  return codes;
}

Heard hear_name(const Scene& scene, const Utterance& said) {
  const auto& question = scene.node.source->place();
  const PlacesRead read =
      scene.form.places.read(scene.form.lexicons, language_of(scene), said.verbatim, within(scene),
                             question.interview_sites());
  if (read.candidates.empty()) return hear_words(scene, {}, said, Heard::Kind::kWords);
  Heard heard{Heard::Kind::kValue, {}, nullptr};
  for (const auto* place : read.candidates) heard.codes.push_back(place->code());
  if (read.exact && read.candidates.size() == 1) {
    const auto& place = *read.candidates.front();
    heard.value = PlaceValue{place.code(), precision_of(place)};
  }
  return heard;
}

Heard hear(const Scene& scene, const Utterance& said) {
  const auto row = pick_one(scene, rows(scene), said);
  if (row) return heard_row_of_page(scene, *row);
  if (said.tapped) return {};
  if (auto heard = heard_without_reading(scene, said)) return *std::move(heard);
  return hear_name(scene, said);
}

}  // namespace

const QuestionType kPlaceType = {.arm = pb::Node::kPlace,
                                 .name = "place",
                                 .variable = VariableType::Kind::kOneCode,
                                 .paged = true,
                                 .choices = choices,
                                 .check = check,
                                 .rows = rows,
                                 .hear = hear};

}  // namespace resguardo::dialogue
