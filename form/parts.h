// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "program/problem.h"

namespace resguardo::form {

// One file of a form (docs/adr/080), as parts.txt names it, and where it lies in the joined text.
struct FormPart {
  std::string name;
  std::size_t first_line = 1;  // of the joined text, counted from 1
  std::size_t lines = 0;
};

// A form as its author wrote it: the exact bytes whose digest pins the version, and the files they
// came from.
class FormSource {
 public:
  // A .txtpb file, or a directory with parts.txt. What cannot be read is told with its file;
  // whether the text parses is not asked here.
  static program::Outcome<FormSource> read(const std::filesystem::path& form);

  const Bytes& bytes() const { return bytes_; }
  const std::vector<FormPart>& parts() const { return parts_; }
  std::string_view text(const FormPart& part) const;  // of the joined text
  // "consent.txtpb:12": where line `line` of the joined text was written.
  std::string place(std::size_t line) const;

 private:
  void append(std::string name, const Bytes& content);
  Bytes bytes_;
  std::vector<FormPart> parts_;
  std::vector<std::size_t> offsets_;  // of each part in bytes_
};

// Each part parsed by itself, so that a bracket left open is told in its own file; then all of them
// together. In an author's words. Empty: all parse.
std::vector<program::Problem> syntax_problems(const FormSource& source);

}  // namespace resguardo::form
