// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/journal_entry.h"

#include <gtest/gtest.h>

#include "crypto/base/random.h"

namespace resguardo::analyst {
namespace {

constexpr TimePoint kEntryNow{std::chrono::seconds(1795000000)};

// A member's own key, a vault's key, and entries that follow each other.
class JournalEntryTest : public ::testing::Test {
 protected:
  using Key = open::SecretKey<AnalystRole>;

  Bytes next(JournalFact fact, const Key& key) {
    auto bytes = sign_journal_entry(fact, link_, member_, key, kEntryNow);
    EXPECT_TRUE(bytes.ok());
    return std::move(bytes).value();
  }
  Bytes certified() {
    JournalFact fact;
    fact.kind = JournalKind::kKeyCertified;
    fact.subject = Digest::from(vault_.public_key().view());
    return next(fact, own_);
  }
  std::vector<ReportId> reports(std::size_t count) {
    std::vector<ReportId> made;
    while (made.size() < count) made.push_back(ids_.make<ReportId>());
    return made;
  }

  SystemRandom ids_;
  MemberId member_ = ids_.make<MemberId>();
  Key own_ = Key::generate().value();
  Key vault_ = Key::generate().value();
  JournalLink link_;
};

TEST_F(JournalEntryTest, SaysWhoseKeyStandsBehindTheVaults) {
  JournalReader reader;
  const auto first = reader.next(certified());
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(first->certified_by.has_value());
  const auto shown = reports(1);
  const auto second = reader.next(next(journal_fact(JournalKind::kViewed, shown), vault_));
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->signer, vault_.public_key());
  EXPECT_EQ(second->own_key(), own_.public_key());
  EXPECT_EQ(second->fact.report, shown.front());
  EXPECT_EQ(second->time, kEntryNow);
  EXPECT_EQ(reader.head().number, 2U);
}

TEST_F(JournalEntryTest, NamesFewReportsAndTheDigestOfMany) {
  JournalReader reader;
  for (const std::size_t count : {std::size_t{0}, std::size_t{2}, kMostJournalReports,
                                  kMostJournalReports + 1, std::size_t{5000}}) {
    auto some = reports(count);
    auto twice = some;
    twice.insert(twice.end(), some.begin(), some.end());
    const auto entry = reader.next(next(journal_fact(JournalKind::kSearched, twice), own_));
    ASSERT_TRUE(entry.ok()) << count;
    ASSERT_TRUE(entry->fact.reports.has_value()) << count;
    EXPECT_EQ(entry->fact.reports->count, count);
    EXPECT_EQ(entry->fact.reports->few.size(), count <= kMostJournalReports ? count : 0);
    EXPECT_EQ(entry->fact.reports->digest, JournalReports::of(some).digest);
  }
}

TEST_F(JournalEntryTest, AnyChangedBitIsRefused) {
  const Bytes first = certified();
  const Bytes second = next(journal_fact(JournalKind::kSearched, reports(3)), vault_);
  for (std::size_t bit = 0; bit < 8 * second.size(); ++bit) {
    Bytes changed = second;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    JournalReader reader;
    ASSERT_TRUE(reader.next(first).ok());
    ASSERT_FALSE(reader.next(changed).ok()) << bit;
    EXPECT_EQ(reader.head().number, 1U);
  }
  for (std::size_t bit = 0; bit < 8 * first.size(); ++bit) {
    Bytes changed = first;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    JournalReader reader;
    ASSERT_FALSE(reader.next(changed).ok()) << bit;
  }
}

TEST_F(JournalEntryTest, AVaultsKeyDoesNothingThatTakesTheMembersOwn) {
  const Bytes first = certified();
  const JournalLink here = link_;
  for (int kind = 1; kind <= 28; ++kind) {
    link_ = here;
    JournalFact fact = journal_fact(static_cast<JournalKind>(kind), reports(1));
    fact.subject = Digest::from(Key::generate()->public_key().view());
    const Bytes entry = next(fact, vault_);
    JournalReader reader;
    ASSERT_TRUE(reader.next(first).ok());
    EXPECT_EQ(reader.next(entry).ok(), kind > 8) << kind;
  }
}

}  // namespace
}  // namespace resguardo::analyst
