// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/key_ring.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "storage/key_file.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {
namespace {

SecretBytes master_of(std::uint8_t byte) {
  Bytes bytes(32, byte);
  return SecretBytes::take(bytes).value();
}

Bytes plain(const SecretBytes& key) {
  return key.read([](ByteView bytes) { return to_bytes(bytes); });
}

Bytes content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class KeyRingTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(KeyRing::create(directory_.path(), master_of(1)).ok()); }
  std::unique_ptr<KeyRing> open() const {
    return KeyRing::open(directory_.path(), master_of(1)).value();
  }
  std::filesystem::path key_file(const char* name) const {
    return directory_.path() / "keys" / name;
  }
  testing_support::TemporaryDirectory directory_{testing_support::quick_parent()};
};

TEST_F(KeyRingTest, GivesTheSameKeysAfterReopening) {
  const auto before = open();
  const Bytes store = plain(before->store_key().value());
  const Bytes journal = plain(before->journal_key(Day{100}).value());
  const Bytes day = plain(before->day_key(Day{100}, true).value());
  const Bytes dedupe = plain(before->dedupe_key().value());
  const auto after = open();
  EXPECT_EQ(plain(after->store_key().value()), store);
  EXPECT_EQ(plain(after->journal_key(Day{100}).value()), journal);
  EXPECT_EQ(plain(after->day_key(Day{100}, false).value()), day);
  EXPECT_EQ(plain(after->dedupe_key().value()), dedupe);
  EXPECT_EQ((std::set<Bytes>{store, journal, day, dedupe}.size()), 4U);
}

TEST_F(KeyRingTest, IsMadeOnce) {
  EXPECT_EQ(KeyRing::create(directory_.path(), master_of(1)).error().fault, Fault::kConflict);
}

TEST_F(KeyRingTest, RefusesAnotherMasterKey) {
  EXPECT_EQ(KeyRing::open(directory_.path(), master_of(2)).error().fault, Fault::kUnauthentic);
}

TEST_F(KeyRingTest, MakesADayKeyOnlyWhenAsked) {
  const auto keys = open();
  EXPECT_EQ(keys->day_key(Day{100}, false).error().fault, Fault::kNotFound);
  EXPECT_TRUE(keys->live_days().empty());
  ASSERT_TRUE(keys->day_key(Day{100}, true).ok());
  EXPECT_TRUE(keys->day_key(Day{100}, false).ok());
}

TEST_F(KeyRingTest, ListsLiveDaysNewestFirst) {
  const auto keys = open();
  for (const int day : {20500, 20400, 20600}) ASSERT_TRUE(keys->day_key(Day{day}, true).ok());
  EXPECT_EQ(open()->live_days(), (std::vector<Day>{{20600}, {20500}, {20400}}));
}

TEST_F(KeyRingTest, DestroyedDaysAreGone) {
  const auto keys = open();
  for (const int day : {20400, 20500, 20600}) ASSERT_TRUE(keys->day_key(Day{day}, true).ok());
  ASSERT_TRUE(keys->destroy_days_before(Day{20500}).ok());
  EXPECT_EQ(keys->live_days(), (std::vector<Day>{{20600}, {20500}}));
  EXPECT_EQ(keys->day_key(Day{20400}, false).error().fault, Fault::kNotFound);
  EXPECT_EQ(open()->day_key(Day{20400}, false).error().fault, Fault::kNotFound);
}

TEST_F(KeyRingTest, KeysOfLinkedPhonesAreTheirOwnAndGoAlone) {
  const auto keys = open();
  EXPECT_EQ(keys->link_key(Day{20400}, false).error().fault, Fault::kNotFound);
  for (const int day : {20400, 20500}) {
    ASSERT_TRUE(keys->day_key(Day{day}, true).ok());
    ASSERT_TRUE(keys->link_key(Day{day}, true).ok());
    EXPECT_NE(plain(keys->day_key(Day{day}, false).value()),
              plain(keys->link_key(Day{day}, false).value()));
  }
  EXPECT_EQ(open()->link_days(), (std::vector<Day>{{20500}, {20400}}));
  ASSERT_TRUE(keys->destroy_links_before(Day{20500}).ok());
  EXPECT_EQ(keys->link_days(), (std::vector<Day>{{20500}}));
  EXPECT_EQ(keys->live_days(), (std::vector<Day>{{20500}, {20400}}));
  EXPECT_EQ(open()->link_key(Day{20400}, false).error().fault, Fault::kNotFound);
  ASSERT_TRUE(keys->destroy_days_before(Day{20600}).ok());
  EXPECT_TRUE(keys->link_key(Day{20500}, false).ok());
}

TEST_F(KeyRingTest, DestroyingOverwritesTheFileInPlace) {
  const auto keys = open();
  const Bytes before = plain(keys->journal_key(Day{20400}).value());
  const auto file = key_file(("journal-" + to_string(Day{20400}) + ".key").c_str());
  const auto second_name = directory_.path() / "another name of the same file";
  std::filesystem::create_hard_link(file, second_name);
  const Bytes on_disk = content_of(second_name);
  ASSERT_TRUE(keys->destroy_journal_key(Day{20400}).ok());
  EXPECT_FALSE(std::filesystem::exists(file));
  const Bytes overwritten = content_of(second_name);
  ASSERT_EQ(overwritten.size(), on_disk.size());
  EXPECT_NE(overwritten, on_disk);
  EXPECT_NE(plain(keys->journal_key(Day{20400}).value()), before) << "a new one of that name";
}

TEST_F(KeyRingTest, RenamedKeyFileDoesNotOpen) {
  const auto keys = open();
  ASSERT_TRUE(keys->day_key(Day{20400}, true).ok());
  std::filesystem::copy_file(key_file(("day-" + to_string(Day{20400}) + ".key").c_str()),
                             key_file(("day-" + to_string(Day{20401}) + ".key").c_str()));
  EXPECT_EQ(KeyRing::open(directory_.path(), master_of(1)).error().fault, Fault::kUnauthentic);
}

TEST_F(KeyRingTest, EveryFlippedBitOfAKeyFileIsNoticed) {
  const Bytes whole = content_of(key_file("store.key"));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    Bytes changed = whole;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    std::ofstream(key_file("store.key"), std::ios::binary) << as_text(changed);
    ASSERT_FALSE(KeyRing::open(directory_.path(), master_of(1)).ok()) << "bit " << bit;
  }
}

TEST_F(KeyRingTest, KeyFileCutShortIsNoticed) {
  std::filesystem::resize_file(key_file("dedupe.key"), 50);
  EXPECT_EQ(KeyRing::open(directory_.path(), master_of(1)).error().fault, Fault::kMalformed);
}

TEST_F(KeyRingTest, FilesHoldNoKeyInTheClearAndAreTheOwnersOnly) {
  const Bytes key = plain(open()->store_key().value());
  const Bytes content = content_of(key_file("store.key"));
  EXPECT_EQ(as_text(content).find(as_text(key)), std::string_view::npos);
  struct stat about = {};
  ASSERT_EQ(::stat(key_file("store.key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat((directory_.path() / "keys").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0700U);
}

}  // namespace
}  // namespace resguardo::storage
