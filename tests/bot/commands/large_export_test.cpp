// SPDX-License-Identifier: AGPL-3.0-or-later
// An export of 200 MB costs the server no more memory than one of 2 MB.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/support/paths.h"
#include "tests/support/run_program.h"
#include "tests/support/sanitized.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::testing_support {
namespace {

constexpr long kMoreKib = 16 * 1024;

class LargeExportTest : public ::testing::Test {
 protected:
  ProgramResult drive(const std::string& store, std::vector<std::string> arguments) const {
    std::filesystem::create_directories(directory_.path() / store);
    arguments.insert(arguments.begin(), {(bin_dir() / "export_driver").string(),
                                         (directory_.path() / store).string()});
    return run_program({arguments, "", {}});
  }
  std::string out(const std::string& name) const { return (directory_.path() / name).string(); }

 private:
  TemporaryDirectory directory_;
};

TEST_F(LargeExportTest, TakesNoMoreMemoryThanASmallOne) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's memory is its own";
  ASSERT_EQ(drive("small", {"fill", "1"}).code, 0);
  ASSERT_EQ(drive("large", {"fill", "100"}).code, 0);
  const auto small = drive("small", {"write", out("s"), "1000000000"});
  const auto large = drive("large", {"write", out("l"), "1000000000"});
  const auto parts = drive("large", {"write", out("p"), "30000000"});
  ASSERT_EQ(small.code + large.code + parts.code, 0) << large.err << parts.err;
  EXPECT_EQ(large.out, "1\n");
  EXPECT_EQ(parts.out, "8\n");
  EXPECT_GT(std::filesystem::file_size(out("l.0")), 200'000'000U);
  for (int part = 0; part < 8; ++part)
    EXPECT_LE(std::filesystem::file_size(out("p." + std::to_string(part))), 30'000'000U);
  std::cout << "export " << small.peak_kib << " -> " << large.peak_kib << ", in parts "
            << parts.peak_kib << " KiB\n";
  EXPECT_LT(large.peak_kib, small.peak_kib + kMoreKib);
  EXPECT_LT(parts.peak_kib, small.peak_kib + kMoreKib);
}

}  // namespace
}  // namespace resguardo::testing_support
