// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/commands/graph.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "bot/dialogue/compiled.h"
#include "form/graph/dot.h"
#include "form/graph/run_dot.h"
#include "form/load.h"
#include "program/output_file.h"

namespace resguardo::form {

using program::Outcome;
namespace json = boost::json;

namespace {

// In these conversations no phone is linked: tests/scenario/es_link_*.
bool is_of_a_link(const dialogue::Form::Content& content, std::size_t node) {
  const auto& back = content.returning;
  return node == back.link_ask || node == back.link_made || node == back.link_failed ||
         node == back.link_menu || node == back.link_ended;
}

}  // namespace

Outcome<Done> graph(const GraphOptions& options, Call& call) {
  const bool svg = options.out.extension() == ".svg";
  if (!svg && options.out.extension() != ".dot") {
    return program::usage_problem("--out", "neither .svg nor .dot: " + options.out.string(),
                                  "give the file one of these endings");
  }
  RESGUARDO_TRY(const auto form, load_form(options.form, call.console));
  Coverage coverage;
  if (options.coverage > 0) coverage = coverage_of(form, options.coverage);
  std::string drawing = draw(form->content(), coverage);
  if (svg) {
    RESGUARDO_TRY(drawing, run_dot(drawing));
  }
  RESGUARDO_CHECK(program::write_new_file(options.out, as_bytes(drawing)));
  const auto& nodes = form->content().nodes;
  json::array never;
  std::string names;
  for (std::size_t i = 0; i < coverage.seen.size(); ++i) {
    if (coverage.seen[i] > 0 || is_of_a_link(form->content(), i)) continue;
    never.push_back(json::string(nodes[i].source->id()));
    names.append(" ").append(nodes[i].source->id());
  }
  if (call.console.json()) {
    call.console.print(json::object{{"file", options.out.string()},
                                    {"nodes", nodes.size()},
                                    {"walks", coverage.walks},
                                    {"never_reached", std::move(never)}});
    return Done{};
  }
  call.console.print(options.out.string() + ": " + std::to_string(nodes.size()) + " nodes\n");
  if (coverage.walks == 0) return Done{};
  call.console.print(std::to_string(coverage.walks) + " random conversations, never reached:" +
                     (names.empty() ? " none" : names) + "\n");
  return Done{};
}

}  // namespace resguardo::form
