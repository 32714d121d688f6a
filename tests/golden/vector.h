// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base/bytes.h"

namespace resguardo::testing_support {

// A vector file: "name: value" lines, # begins a comment, a name may repeat. Whatever is wrong
// with a file throws: a vector that is not read is not tested.
class GoldenVector {
 public:
  static GoldenVector read(const std::filesystem::path& file);
  void add(std::string name, std::string value);
  void add(std::string name, ByteView value) { add(std::move(name), to_hex(value)); }

  bool has(std::string_view name) const { return !all(name).empty(); }
  std::string text(std::string_view name) const;  // exactly one
  Bytes bytes(std::string_view name) const;       // exactly one, hexadecimal
  std::vector<Bytes> list(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const { return all(name); }
  std::string str() const;  // the file's text

 private:
  std::vector<std::string> all(std::string_view name) const;
  std::vector<std::pair<std::string, std::string>> fields_;
};

// The names of a folder's vectors in tests/golden, sorted, without .txt.
std::vector<std::string> vectors_in(const std::filesystem::path& folder);

// A parametrised test is called after its vector.
inline constexpr auto name_of_vector = [](const auto& vector) { return vector.param; };

}  // namespace resguardo::testing_support
