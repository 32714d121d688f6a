// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/outlines.h"

#include <cmath>
#include <numbers>
#include <sstream>

#include "data/map_outlines.h"

namespace resguardo::analyst {
namespace {

std::vector<Outline> read_outlines() {
  std::vector<Outline> all;
  std::istringstream lines{std::string(data::map_outlines[0].view())};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Outline outline;
    words >> outline.kind >> outline.code;
    if (outline.kind == "#" || outline.kind.empty()) continue;
    int longitude = 0, latitude = 0;
    char comma = 0;
    while (words >> longitude >> comma >> latitude)
      outline.ring.emplace_back(longitude / 100.0, latitude / 100.0);
    all.push_back(std::move(outline));
  }
  return all;
}

bool touches(const Outline& outline, const MapBox& box) {
  double west = 180, east = -180, south = 90, north = -90;
  for (const auto& [longitude, latitude] : outline.ring) {
    west = std::min(west, longitude);
    east = std::max(east, longitude);
    south = std::min(south, latitude);
    north = std::max(north, latitude);
  }
  return west < box.east && east > box.west && south < box.north && north > box.south;
}

std::string path_of(const Outline& outline, const MapBox& box) {
  std::string path;
  long last_x = 0, last_y = 0;
  for (const auto& [longitude, latitude] : outline.ring) {
    const long x = std::lround(box.x(longitude)), y = std::lround(box.y(latitude));
    path += path.empty() ? "M" + std::to_string(x) + " " + std::to_string(y) + "l"
                         : std::to_string(x - last_x) + " " + std::to_string(y - last_y) + " ";
    last_x = x;
    last_y = y;
  }
  if (!path.empty() && path.back() == ' ') path.pop_back();
  return path + "z";
}

}  // namespace

double MapBox::x(double longitude) const {
  return (longitude - west) / (east - west) * kMapWidth;
}

double MapBox::y(double latitude) const {
  const double middle = (south + north) / 2 * std::numbers::pi / 180;
  return (north - latitude) / (east - west) / std::cos(middle) * kMapWidth;
}

double MapBox::height() const {
  return y(south);
}

bool MapBox::holds(double longitude, double latitude) const {
  return longitude > west && longitude < east && latitude > south && latitude < north;
}

const std::vector<Outline>& outlines() {
  static const std::vector<Outline> all = read_outlines();
  return all;
}

std::string outlines_svg(const MapBox& box) {
  std::string land, lines;
  for (const Outline& outline : outlines()) {
    if (!touches(outline, box)) continue;
    (outline.kind == "country" ? land : lines) += path_of(outline, box);
  }
  return "<path class=\"land\" d=\"" + land + "\"/><path class=\"state\" d=\"" + lines + "\"/>\n";
}

}  // namespace resguardo::analyst
