// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/codes.h"

#include <boost/json.hpp>
#include <functional>

#include "analyst/incident/codes.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using Lines = std::vector<std::array<std::string, 2>>;  // code, name

struct Kind {
  const char* name;
  Lines (*lines)(const pb::ResearchCodes&, std::string_view language);
};

template <class Rows>
Lines labelled(const Rows& rows, std::string_view language) {
  Lines lines;
  for (const auto& row : rows) lines.push_back({row.code(), label_in(row.labels(), language)});
  return lines;
}

const std::array<Kind, 8> kKinds = {{
    {"categories",
     [](const pb::ResearchCodes& codes, std::string_view language) {
       return labelled(codes.categories(), language);
     }},
    {"violations",
     [](const pb::ResearchCodes& codes, std::string_view language) {
       return labelled(codes.violations(), language);
     }},
    {"actors", [](const pb::ResearchCodes& codes,
                  std::string_view language) { return labelled(codes.actors(), language); }},
    {"policies", [](const pb::ResearchCodes& codes,
                    std::string_view language) { return labelled(codes.policies(), language); }},
    {"nationalities",
     [](const pb::ResearchCodes& codes, std::string_view language) {
       Lines lines;
       for (const auto& row : codes.nationalities())
         lines.push_back({row.code(), label_in(row.names(), language)});
       return lines;
     }},
    {"levels",
     [](const pb::ResearchCodes& codes, std::string_view) {
       Lines lines;
       for (const auto& row : codes.levels()) lines.push_back({row.code(), row.definition()});
       return lines;
     }},
    {"risks",
     [](const pb::ResearchCodes& codes, std::string_view) {
       Lines lines;
       for (const auto& row : codes.flags()) lines.push_back({row.code(), row.when()});
       return lines;
     }},
    {"purposes",
     [](const pb::ResearchCodes& codes, std::string_view) {
       Lines lines;
       for (const auto& row : codes.purposes()) lines.push_back({row.code(), row.name()});
       return lines;
     }},
}};

}  // namespace

Outcome<Done> list_codes(const CodesOptions& options, Call& call) {
  RESGUARDO_TRY(const Codes codes, at("codes", Codes::built_in()));
  program::Table table({"kind", "code", "name"});
  boost::json::object object;
  bool found = false;
  for (const Kind& kind : kKinds) {
    if (!options.kind.empty() && options.kind != kind.name) continue;
    found = true;
    boost::json::object names;
    for (const auto& [code, name] : kind.lines(codes.all(), options.language)) {
      table.add({kind.name, code, name});
      names[code] = name;
    }
    object[kind.name] = std::move(names);
  }
  if (!found)
    return program::usage_problem(options.kind, "is no kind of code", "`codes` names them all");
  if (call.console.json())
    call.console.print(object);
  else
    call.console.print(table.text());
  return Done{};
}

}  // namespace resguardo::analyst
