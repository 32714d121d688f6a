// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/notices/notice.h"

#include <algorithm>
#include <ostream>
#include <string_view>

namespace resguardo::notices {
namespace {

StaticText name_of(Level level) {
  switch (level) {
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

StaticText name_of(Kind kind) {
  switch (kind) {
    case Kind::kPort:
      return "port";
    case Kind::kRoster:
      return "roster";
    case Kind::kLandlock:
      return "landlock";
    case Kind::kMebibytes:
      return "mebibytes";
    case Kind::kProblems:
      return "problems";
  }
  return "number";
}

void add_quoted(std::string& line, StaticText key, StaticText text) {
  line.append(" ").append(key.c_str()).append("=\"");
  for (const char letter : std::string_view(text.c_str())) {
    if (letter == '"' || letter == '\\') line += '\\';
    line += letter == '\n' ? ' ' : letter;
  }
  line += '"';
}

}  // namespace

Notice& Notice::because(StaticText why) {
  parts_.push_back({"because", why, 0});
  return *this;
}
Notice& Notice::see(StaticText command) {
  parts_.push_back({"see", command, 0});
  return *this;
}
Notice& Notice::listener(StaticText name) {
  parts_.push_back({"listener", name, 0});
  return *this;
}
Notice& Notice::with(Kind kind, std::uint64_t number) {
  parts_.push_back({name_of(kind), std::nullopt, std::min(number, kMost)});
  return *this;
}

std::string Notice::line() const {
  std::string line = std::string("level=") + name_of(level_).c_str();
  add_quoted(line, "event", event_);
  for (const Part& part : parts_) {
    if (part.text) {
      add_quoted(line, part.key, *part.text);
    } else {
      line.append(" ").append(part.key.c_str()).append("=").append(std::to_string(part.number));
    }
  }
  return line;
}

void Log::write(const Notice& notice) {
  const std::string line = notice.line() + "\n";
  const std::lock_guard lock(mutex_);
  out_ << line << std::flush;
}

}  // namespace resguardo::notices
