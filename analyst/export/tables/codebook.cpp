// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/tables/codebook.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "analyst/incident/told_fields.h"

namespace resguardo::analyst {
namespace {

using program::Outcome;
using Labels = std::array<std::string, kCodebookLanguages.size()>;
using CodeLabels = std::vector<std::pair<std::string, Labels>>;
constexpr std::array<std::string_view, 6 + kCodebookLanguages.size()> kCodebookColumns = {
    "table",    "column",   "type",     "guard",    "code",    "about",
    "label_es", "label_en", "label_ht", "label_fr", "label_pt"};

template <class Texts>
Labels labels_in_each(const Texts& texts) {
  Labels labels;
  for (std::size_t i = 0; i < labels.size(); ++i)
    labels[i] = label_in(texts, kCodebookLanguages[i]);
  return labels;
}

Labels only_english(const std::string& text) {
  Labels labels;
  labels[1] = text;
  return labels;
}

template <class Rows, class Make>
CodeLabels labelled(const Rows& rows, Make make) {
  CodeLabels all;
  for (const auto& row : rows) all.emplace_back(row.code(), make(row));
  return all;
}

CodeLabels of_list(std::string_view list, const pb::ResearchCodes& codes) {
  const auto labels = [](const auto& row) { return labels_in_each(row.labels()); };
  if (list == "violations") return labelled(codes.violations(), labels);
  if (list == "categories") return labelled(codes.categories(), labels);
  if (list == "actors") return labelled(codes.actors(), labels);
  if (list == "policies") return labelled(codes.policies(), labels);
  if (list == "nationalities")
    return labelled(codes.nationalities(),
                    [](const auto& row) { return labels_in_each(row.names()); });
  if (list == "languages")
    return labelled(codes.languages(), [](const auto& row) { return only_english(row.name()); });
  if (list == "levels")
    return labelled(codes.levels(), [](const auto& row) { return only_english(row.definition()); });
  if (list == "flags") return labelled(codes.flags(), [](const auto&) { return Labels(); });
  if (list == "purposes")
    return labelled(codes.purposes(), [](const auto& row) { return only_english(row.name()); });
  return {};
}

// The questionnaires that are here, the newest version of each first.
std::vector<const FormTexts*> newest_first(const FormShelf& forms) {
  std::multimap<std::pair<std::string, std::string>, const FormTexts*> ordered;
  for (const auto& [digest, form] : forms)
    ordered.emplace(std::pair(form.id(), form.version()), &form);
  std::vector<const FormTexts*> list;
  for (const auto& [name, form] : ordered) list.push_back(form);
  std::reverse(list.begin(), list.end());
  return list;
}

void add_choices(const FormTexts& form, const std::string& node, CodeLabels& all) {
  for (const std::string& code : form.choices(node)) {
    const bool known =
        std::any_of(all.begin(), all.end(), [&](const auto& row) { return row.first == code; });
    if (known) continue;
    Labels labels;
    for (std::size_t i = 0; i < labels.size(); ++i)
      labels[i] = form.choice(node, code, kCodebookLanguages[i]);
    all.emplace_back(code, std::move(labels));
  }
}

CodeLabels of_field(std::string_view field, const FormShelf& forms) {
  CodeLabels all;
  for (const FormTexts* form : newest_first(forms))
    for (const std::string& node : form->nodes())
      if (field_name(form->field(node)) == field) add_choices(*form, node, all);
  return all;
}

CodeLabels of_map(std::string_view id, const FormShelf& forms, const pb::ResearchCodes& codes) {
  CodeLabels all;
  for (const pb::CodeMap& map : codes.maps()) {
    if (map.id() != id) continue;
    if (!map.question().empty())
      for (const FormTexts* form : newest_first(forms)) add_choices(*form, map.question(), all);
    if (all.empty())
      all = labelled(map.rows(), [](const auto& row) { return only_english(row.label()); });
  }
  return all;
}

CodeLabels codes_of_column(const TableColumn& column, const FormShelf& forms,
                           const pb::ResearchCodes& codes) {
  if (column.type != ColumnType::kCode && column.type != ColumnType::kCodes) return {};
  if (column.labels.starts_with("field:")) return of_field(column.labels.substr(6), forms);
  if (column.labels.starts_with("map:")) return of_map(column.labels.substr(4), forms, codes);
  return of_list(column.labels, codes);
}

}  // namespace

std::span<const std::string_view> codebook_columns() {
  return kCodebookColumns;
}

Outcome<Done> codebook(std::span<const Table> tables, const FormShelf& forms, const Codes& codes,
                       const CodebookVisitor& visitor) {
  for (const Table& table : tables)
    for (const TableColumn& column : table.columns) {
      std::vector<std::string> cells(kCodebookColumns.size());
      cells[0] = table.name;
      cells[1] = column.code;
      cells[2] = column_type_text(column.type);
      cells[3] = column_guard_text(column.guard);
      cells[5] = column.about;
      RESGUARDO_CHECK(visitor(cells));
      cells[5].clear();
      for (const auto& [code, labels] : codes_of_column(column, forms, codes.all())) {
        cells[4] = code;
        std::copy(labels.begin(), labels.end(), cells.begin() + 6);
        RESGUARDO_CHECK(visitor(cells));
      }
    }
  return Done{};
}

}  // namespace resguardo::analyst
