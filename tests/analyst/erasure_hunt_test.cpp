// SPDX-License-Identifier: AGPL-3.0-or-later
// What analysts wrote about a report is nowhere in the vault's files once the report was taken
// back: every page is read with the vault's key, free ones and those of the write-ahead log too.
#include <gmock/gmock.h>

#include "analyst/vault/vault_decisions.h"
#include "analyst/vault/vault_pairs.h"
#include "analyst/vault/vault_work.h"
#include "crypto/base/random.h"
#include "crypto/open/key_directory.h"
#include "crypto/open/locked_key.h"
#include "tests/analyst/vault_withdrawals_fixture.h"
#include "tests/support/sqlcipher_pages.h"

namespace resguardo::analyst {
namespace {

using ::testing::SizeIs;

constexpr TimePoint kDecidedAt{std::chrono::seconds(1795000000)};

class ErasureHuntTest : public VaultWithdrawalsTest {
 protected:
  ErasureHuntTest() {
    const open::AnalystKeys keys{ids_.make<MemberId>(),
                                 open::SecretKey<AnalystRole>::generate().value()};
    EXPECT_TRUE(VaultCustody::begin(vault_, keys, kDecidedAt).ok());
    custody_.emplace(VaultCustody::open(vault_).value());
  }
  void decide(int report, DecisionKind kind, const std::string& code, const std::string& reason) {
    Decision one;
    one.kind = kind;
    one.incident = kind == DecisionKind::kNote || kind == DecisionKind::kTag ? 0 : 1;
    one.code = code;
    one.reason = reason;
    ASSERT_TRUE(VaultDecisions(vault_)
                    .add(numbered_report(report), {one}, *custody_, ids_, kDecidedAt)
                    .ok());
  }
  // In which of the vault's files.
  std::vector<std::string> found(std::string_view canary) {
    const auto dir = directory_.path() / "vault";
    const auto locked =
        open::LockedKey::parse(open::read_key_file(dir / "vault.key").value()).value();
    const SecretBytes key = locked.unlock(passphrase()).value();
    std::vector<std::string> files;
    for (const char* name : {"vault.db", "vault.db-wal"}) {
      const bool there = std::filesystem::exists(dir / name) && key.read([&](ByteView raw) {
        return testing_support::occurs_in_pages(dir / name, raw, canary);
      });
      if (there) files.emplace_back(name);
    }
    return files;
  }
  SystemRandom ids_;
  std::optional<VaultCustody> custody_;
};

TEST_F(ErasureHuntTest, NotesReasonsAndTagsAreInNoPageOfTheVault) {
  put_report(1);
  put_report(2);
  log_report(1, 1);
  // Long ones go over several pages, short ones share theirs.
  const std::string long_note = "CANARYNOTE" + std::string(15'000, 'n') + "CANARYEND";
  decide(1, DecisionKind::kNote, "", long_note);
  decide(1, DecisionKind::kViolation, "torture", "CANARYREASON");
  decide(1, DecisionKind::kTag, "canarytag", "");
  for (int i = 0; i < 200; ++i)
    decide(1, DecisionKind::kNote, "", "CANARYMANY" + std::to_string(i));
  decide(2, DecisionKind::kNote, "", "OTHERSTAYS");
  {
    auto into = vault_.begin().value();
    const auto pair =
        decided_pair({numbered_report(1), 1}, {numbered_report(2), 1}, PairOutcome::kUnrelated);
    ASSERT_TRUE(VaultPairs(vault_).decide({pair, std::nullopt, kDecidedAt, "CANARYPAIR"}).ok());
    ASSERT_TRUE(into.commit().ok());
  }
  ASSERT_TRUE(VaultWork(vault_).begin("/nowhere", kDecidedAt).ok());
  ASSERT_TRUE(VaultWork(vault_)
                  .opened({"canary-file.jpg", numbered_report(1), MediaId{}, Digest{}}, *custody_,
                          kDecidedAt)
                  .ok());
  const std::vector<const char*> canaries = {"CANARYNOTE",     "CANARYEND",  "CANARYREASON",
                                             "canarytag",      "CANARYMANY", "CANARYPAIR",
                                             "canary-file.jpg"};
  for (const char* canary : canaries)
    EXPECT_FALSE(found(canary).empty()) << canary << ": the hunt would find nothing";
  log_withdrawal(1, 1);
  import_log();
  ASSERT_THAT(withdrawals_.note_new(kToday).value(), SizeIs(1));
  ASSERT_THAT(withdrawals_.erase_due(after(kWithdrawalHoldDays)).value(), SizeIs(1));
  for (const char* canary : canaries)
    EXPECT_THAT(found(canary), SizeIs(0)) << canary << " in " << found(canary).front();
  EXPECT_FALSE(found("OTHERSTAYS").empty());
}

}  // namespace
}  // namespace resguardo::analyst
