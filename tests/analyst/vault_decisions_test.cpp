// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_decisions.h"

#include <gmock/gmock.h>

#include "crypto/base/random.h"
#include "tests/analyst/vault_withdrawals_fixture.h"

namespace resguardo::analyst {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr TimePoint kNow{std::chrono::seconds(1795000000)};

class VaultDecisionsTest : public VaultWithdrawalsTest {
 protected:
  VaultDecisionsTest() {
    const open::AnalystKeys keys{ids_.make<MemberId>(),
                                 open::SecretKey<AnalystRole>::generate().value()};
    EXPECT_TRUE(VaultCustody::begin(vault_, keys, kNow).ok());
    custody_.emplace(VaultCustody::open(vault_).value());
  }
  Status add(int report, Decision one) {
    return decisions_.add(numbered_report(report), {std::move(one)}, *custody_, ids_, kNow);
  }
  static Decision note(std::string words) {
    Decision one;
    one.reason = std::move(words);
    return one;
  }
  std::vector<JournalEntry> entries() {
    std::vector<JournalEntry> all;
    EXPECT_TRUE(VaultJournal(vault_)
                    .visit([&](const JournalEntry& entry) -> Status {
                      all.push_back(entry);
                      return success();
                    })
                    .ok());
    return all;
  }

  SystemRandom ids_;
  VaultDecisions decisions_{vault_};
  std::optional<VaultCustody> custody_;
};

TEST_F(VaultDecisionsTest, EachIsKeptAndNamedInTheJournalWithoutItsWords) {
  put_report(1);
  Decision coded;
  coded.kind = DecisionKind::kViolation;
  coded.how = DecisionHow::kReject;
  coded.incident = 2;
  coded.code = "CANARYCODE";
  coded.reason = "CANARYREASON";
  ASSERT_TRUE(add(1, coded).ok());
  ASSERT_TRUE(add(1, note("CANARYNOTE")).ok());
  const auto kept = decisions_.of(numbered_report(1)).value();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].kind, DecisionKind::kViolation);
  EXPECT_EQ(kept[0].how, DecisionHow::kReject);
  EXPECT_EQ(kept[0].incident, 2U);
  EXPECT_EQ(kept[0].code, "CANARYCODE");
  EXPECT_EQ(kept[0].member, custody_->member());
  EXPECT_EQ(kept[0].time, kNow);
  EXPECT_EQ(kept[1].reason, "CANARYNOTE");
  const auto all = entries();
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[1].fact.kind, JournalKind::kCoded);
  EXPECT_EQ(all[2].fact.kind, JournalKind::kNoted);
  for (const JournalEntry& entry : all) {
    EXPECT_EQ(entry.fact.note, "");
    EXPECT_TRUE(entry.fact.subject.has_value());
  }
}

TEST_F(VaultDecisionsTest, TheSameWordsHaveAnotherDigestEachTime) {
  put_report(1);
  ASSERT_TRUE(add(1, note("yes")).ok());
  ASSERT_TRUE(add(1, note("yes")).ok());
  const auto all = entries();
  EXPECT_NE(all[1].fact.subject, all[2].fact.subject);
}

TEST_F(VaultDecisionsTest, NothingOfItWithoutItsReportOrATextThatFits) {
  EXPECT_FALSE(add(1, note("of nobody")).ok());
  put_report(1);
  EXPECT_TRUE(add(1, note(std::string(kMostDecisionText, 'x'))).ok());
  EXPECT_FALSE(add(1, note(std::string(kMostDecisionText + 1, 'x'))).ok());
  EXPECT_THAT(entries(), SizeIs(2)) << "the key, and one note";
}

TEST_F(VaultDecisionsTest, AllGoesWithAReportThatWasTakenBack) {
  for (const int n : {1, 2}) {
    put_report(n);
    log_report(n, static_cast<std::uint8_t>(n));
    ASSERT_TRUE(add(n, note("CANARY")).ok());
  }
  Decision link;
  link.kind = DecisionKind::kLink;
  link.incident = 1;
  link.code = "precedes";
  link.other = numbered_report(1);
  link.other_incident = 1;
  ASSERT_TRUE(add(2, link).ok());
  log_withdrawal(1, 1);
  import_log();
  ASSERT_THAT(withdrawals_.note_new(kToday).value(), SizeIs(1));
  const auto noted = [&](const ReportId& report) {
    return custody_->append(journal_fact(JournalKind::kErased, {report}), kNow);
  };
  ASSERT_THAT(withdrawals_.erase_due(after(kWithdrawalHoldDays), noted).value(), SizeIs(1));
  const auto left = decisions_.all().value();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left.begin()->first, numbered_report(2));
  EXPECT_THAT(left.begin()->second, SizeIs(1)) << "its note; the link named what is gone";
  const auto all = entries();
  ASSERT_THAT(all, SizeIs(5)) << "the journal stays";
  EXPECT_EQ(all.back().fact.kind, JournalKind::kErased);
  EXPECT_EQ(all.back().fact.report, numbered_report(1));
}

}  // namespace
}  // namespace resguardo::analyst
