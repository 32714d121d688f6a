// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_releases.h"

#include <gmock/gmock.h>

#include "crypto/base/random.h"
#include "tests/analyst/vault_withdrawals_fixture.h"

namespace resguardo::analyst {
namespace {

using ::testing::SizeIs;

constexpr TimePoint kReleasedAt{std::chrono::seconds(1795000000)};

class VaultReleasesTest : public VaultWithdrawalsTest {
 protected:
  VaultReleasesTest() {
    const open::AnalystKeys keys{ids_.make<MemberId>(),
                                 open::SecretKey<AnalystRole>::generate().value()};
    EXPECT_TRUE(VaultCustody::begin(vault_, keys, kReleasedAt).ok());
    custody_.emplace(VaultCustody::open(vault_).value());
  }
  // One incident of each of these reports.
  static std::vector<IncidentKey> of_reports(int first, int last) {
    std::vector<IncidentKey> incidents;
    for (int number = first; number <= last; ++number)
      incidents.push_back({numbered_report(number), 1});
    return incidents;
  }
  void add(const std::vector<IncidentKey>& incidents) {
    JournalFact fact;
    fact.kind = JournalKind::kExported;
    ASSERT_TRUE(releases_.add("tables for research", incidents, fact, *custody_, kReleasedAt).ok());
  }
  bool is_too_close(const std::vector<IncidentKey>& incidents) {
    return releases_.too_close(incidents, 5).value().has_value();
  }
  SystemRandom ids_;
  std::optional<VaultCustody> custody_;
  VaultReleases releases_{vault_};
};

TEST_F(VaultReleasesTest, WhatDiffersByOneToFourIsTooClose) {
  EXPECT_FALSE(is_too_close(of_reports(1, 20))) << "there is none yet";
  add(of_reports(1, 20));
  EXPECT_FALSE(is_too_close(of_reports(1, 20))) << "the same again";
  EXPECT_TRUE(is_too_close(of_reports(1, 19)));
  EXPECT_TRUE(is_too_close(of_reports(1, 16)));
  EXPECT_FALSE(is_too_close(of_reports(1, 15)));
  EXPECT_TRUE(is_too_close(of_reports(1, 24)));
  EXPECT_FALSE(is_too_close(of_reports(1, 25)));
  EXPECT_TRUE(is_too_close(of_reports(3, 22))) << "two are gone and two are new";
  EXPECT_FALSE(is_too_close(of_reports(4, 23)));
  std::vector<IncidentKey> another = of_reports(1, 20);
  another.back().number = 2;
  EXPECT_TRUE(is_too_close(another)) << "of one report another incident";
  add(of_reports(1, 40));
  EXPECT_TRUE(is_too_close(of_reports(1, 19))) << "any earlier one";
  const auto all = releases_.all().value();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].number, 1U);
  EXPECT_EQ(all[1].incidents, 40U);
}

TEST_F(VaultReleasesTest, WhatWasTakenBackIsComparedNoMore) {
  put_report(1);
  log_report(1, 1);
  add(of_reports(1, 20));
  log_withdrawal(1, 1);
  import_log();
  ASSERT_THAT(withdrawals_.note_new(kToday).value(), SizeIs(1));
  EXPECT_TRUE(is_too_close(of_reports(2, 20)));
  ASSERT_THAT(withdrawals_.erase_due(after(kWithdrawalHoldDays)).value(), SizeIs(1));
  EXPECT_FALSE(is_too_close(of_reports(2, 20)));
  EXPECT_THAT(releases_.all().value(), SizeIs(1));
}

}  // namespace
}  // namespace resguardo::analyst
