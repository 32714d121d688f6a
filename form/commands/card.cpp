// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/commands/card.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "form/card/page.h"
#include "form/load.h"
#include "program/output_file.h"

namespace resguardo::form {
namespace {

using program::Outcome;
namespace json = boost::json;

Outcome<Done> check_link(const std::string& link) {
  if (link.starts_with("https://") || link.starts_with("sgnl://")) return Done{};
  return program::usage_problem("--link", "no link that a telephone opens: " + link,
                                "as Signal shares it: https://signal.me/#…");
}

}  // namespace

Outcome<Done> card(const CardOptions& options, Call& call) {
  RESGUARDO_CHECK(check_link(options.settings.link));
  RESGUARDO_TRY(const auto form, load_form(options.form, call.console));
  const auto& languages = form->languages();
  std::vector<CardSheet> sheets;
  json::array printed;
  for (std::size_t i = 0; i < languages.size(); ++i) {
    if (!options.language.empty() && languages[i] != options.language) continue;
    RESGUARDO_TRY(auto sheet, card_sheet(*form, i, options.settings));
    sheets.push_back(std::move(sheet));
    printed.push_back(json::string(languages[i]));
  }
  if (sheets.empty()) {
    return program::usage_problem("--language", "not a language of this form: " + options.language,
                                  "it has " + languages.front() + " and others");
  }
  const auto page = card_page(sheets);
  if (!page.ok()) return program::problem(page.error(), "--link", "a shorter link");
  RESGUARDO_CHECK(program::write_new_file(options.out, as_bytes(page.value())));
  if (call.console.json()) {
    call.console.print(json::object{{"out", options.out.string()},
                                    {"languages", std::move(printed)},
                                    {"questions", sheets.front().questions.size()}});
    return Done{};
  }
  const char* sheets_are = sheets.size() == 1 ? " sheet" : " sheets";
  call.console.print(options.out.string() + ": " + std::to_string(sheets.size()) + sheets_are +
                     ", two sides each, A4 or Letter; open it in a browser and print\n");
  return Done{};
}

}  // namespace resguardo::form
