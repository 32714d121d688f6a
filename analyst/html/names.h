// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "analyst/html/words.h"
#include "analyst/incident/codes.h"
#include "analyst/report/form_texts.h"

namespace resguardo::analyst {

// What codes are called, for people. Codes come from the program, from the forms and from hostile
// reports: a code that nobody gave a name is shown as it is, visible() and not endless.
class Names {
 public:
  // `language` of the codes; of a form in the order of the shelf, the last that knows it. All
  // outlive it.
  Names(const Codes& codes, const FormShelf& forms, std::string_view language, const Words& words)
      : codes_(codes), forms_(forms), language_(language), words_(words) {}

  std::string category(const std::string& code) const;
  std::string actor(const std::string& code) const;
  std::string policy(const std::string& code) const;
  std::string nationality(const std::string& code) const;
  std::string place(const std::string& code) const;  // a place, an area or a country
  // A value of a field of the research schema; "unknown" and "other" in the page's own words.
  std::string value(std::string_view field, const std::string& code) const;
  // Of a row or a column of a table of statistics.
  std::string row(std::string_view table, const std::string& code) const;
  std::string column(std::string_view table, const std::string& code) const;

  // The place in whichever form has it; nullptr: none.
  const pb::GazetteerPlace* gazetteer(const std::string& code) const;

 private:
  std::string of_forms(std::string_view field, const std::string& code) const;
  std::string own(std::string_view kind, const std::string& code) const;
  const Codes& codes_;
  const FormShelf& forms_;
  std::string language_;
  const Words& words_;
};

}  // namespace resguardo::analyst
