// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analyst/html/names.h"
#include "analyst/html/rows.h"
#include "analyst/stats/small_numbers.h"

namespace resguardo::analyst {

// What a page is of, as its head says it.
struct PageFacts {
  std::string tool{};
  std::string purpose{};  // code
  std::uint64_t without_purpose = 0;
  std::uint64_t without_form = 0;  // reports whose questionnaire is not here
  std::uint64_t without_day = 0;   // incidents that the filter by day could not place
  bool despite_consent = false;
  bool exact = false;                 // else small numbers are protected
  std::vector<std::string> filter{};  // one sentence or condition each; empty: all
  std::string language = "en";
};

struct PageContents {
  PageFacts facts{};
  Statistics statistics{};
  std::vector<PageRow> rows{};  // of every incident, as they are
};

// One HTML file that needs nothing but itself: no request, no script of anybody else's, everything
// there and readable with scripts switched off. The same bytes for the same contents. Everything in
// it that came from reports or forms is a code, a day or a label, and escaped.
//
// With `facts.exact` false: see shown_table() and protected_rows() for what is done and what not.
void write_page(const PageContents& contents, const Codes& codes, const FormShelf& forms,
                const std::function<void(std::string_view)>& out);

}  // namespace resguardo::analyst
