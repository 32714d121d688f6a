// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/damage_text.h"

#include <boost/json.hpp>

namespace resguardo::analyst {

std::string damage_text(const Damage& damage) {
  return "damaged at " + place_text(damage) + ": " + damage.why;
}

boost::json::object damage_json(const Damage& damage) {
  boost::json::object object{{"frame", damage.place.frame},
                             {"byte", damage.place.offset},
                             {"why", boost::json::string(damage.why)}};
  if (damage.cut)
    object["cut"] = {{"report", to_hex(damage.cut->report.view())},
                     {"segment", damage.cut->index},
                     {"rows", damage.cut->rows},
                     {"announced", damage.cut->announced}};
  if (damage.file)
    object["file"] = {{"media", to_hex(damage.file->file.view())}, {"chunks", damage.file->chunks}};
  return object;
}

std::string taken_text(const std::filesystem::path& file, const Damage& damage) {
  std::string text = file.string() + ": what is whole before byte ";
  text += std::to_string(damage.place.offset) + " was taken";
  if (damage.cut)
    text += ", of report " + to_hex(damage.cut->report.view()).substr(0, 8) + " a part";
  if (damage.file) text += ", of file " + to_hex(damage.file->file.view()).substr(0, 8) + " a part";
  return text + "; nothing after it";
}

}  // namespace resguardo::analyst
