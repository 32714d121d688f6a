// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

namespace resguardo::bench {

// What a program wrote to its databases, page by page; in a file that two processes share.
struct PageCounts {
  std::atomic<std::uint64_t> journal_frames{0};  // pages appended to the journal's WAL
  std::atomic<std::uint64_t> report_frames{0};   // and to the report store's, or any other WAL
  std::atomic<std::uint64_t> database_pages{0};  // copied from a WAL into its database
  std::atomic<std::uint64_t> syncs{0};
};

}  // namespace resguardo::bench
