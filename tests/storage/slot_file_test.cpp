// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/slot_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "tests/storage/script.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using testing_support::TemporaryDirectory;
using Used = std::map<std::uint32_t, ReportId>;

SecretBytes file_key(std::uint8_t byte = 9) {
  Bytes bytes(32, byte);
  return SecretBytes::take(bytes).value();
}

Bytes slot_bytes(const SecretBytes& key) {
  return key.read([](ByteView bytes) { return to_bytes(bytes); });
}

class SlotFileTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(SlotFile::create(path(), file_key()).ok());
    reopen();
  }
  std::filesystem::path path() const { return directory_.path() / "slots"; }
  std::vector<SlotErasure> reopen(const Used& used = {}) {
    slots_ = SlotFile::open(path(), file_key()).value();
    slots_->settle(used);
    return slots_->unfinished();
  }
  std::uint32_t give(std::uint32_t report) {
    const auto cell = slots_->give(report_id(report), random_).value();
    slots_->confirm(report_id(report));
    used_.emplace(cell, report_id(report));
    EXPECT_TRUE(slots_->sync().ok());
    return cell;
  }
  Status end(const SlotErasure& erasure) {
    RESGUARDO_TRY(const auto noted, slots_->begin_end(erasure, random_));
    RESGUARDO_CHECK(slots_->sync());
    RESGUARDO_CHECK(slots_->overwrite_key(noted));
    return slots_->sync();
  }
  SlotErasure erasure(std::uint32_t cell, std::uint32_t report, std::string_view entry) const {
    return {cell, report_id(report), kDay, text(entry)};
  }
  Result<SecretBytes> key_of(std::uint32_t cell, std::uint32_t report) const {
    return slots_->key_of(cell, report_id(report));
  }
  Fault fault_of_key(std::uint32_t cell, std::uint32_t report) const {
    return key_of(cell, report).error().fault;
  }
  Bytes file() const {
    std::ifstream in(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Bytes cell_bytes(std::uint32_t cell) const {
    const Bytes all = file();
    return to_bytes(ByteView(all).subspan((cell + 1) * kSlotCell, kSlotCell));
  }
  void overwrite(std::uint32_t cell, ByteView bytes) const {
    std::fstream out(path(), std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>((cell + 1) * kSlotCell));
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
  }

  TemporaryDirectory directory_{testing_support::quick_parent()};
  testing_support::SeededRandom random_{1};
  std::unique_ptr<SlotFile> slots_;
  Used used_;
};

TEST_F(SlotFileTest, EachReportHasAKeyOfItsOwnAndFindsItAgain) {
  const auto one = give(1);
  const auto two = give(2);
  const Bytes first = slot_bytes(key_of(one, 1).value());
  EXPECT_NE(first, slot_bytes(key_of(two, 2).value()));
  EXPECT_THAT(reopen(used_), IsEmpty());
  EXPECT_EQ(slot_bytes(key_of(one, 1).value()), first);
  EXPECT_EQ(fault_of_key(one, 2), Fault::kMalformed);
  EXPECT_EQ(fault_of_key(100'000, 1), Fault::kMalformed);
}

TEST_F(SlotFileTest, AnErasedKeyIsOverwrittenWhereItWas) {
  const auto one = give(1);
  const auto two = give(2);
  const Bytes before = cell_bytes(one);
  const Bytes other = cell_bytes(two);
  ASSERT_TRUE(end(erasure(one, 1, "EXPIRED")).ok());
  EXPECT_EQ(fault_of_key(one, 1), Fault::kNotFound);
  const Bytes after = file();
  for (std::size_t at = 0; at + 16 <= before.size(); at += 16)
    EXPECT_EQ(as_text(after).find(as_text(ByteView(before).subspan(at, 16))),
              std::string_view::npos);
  EXPECT_EQ(cell_bytes(two), other);
  EXPECT_TRUE(key_of(two, 2).ok());
}

TEST_F(SlotFileTest, AnErasureThatWasCutShortIsToldAtStartWithItsFirstEntry) {
  const auto one = give(1);
  ASSERT_TRUE(slots_->begin_end(erasure(one, 1, "the first"), random_).ok());
  EXPECT_TRUE(key_of(one, 1).ok()) << "what the log will say comes first";
  EXPECT_EQ(slots_->begin_end(erasure(one, 1, "a second"), random_).value().entry,
            text("the first"));
  for (const bool rows_are_there : {true, false}) {
    const auto unfinished = reopen(rows_are_there ? used_ : Used());
    ASSERT_THAT(unfinished, SizeIs(1));
    EXPECT_EQ(unfinished[0].report, report_id(1));
    EXPECT_EQ(unfinished[0].entry, text("the first"));
    EXPECT_EQ(unfinished[0].day, kDay);
    EXPECT_EQ(unfinished[0].cell, one);
  }
  const auto free = slots_->free_cells();
  slots_->finish_end(erasure(one, 1, ""));
  EXPECT_EQ(slots_->free_cells(), free + 1) << "the other one was nobody's already";
  EXPECT_EQ(slots_->free_cells(), slots_->cells());
  EXPECT_THAT(reopen(), IsEmpty());
}

TEST_F(SlotFileTest, AMoveThatWasCutShortLeavesAFreeCell) {
  const auto cell = slots_->give(report_id(1), random_).value();
  EXPECT_EQ(slots_->give(report_id(1), random_).value(), cell) << "made again, not confirmed";
  EXPECT_THAT(reopen(), IsEmpty());
  EXPECT_EQ(slots_->free_cells(), slots_->cells());
  EXPECT_EQ(fault_of_key(cell, 1), Fault::kMalformed) << "and its key is gone";
}

TEST_F(SlotFileTest, ATornWriteCostsItsCellAndNoOther) {
  for (std::uint32_t report = 1; report <= 20; ++report) give(report);
  const auto [torn, its] = *std::next(used_.begin(), 7);
  const Bytes noise(kSlotCell / 2, 0xaa);
  overwrite(torn, noise);
  EXPECT_THAT(reopen(used_), IsEmpty());
  for (const auto& [cell, report] : used_)
    EXPECT_EQ(slots_->key_of(cell, report).ok(), cell != torn);
  EXPECT_EQ(slots_->key_of(torn, its).error().fault, Fault::kMalformed);
  EXPECT_TRUE(end({torn, its, kDay, text("EXPIRED")}).ok()) << "it can still be erased";
  EXPECT_EQ(slots_->key_of(torn, its).error().fault, Fault::kNotFound);
}

TEST_F(SlotFileTest, ACellThatAReportNamesIsGivenToNobodyElse) {
  const Used named = {{3, report_id(1)}, {270, report_id(2)}};  // by a newer database
  EXPECT_THAT(reopen(named), IsEmpty());
  for (std::uint32_t report = 10; report < 500; ++report) {
    const auto cell = give(report);
    EXPECT_NE(cell, 3U);
    EXPECT_NE(cell, 270U);
  }
}

TEST_F(SlotFileTest, AnotherReportsKeySurvivesTheErasureOfWhoNamesItsCell) {
  const auto cell = give(1);
  EXPECT_TRUE(end(erasure(cell, 2, "EXPIRED")).ok()) << "its key is nowhere";
  slots_->finish_end(erasure(cell, 2, "EXPIRED"));
  EXPECT_TRUE(key_of(cell, 1).ok());
}

TEST_F(SlotFileTest, CellsDoNotOpenInOneAnothersPlaces) {
  const auto one = give(1);
  const auto two = give(2);
  const Bytes first = cell_bytes(one);
  overwrite(one, cell_bytes(two));
  overwrite(two, first);
  EXPECT_EQ(fault_of_key(one, 1), Fault::kMalformed);
  EXPECT_EQ(fault_of_key(one, 2), Fault::kMalformed);
}

TEST_F(SlotFileTest, AnOlderCopyOpensWhatItHasAndSaysSoOfTheRest) {
  const auto one = give(1);
  const Bytes older = file();
  const auto two = give(2);
  slots_.reset();
  std::ofstream(path(), std::ios::binary) << as_text(older);
  EXPECT_THAT(reopen(used_), IsEmpty());
  EXPECT_TRUE(key_of(one, 1).ok());
  EXPECT_EQ(fault_of_key(two, 2), Fault::kMalformed);
}

TEST_F(SlotFileTest, WithoutItsKeyUsedErasedAndFreeCellsAreAlike) {
  const auto one = give(1);
  const auto two = give(2);
  ASSERT_TRUE(end(erasure(two, 2, std::string(kMostErasureEntry, 'e'))).ok());
  const Bytes all = file();
  for (const std::uint32_t report : {1U, 2U})
    EXPECT_EQ(as_text(all).find(report_id(report).str()), std::string_view::npos);
  EXPECT_EQ(as_text(all).find("eeee"), std::string_view::npos);
  std::set<Bytes> halves;  // no two cells have the same bytes anywhere that matters
  for (std::uint32_t cell = 0; cell < slots_->cells(); ++cell) {
    const Bytes bytes = cell_bytes(cell);
    halves.insert(to_bytes(ByteView(bytes).first(64)));
    halves.insert(to_bytes(ByteView(bytes).last(64)));
  }
  EXPECT_EQ(halves.size(), 2 * slots_->cells());
  EXPECT_EQ(all.size(), (slots_->cells() + 1) * kSlotCell) << one;
}

TEST_F(SlotFileTest, GrowsBeforeItIsFullAndPlacesTellNoOrder) {
  std::vector<std::uint32_t> cells;
  for (std::uint32_t report = 1; report <= 1000; ++report) {
    cells.push_back(give(report));
    EXPECT_GE((slots_->free_cells() + 1) * 4, slots_->cells());
  }
  EXPECT_EQ(std::set(cells.begin(), cells.end()).size(), 1000U);
  std::size_t later_is_higher = 0;
  for (std::size_t at = 1; at <= 150; ++at)  // before the first growth
    later_is_higher += cells[at] > cells[at - 1] ? 1U : 0U;
  EXPECT_GT(later_is_higher, 50U);
  EXPECT_LT(later_is_higher, 100U);
  EXPECT_THAT(reopen(used_), IsEmpty());
  for (const auto& [cell, report] : used_) EXPECT_TRUE(slots_->key_of(cell, report).ok());
}

TEST_F(SlotFileTest, EntriesAreAsLongAsSaidAndNotLonger) {
  const auto one = give(1);
  EXPECT_EQ(end(erasure(one, 1, std::string(kMostErasureEntry + 1, 'e'))).error().fault,
            Fault::kRefused);
  EXPECT_TRUE(key_of(one, 1).ok());
  EXPECT_TRUE(end(erasure(one, 1, std::string(kMostErasureEntry, 'e'))).ok());
  EXPECT_EQ(reopen(used_).at(0).entry.size(), kMostErasureEntry);
}

TEST_F(SlotFileTest, TheFileOfAnotherStoreIsRefused) {
  EXPECT_EQ(SlotFile::create(path(), file_key()).error().fault, Fault::kConflict);
  EXPECT_EQ(SlotFile::open(path(), file_key(8)).error().fault, Fault::kUnauthentic);
  EXPECT_EQ(SlotFile::open(directory_.path() / "none", file_key()).error().fault, Fault::kNotFound);
  std::filesystem::resize_file(path(), 100);
  EXPECT_EQ(SlotFile::open(path(), file_key()).error().fault, Fault::kMalformed);
}

TEST_F(SlotFileTest, ACutFileStillOpensWhatIsLeft) {
  for (std::uint32_t report = 1; report <= 60; ++report) give(report);
  slots_.reset();
  std::filesystem::resize_file(path(), 129 * kSlotCell + 100);
  EXPECT_THAT(reopen(used_), IsEmpty());
  for (const auto& [cell, report] : used_) EXPECT_EQ(slots_->key_of(cell, report).ok(), cell < 128);
  for (std::uint32_t report = 100; report < 400; ++report) give(report);
}

}  // namespace
}  // namespace resguardo::storage
