// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace resguardo::form {

struct SyntaxError {
  std::size_t line = 0;  // from 1
  std::string what;      // in an author's words
  std::string mend;      // what to do about it; may be empty
};

// Where something with a name stands, and what it is: "Node", "Section", "Choice".
struct NamedAt {
  std::size_t line = 0;  // from 1
  std::string type;
};

// What of a form's text has a line: every node, section, phrase, choice and so on, by the names
// that problems call them ("event_harm", "event_harm:robbery", "phrase skip").
struct ParsedPart {
  std::vector<SyntaxError> errors;
  std::map<std::string, std::vector<NamedAt>> lines;
};

// Protobuf text of a pb::Questionnaire, or of a part of one.
ParsedPart parse_part(std::string_view text);

}  // namespace resguardo::form
