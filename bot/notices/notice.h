// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.h"

// The server's log: one line an event, key=value. Nothing that a reporter wrote, no address and no
// digit of a receipt can be in it, because there is no way to put one in: a line is made of text
// that stood in the source, and of small numbers of the kinds below (docs/adr/178).
namespace resguardo::notices {

enum class Level : std::uint8_t { kInfo, kWarning, kError };

// What a number counts. A new kind is a decision: what does it tell of a person?
enum class Kind : std::uint8_t { kPort, kRoster, kLandlock, kMebibytes, kProblems };

// One line. Text is StaticText, which no text of a run can become (its constructor is consteval).
class Notice {
 public:
  Notice(Level level, StaticText event) : level_(level), event_(event) {}

  Notice& because(StaticText why);
  Notice& see(StaticText command);    // what tells more, or mends
  Notice& listener(StaticText name);  // "public", "gateway", "admin"
  // Of at most six digits: a telephone number or a part of a receipt would be cut to 999999.
  Notice& with(Kind kind, std::uint64_t number);
  static constexpr std::uint64_t kMost = 999'999;

  // level=error event="…" because="…" roster=4 see="…"; no line break, nothing that needs escaping
  // but quotes.
  std::string line() const;

 private:
  struct Part {
    StaticText key = "";
    std::optional<StaticText> text;
    std::uint64_t number = 0;
  };
  Level level_;
  StaticText event_;
  std::vector<Part> parts_;
};

// Where lines go: each whole, also from several threads.
class Log {
 public:
  explicit Log(std::ostream& out) : out_(out) {}
  void write(const Notice& notice);

 private:
  std::ostream& out_;
  std::mutex mutex_;
};

inline Notice info(StaticText event) {
  return {Level::kInfo, event};
}
inline Notice warning(StaticText event) {
  return {Level::kWarning, event};
}
inline Notice error(StaticText event) {
  return {Level::kError, event};
}

}  // namespace resguardo::notices
