// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/filter_json.h"

#include <algorithm>
#include <boost/json.hpp>

#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

constexpr Error kNoFilter{Fault::kMalformed, "a filter that this program does not write"};

// False: the filter asks for nothing of that name.
bool put_wish(std::string_view name, const std::string& wish, IncidentFilter& filter) {
  if (name == "since" || name == "until") {
    (name == "since" ? filter.since : filter.until) = parse_day(wish);
    return true;  // a day that is none is written back as nothing
  }
  const auto known = filter_codes();
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const FilterCode& code) { return code.name == name; });
  if (found == known.end()) return false;
  filter.*(found->code) = wish;
  return true;
}

}  // namespace

boost::json::object filter_json(const IncidentFilter& filter) {
  boost::json::object object;
  if (filter.since) object["since"] = to_string(*filter.since);
  if (filter.until) object["until"] = to_string(*filter.until);
  for (const auto& [name, code] : filter_codes())
    if (!(filter.*code).empty()) object[name] = program::json_text(filter.*code);
  return object;
}

std::string filter_text(const IncidentFilter& filter) {
  return program::json_line(filter_json(filter));
}

Result<IncidentFilter> parse_filter(std::string_view text) {
  if (text.size() > kMaxFilterText) return kNoFilter;
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse(text, failed);
  if (failed || !parsed.is_object()) return kNoFilter;
  IncidentFilter filter;
  for (const auto& [name, wish] : parsed.get_object())
    if (!wish.is_string() || !put_wish(name, std::string(wish.get_string()), filter))
      return kNoFilter;
  if (filter_text(filter) != text) return kNoFilter;
  return filter;
}

}  // namespace resguardo::analyst
