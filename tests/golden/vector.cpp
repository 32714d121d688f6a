// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/golden/vector.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace resguardo::testing_support {

GoldenVector GoldenVector::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("no vector " + file.string());
  GoldenVector vector;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto colon = line.find(':');
    if (colon == std::string::npos) throw std::runtime_error("a line without a name: " + line);
    const auto value = line.find_first_not_of(' ', colon + 1);
    vector.add(line.substr(0, colon), value == std::string::npos ? "" : line.substr(value));
  }
  return vector;
}

void GoldenVector::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

std::vector<std::string> GoldenVector::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [field, value] : fields_)
    if (field == name) values.push_back(value);
  return values;
}

std::string GoldenVector::text(std::string_view name) const {
  const auto values = all(name);
  if (values.size() != 1) throw std::runtime_error("not one " + std::string(name));
  return values.front();
}

Bytes GoldenVector::bytes(std::string_view name) const {
  return parse_hex(text(name)).value();
}

std::vector<Bytes> GoldenVector::list(std::string_view name) const {
  std::vector<Bytes> values;
  for (const auto& value : all(name)) values.push_back(parse_hex(value).value());
  return values;
}

std::string GoldenVector::str() const {
  std::string text;
  for (const auto& [name, value] : fields_)
    text += name + (value.empty() ? ":" : ": ") + value + "\n";
  return text;
}

std::vector<std::string> vectors_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace resguardo::testing_support
