// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/process_figures.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "tests/bench/page_counts.h"

namespace resguardo::bench {
namespace {

double processor_seconds(const std::string& folder) {
  std::ifstream in(folder + "stat");
  std::string line;
  std::getline(in, line);
  const std::size_t end = line.rfind(')');  // of the name, which may hold anything
  if (end == std::string::npos) return 0;
  std::istringstream rest(line.substr(end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) rest >> skipped;
  double user = 0;
  double system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::uint64_t kib_at(const std::string& folder, const std::string& name) {
  std::ifstream in(folder + "status");
  std::string word;
  std::uint64_t value = 0;
  while (in >> word)
    if (word == name && in >> value) return value;
  return 0;
}

void add_pages(const std::string& file, ProcessFigures& figures) {
  const int handle = file.empty() ? -1 : ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (handle < 0) return;
  void* at = ::mmap(nullptr, sizeof(PageCounts), PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
  ::close(handle);
  if (at == MAP_FAILED) return;
  const auto* counts = static_cast<const PageCounts*>(at);
  figures.journal_frames = counts->journal_frames;
  figures.report_frames = counts->report_frames;
  figures.database_pages = counts->database_pages;
  figures.syncs = counts->syncs;
  ::munmap(at, sizeof(PageCounts));
}

}  // namespace

ProcessFigures figures_of(int process, const std::string& pages) {
  const std::string folder = "/proc/" + std::to_string(process) + "/";
  ProcessFigures figures;
  figures.processor = processor_seconds(folder);
  figures.resident_kib = kib_at(folder, "VmRSS:");
  figures.peak_kib = kib_at(folder, "VmHWM:");
  add_pages(pages, figures);
  return figures;
}

}  // namespace resguardo::bench
