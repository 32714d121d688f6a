// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "analyst/html/figures.h"
#include "analyst/html/markup.h"
#include "analyst/html/outlines.h"

namespace resguardo::analyst {
namespace {

using Kind = ShownCount::Kind;
constexpr MapBox kRoute{-118.5, 0.3, -71.5, 33.6};
constexpr MapBox kBorder{-117.9, 25.3, -96.7, 33.3};
constexpr double kLargest = 120;  // radius of the most frequent place
constexpr double kLeast = 24;
constexpr std::size_t kMostNumbers = 30;
constexpr double kLetter = 105;  // height of a number

struct Point {
  double longitude = 0, latitude = 0;
  ShownCount count{};
  std::string name;
  std::size_t rank = 0;
};

double radius(const ShownCount& count, std::uint64_t most) {
  return std::max(kLeast, kLargest * std::sqrt(bar_length(count, most) / 100));
}

struct Square {
  double left, top, right, bottom;
  bool meets(const Square& other) const {
    return left < other.right && right > other.left && top < other.bottom && bottom > other.top;
  }
};

// The numbers of the most frequent places, where they do not cover one another.
std::string numbers(const std::vector<Point>& points, const MapBox& box, std::uint64_t most) {
  std::vector<Square> taken;
  std::string html;
  for (const Point& point : points) {
    if (taken.size() == kMostNumbers || !box.holds(point.longitude, point.latitude)) continue;
    const std::string text = std::to_string(point.rank);
    const double x = box.x(point.longitude) + radius(point.count, most) + 12;
    const double y = box.y(point.latitude);
    const Square square{x, y - kLetter / 2, x + 0.6 * kLetter * static_cast<double>(text.size()),
                        y + kLetter / 2};
    if (std::any_of(taken.begin(), taken.end(), [&](const auto& one) { return one.meets(square); }))
      continue;
    taken.push_back(square);
    html += "<text x=\"" + decimal(x) + "\" y=\"" + decimal(y + 0.35 * kLetter) + "\">" + text +
            "</text>";
  }
  return html;
}

std::string circles(const std::vector<Point>& points, const MapBox& box, std::uint64_t most,
                    const FigureParts& parts) {
  std::string html;
  for (const Point& point : points) {
    if (!box.holds(point.longitude, point.latitude)) continue;
    html += "<circle class=\"" + std::string(point.count.kind == Kind::kExact ? "dot" : "hollow") +
            "\" cx=\"" + decimal(box.x(point.longitude)) + "\" cy=\"" +
            decimal(box.y(point.latitude)) + "\" r=\"" + decimal(radius(point.count, most)) +
            "\"><title>" + page_text(parts.words("map.point", {point.name, point.count.text()})) +
            "</title></circle>\n";
  }
  return html;
}

std::string map_svg(const std::vector<Point>& points, const MapBox& box, std::uint64_t most,
                    const std::string& title, const FigureParts& parts) {
  const std::string id = title == "map.route" ? "route" : "border";
  return "<figure class=\"map\"><figcaption>" + page_text(parts.words(title)) +
         "</figcaption><svg viewBox=\"0 0 5000 " + std::to_string(std::lround(box.height())) +
         "\" role=\"img\" aria-labelledby=\"" + id + "-t " + id + "-d\"><title id=\"" + id +
         "-t\">" + page_text(parts.words(title)) + "</title><desc id=\"" + id + "-d\">" +
         page_text(parts.words("map.description")) + "</desc>" + outlines_svg(box) +
         circles(points, box, most, parts) + "<g class=\"ranks\">" + numbers(points, box, most) +
         "</g></svg></figure>\n";
}

struct Places {
  std::vector<Point> points{};
  std::vector<const ShownTable::Row*> without{};
};

Places places_of(const ShownTable& table, const Names& names) {
  Places places;
  for (const ShownTable::Row& row : table.rows) {
    const pb::GazetteerPlace* place = names.gazetteer(row.code);
    if (place == nullptr)
      places.without.push_back(&row);
    else
      places.points.push_back({place->longitude(), place->latitude(), row.incidents,
                               names.place(row.code), places.points.size() + 1});
  }
  return places;
}

std::string ranked(const Places& places, const FigureParts& parts) {
  std::string html =
      "<details><summary>" + page_text(parts.words("numbers")) +
      "</summary><table class=\"counts\"><caption>" + page_text(parts.words("map.title")) +
      "</caption><thead><tr><th scope=\"col\">" + page_text(parts.words("map.rank")) +
      "</th><th scope=\"col\">" + page_text(parts.words("head.place_by_category")) +
      "</th><th scope=\"col\">" + page_text(parts.words("count")) + "</th></tr></thead><tbody>\n";
  for (const Point& point : places.points)
    html += "<tr><td>" + std::to_string(point.rank) + "</td><th scope=\"row\">" +
            page_text(point.name) + "</th><td>" + page_text(point.count.text()) + "</td></tr>\n";
  return html + "</tbody></table></details>\n";
}

std::string unplaced(const Places& places, const FigureParts& parts) {
  if (places.without.empty()) return "";
  std::string html = "<p>" + page_text(parts.words("map.without")) + "</p><ul class=\"inline\">";
  for (const ShownTable::Row* row : places.without)
    html += "<li>" + page_text(parts.names.place(row->code)) + ": " +
            page_text(row->incidents.text()) + "</li>";
  return html + "</ul>\n";
}

}  // namespace

std::string map_figure(const ShownTable& table, const FigureParts& parts) {
  const Places places = places_of(table, parts.names);
  std::uint64_t most = 1;
  for (const Point& point : places.points) most = std::max(most, point.count.value);
  std::string html = "<section class=\"figure\" id=\"map\"><h3>" +
                     page_text(parts.words("map.title")) + "</h3>\n<div class=\"maps\">" +
                     map_svg(places.points, kBorder, most, "map.border", parts) +
                     map_svg(places.points, kRoute, most, "map.route", parts) + "</div>\n";
  html += "<p class=\"note\">" + page_text(parts.words("map.description")) + " " +
          page_text(parts.words("map.middle")) + " " + page_text(parts.words("map.source")) +
          "</p>\n" + ranked(places, parts) + unplaced(places, parts) + "</section>\n";
  return html;
}

}  // namespace resguardo::analyst
