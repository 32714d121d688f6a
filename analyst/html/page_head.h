// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "analyst/html/figures.h"
#include "analyst/html/page.h"

namespace resguardo::analyst {

// From the doctype to the page's title: a policy that lets nothing be fetched, and no style or
// script run but the two whose digests it names.
std::string page_head(const Words& words);
// The page's own script, before the end of the body.
std::string page_script();

// Whether numbers are exact, what the page is of, and how it must be read.
std::string about_section(const PageContents& contents, const SmallNumbers& rule,
                          const FormShelf& forms, const FigureParts& parts);
std::string reading_section(bool exact, const FigureParts& parts);

}  // namespace resguardo::analyst
