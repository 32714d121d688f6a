// SPDX-License-Identifier: AGPL-3.0-or-later
// A bundle of 300 MB costs an analyst's machine no more memory than a small one.
#include "tests/analyst/large_bundle.h"

#include <gmock/gmock.h>

#include "tests/analyst/cli_fixture.h"
#include "tests/support/sanitized.h"

namespace resguardo::testing_support {
namespace {

constexpr long kMoreKib = 16 * 1024;

class LargeBundleTest : public CliTest {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "a sanitizer's memory is its own";
    // 27 reports of 23 turns of 256 KiB in each stream, and one report of one turn.
    write("large", {27, 23, 250'000, kSmallForm});
    write("small", {1, 1, 10, kSmallForm});
    ASSERT_GT(std::filesystem::file_size(path("large")), 300'000'000U);
  }
  void write(const std::string& name, const LargeBundle& wanted) const {
    write_large_bundle(path(name), organisation().verified(), wanted, organisation().now);
  }
};

TEST_F(LargeBundleTest, TakesNoMoreMemoryThanASmallOneToVerifyAndImport) {
  const auto root = organisation().root_public();
  const auto small = run({"verify", path("small"), "--root", root});
  const auto large = run({"verify", path("large"), "--root", root});
  ASSERT_EQ(large.code, 0) << large.err;
  EXPECT_LT(large.peak_kib, small.peak_kib + kMoreKib);

  const auto small_in = import(path("small"), "ana", "s");
  const auto large_in = import(path("large"), "ana", "v");
  ASSERT_EQ(large_in.code, 0) << large_in.err;
  EXPECT_THAT(large_in.out, ::testing::HasSubstr("27 reports: 27 new segments"));
  EXPECT_LT(large_in.peak_kib, small_in.peak_kib + kMoreKib);
  RecordProperty("verify_kib", static_cast<int>(large.peak_kib));
  RecordProperty("import_kib", static_cast<int>(large_in.peak_kib));
  std::cout << "verify " << small.peak_kib << " -> " << large.peak_kib << " KiB, import "
            << small_in.peak_kib << " -> " << large_in.peak_kib << " KiB\n";

  const auto again = import(path("large"), "ana", "v");
  EXPECT_THAT(again.out, ::testing::HasSubstr("0 new segments"));
  EXPECT_LT(again.peak_kib, small_in.peak_kib + kMoreKib);
}

}  // namespace
}  // namespace resguardo::testing_support
