// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bot/intake/glossary.h"
#include "crypto/base/bytes.h"
#include "crypto/base/secret_text.h"

namespace resguardo::intake {

// The bytes of a packed conversation (packed.h): numbers of seven bits a byte, low ones first. For
// this process's memory only: nobody else reads them, and they change from build to build.
class PackWriter {
 public:
  explicit PackWriter(const Glossary::Reading& glossary) : glossary_(glossary) {
    bytes_.reserve(512);
  }
  void number(std::uint64_t value);
  void difference(std::int64_t value);  // small if near to 0, on either side
  void raw(ByteView bytes) { bytes_.append(bytes); }
  void text(std::string_view text);
  void word(std::string_view word);  // by its number, where the glossary has it
  std::size_t size() const { return bytes_.size(); }
  ByteView view() const { return bytes_.view(); }

 private:
  const Glossary::Reading& glossary_;
  SecretBuffer bytes_;
};

// Reads what a PackWriter wrote, in the same order. Past the end everything is zero or empty.
class PackReader {
 public:
  PackReader(ByteView bytes, const Glossary::Reading& glossary)
      : bytes_(bytes), glossary_(glossary) {}
  std::uint64_t number();
  std::int64_t difference();
  ByteView raw(std::size_t size);
  std::string text() { return std::string(as_text(raw(number()))); }
  std::string word();
  ByteView rest() const { return bytes_; }

 private:
  ByteView bytes_;
  const Glossary::Reading& glossary_;
};

}  // namespace resguardo::intake
