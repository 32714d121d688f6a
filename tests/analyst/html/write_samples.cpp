// SPDX-License-Identifier: AGPL-3.0-or-later
// Writes pages for the tests that read them with something else than our code:
//   html_samples DIR COUNT
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/analyst/html/sample_contents.h"

int main(int argc, char** argv) {
  using namespace resguardo::testing_support;
  if (argc != 3) return 2;
  const std::filesystem::path dir = argv[1];
  const std::size_t count = std::strtoull(argv[2], nullptr, 10);
  const auto write = [&](const char* name, const resguardo::analyst::PageContents& contents) {
    std::ofstream(dir / name, std::ios::binary) << page_of(contents);
  };
  write("exact.html", sample_contents(count, true));
  write("protected.html", sample_contents(count, false));
  write("spanish.html", sample_contents(40, false, false, "es"));
  write("hostile.html", sample_contents(40, true, true));
  write("hostile_protected.html", sample_contents(40, false, true));
  write("empty.html", sample_contents(0, false));
  return 0;
}
