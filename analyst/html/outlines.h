// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace resguardo::analyst {

// A part of the world as a map shows it. Degrees, WGS 84.
struct MapBox {
  double west = 0, south = 0, east = 0, north = 0;
  // Where a point lies on a drawing that is `kMapWidth` wide; y grows to the south. A degree of
  // longitude is as long as it is in the middle of the box.
  double x(double longitude) const;
  double y(double latitude) const;
  double height() const;
  bool holds(double longitude, double latitude) const;
};
inline constexpr double kMapWidth = 5000;

// The countries and border states that touch the box, as SVG paths of whole numbers (outlines.txt:
// Natural Earth, public domain). Two for the same box are alike.
std::string outlines_svg(const MapBox& box);

struct Outline {
  std::string kind;                               // "country", "state"
  std::string code;                               // ISO 3166-1, ISO 3166-2
  std::vector<std::pair<double, double>> ring{};  // longitude, latitude
};
const std::vector<Outline>& outlines();

}  // namespace resguardo::analyst
