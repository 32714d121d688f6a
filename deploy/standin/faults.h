// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

namespace resguardo::standin {

// What goes wrong between a bot and its messengers.
enum class Mishap : std::uint8_t {
  kSlow,        // the answer comes late
  kCut,         // the connection ends before anything was done
  kLostAnswer,  // it was done, and the answer never came
  kBroken,      // 5xx
  kBusy,        // a limit: 429, or Meta's codes
  kRefused,     // an error body that says: never
  kTwice,       // a delivery comes again
  kLate,        // one of before comes again
  kHalf,        // a file ends in its middle
  kOther,       // a file with other bytes
  kGone,        // a file that is not there, this time
};
std::string_view name_of(Mishap mishap);

// Draws mishaps by chance, the same for the same seed and order of calls. Thread-safe.
class Mishaps {
 public:
  // So many of a hundred things go wrong from now on. Without `limits` nothing is drawn that makes
  // a bot wait for a minute.
  void begin(unsigned percent, std::uint32_t seed, bool limits);
  std::optional<Mishap> draw(std::initializer_list<Mishap> possible);
  std::size_t below(std::size_t bound);
  std::map<Mishap, std::uint64_t> counts();

 private:
  std::mutex mutex_;
  std::mt19937 random_;
  unsigned percent_ = 0;
  bool limits_ = false;
  std::map<Mishap, std::uint64_t> counts_;
};

}  // namespace resguardo::standin
