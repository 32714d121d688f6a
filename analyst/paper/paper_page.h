// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "crypto/base/result.h"

namespace resguardo::analyst {

// What stands on a page beside the code and the lines.
struct PaperWords {
  std::string title;               // what it is
  std::vector<std::string> facts;  // whose, which, from when; somebody's words are made visible()
  std::string warning;             // what whoever finds it can do
};

// One A4 page of HTML that needs nothing but itself: the words, `armoured` as a QR code, and
// `lines` to type (crypto/format/paper.h). Readable as text too. kRefused: too much for one code.
Result<std::string> paper_page(const PaperWords& words, const std::string& armoured,
                               const std::string& lines);

}  // namespace resguardo::analyst
