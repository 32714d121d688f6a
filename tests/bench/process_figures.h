// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace resguardo::bench {

// What a process has used so far. Processor time is the kernel's count of ticks, so stages of some
// seconds are told to a hundredth.
struct ProcessFigures {
  double processor = 0;  // seconds, of all its threads
  std::uint64_t resident_kib = 0;
  std::uint64_t peak_kib = 0;
  std::uint64_t journal_frames = 0, report_frames = 0, database_pages = 0, syncs = 0;
};

// `pages` is the file of page_count_shim.cpp; empty: the counts are 0.
ProcessFigures figures_of(int process, const std::string& pages);

}  // namespace resguardo::bench
