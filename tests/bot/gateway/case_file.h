// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/clock.h"
#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway::testing_support {

// One request and what must come of it, from a text file:
//
//   # what it shows
//   auth: good | second | wrong | none        (good)
//   now: 1790000200                           (that; seconds)
//   expect: accepted | unauthentic            (accepted)
//   counts: ignored=1 refused=0 stale=0       (all 0)
//   events: 1000                              (as many as `event:` lines)
//   event: text from=… id=… at=… text="…"     (describe.h; any number)
//   body:  or  inner:
//   …                                         to the end of the file, its last line end left out
//
// `inner` is put where the gateway's template.json says @@inner@@. In both, @@hex:ff00@@ stands for
// bytes, @@times:40:[@@ for a repeated text, and @@list:1000:{"id":"m@n@"}@@ for texts with commas
// between and their number at @n@.
struct Case {
  std::string name;
  Auth auth = Auth::kGood;
  TimePoint now{std::chrono::seconds{1'790'000'200}};
  bool accepted = true;
  std::string counts = "ignored=0 refused=0 stale=0";
  std::optional<std::size_t> event_count;
  std::vector<std::string> events;
  std::string body;
};

// Throws on a file that is not of this form.
Case read_case(const std::filesystem::path& file);

}  // namespace resguardo::gateway::testing_support
