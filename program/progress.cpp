// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/progress.h"

#include <algorithm>
#include <ostream>

#include "program/terminal.h"

namespace resguardo::program {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirst{1000};
constexpr milliseconds kBetween{100};
constexpr std::size_t kBar = 20;
constexpr std::size_t kMostName = 36;  // the whole line stays below 80 columns
constexpr const char* kClear = "\r\x1b[K";

std::string minutes(std::chrono::steady_clock::duration time) {
  const auto whole = std::chrono::duration_cast<seconds>(time).count();
  const std::string second = std::to_string(whole % 60);
  return std::to_string(whole / 60) + (second.size() == 1 ? ":0" : ":") + second;
}

}  // namespace

Progress::Progress(std::ostream& out, bool shown, const std::string& what, std::uint64_t total,
                   Clock clock)
    : out_(out),
      shown_(shown && total > 0),
      what_(visible(what)),
      total_(total),
      clock_(std::move(clock)),
      begun_(clock_()),
      drawn_(begun_ + kFirst - kBetween) {
  if (what_.size() <= kMostName) return;
  std::size_t from = what_.size() - kMostName;
  while (from < what_.size() && (static_cast<unsigned char>(what_[from]) & 0xC0U) == 0x80) ++from;
  what_ = "..." + what_.substr(from);
}

Progress::~Progress() {
  if (visible_) out_ << kClear << std::flush;
}

void Progress::at(std::uint64_t done) {
  if (!shown_) return;
  const auto now = clock_();
  if (now - drawn_ < kBetween) return;
  drawn_ = now;
  visible_ = true;
  const double part = std::min(
      1.0, static_cast<double>(std::max<std::uint64_t>(done, 1)) / static_cast<double>(total_));
  const auto full = static_cast<std::size_t>(part * kBar);
  const auto taken = std::chrono::duration<double>(now - begun_);
  const auto left =
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(taken * ((1 - part) / part));
  out_ << kClear << what_ << "  [" << std::string(full, '#') << std::string(kBar - full, '-')
       << "]  " << static_cast<int>(part * 100) << " %  " << minutes(left) << " left" << std::flush;
}

}  // namespace resguardo::program
