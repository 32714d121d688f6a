// SPDX-License-Identifier: AGPL-3.0-or-later
// A bundle of 300 MB costs an analyst's machine no more memory than a small one.
#include "tests/analyst/large_bundle.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/analyst/cli_fixture.h"
#include "tests/support/sanitized.h"

namespace resguardo::testing_support {
namespace {

constexpr long kMoreKib = 16 * 1024;
// An import gathers the rows of one pack of one segment before it writes them (docs/adr/173), here
// 23 rows of half a megabyte, sealed and opened; never more of the bundle than that.
constexpr long kPackKib = 32 * 1024;

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
  EXPECT_LT(large_in.peak_kib, small_in.peak_kib + kPackKib);
  RecordProperty("verify_kib", static_cast<int>(large.peak_kib));
  RecordProperty("import_kib", static_cast<int>(large_in.peak_kib));
  std::cout << "verify " << small.peak_kib << " -> " << large.peak_kib << " KiB, import "
            << small_in.peak_kib << " -> " << large_in.peak_kib << " KiB\n";

  const auto again = import(path("large"), "ana", "v");
  EXPECT_THAT(again.out, ::testing::HasSubstr("0 new segments"));
  EXPECT_LT(again.peak_kib, small_in.peak_kib + kMoreKib);
}

TEST_F(LargeBundleTest, AVideoOfAHundredMegabytesArrivesBitForBitInConstantMemory) {
  constexpr std::size_t kVideo = 100'000'000;
  const auto video_of = [](std::size_t size) {
    std::string video(size, '\0');
    for (std::size_t at = 0; at < size; at += 4093) video[at] = static_cast<char>(at % 251);
    return video;
  };
  for (const std::size_t size : {std::size_t{10}, kVideo}) {
    // In a process of its own: what this one has resident counts as its children's.
    const pid_t maker_of_bundle = ::fork();
    if (maker_of_bundle == 0) {
      BundleMaker bundle = maker();
      const ReportId id = bundle.add(small_report());
      bundle.add_file(id, media_id(9), {video_of(size), "video/mp4", "", false, true});
      put("video" + std::to_string(size), bundle.bytes());
      ::_exit(0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(maker_of_bundle, &status, 0), maker_of_bundle);
    ASSERT_EQ(status, 0);
  }
  const auto taken = [&](std::size_t size) {
    const std::string name = std::to_string(size);
    const auto in = import(path("video" + name), "ana", "v" + name);
    EXPECT_EQ(in.code, 0) << in.err;
    const auto out = run_unlocked({"export", "--vault", path("v" + name), "--format", "ndjson",
                                   "--out", path("o" + name), "--media", path("m" + name)});
    EXPECT_EQ(out.code, 0) << out.err;
    return std::pair(in.peak_kib, out.peak_kib);
  };
  const auto [small_in, small_out] = taken(10);
  const auto [large_in, large_out] = taken(kVideo);
  EXPECT_LT(large_in, small_in + kMoreKib);
  EXPECT_LT(large_out, small_out + kMoreKib);
  std::cout << "import " << small_in << " -> " << large_in << " KiB, export " << small_out << " -> "
            << large_out << " KiB\n";
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(path("m" + std::to_string(kVideo)))) {
    ++files;
    EXPECT_TRUE(content(file.path()) == video_of(kVideo));
  }
  EXPECT_EQ(files, 1U);
}

}  // namespace
}  // namespace resguardo::testing_support
