// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/base/bytes.h"

namespace resguardo::analyst {

// The bytes of a regular file, to be read as long as this lives. Whoever cuts the file off
// meanwhile ends the process: for files that nobody else is writing.
class MappedFile {
 public:
  // nullopt: it cannot be read.
  static std::optional<MappedFile> open(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile();
  ByteView bytes() const { return {data_, size_}; }

 private:
  MappedFile(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  const std::uint8_t* data_ = nullptr;  // nullptr: an empty file
  std::size_t size_ = 0;
};

}  // namespace resguardo::analyst
