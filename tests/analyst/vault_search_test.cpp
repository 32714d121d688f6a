// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyst/vault/vault_withdrawals.h"
#include "crypto/base/hash.h"
#include "crypto/log/withdrawal.h"
#include "crypto/open/key_directory.h"
#include "crypto/session/receipt.h"
#include "storage/sqlcipher/connection.h"
#include "tests/analyst/log_server.h"
#include "tests/analyst/report_samples.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::LogServer;
using testing_support::sample_answer;
using testing_support::sample_digest;
using testing_support::SampleReport;

constexpr Day kToday{20775};

pb::Entry entry_of(const pb::Answer& answer) {
  pb::Entry entry;
  *entry.mutable_answer() = answer;
  return entry;
}

class VaultSearchTest : public ::testing::Test {
 protected:
  static SecretBytes secret(std::string text) {
    return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
  }
  static ReportId numbered(int number) {
    return ReportId::from(Bytes(16, static_cast<std::uint8_t>(number))).value();
  }
  // What was told, in report `number`, indexed as an import does it.
  void put(int number, const SampleReport& told, bool indexed = true) {
    auto addition = vault_.begin().value();
    ASSERT_TRUE(addition.begin_report(numbered(number), kToday).ok());
    for (StoredSegment segment : told.stored.segments) {
      segment.report = numbered(number);
      segment.digest = sample_digest(static_cast<std::uint8_t>(number));
      segment.chain = Bytes(32, 1);
      ASSERT_TRUE(addition.begin_segment(segment, as_bytes("header")).ok());
      for (const StoredRecord& record : told.stored.records)
        ASSERT_TRUE(
            addition
                .add_record(segment.digest, record.sequence, record.stream, record.content.view())
                .ok());
      ASSERT_TRUE(addition.end_segment(segment, {}).ok());
    }
    if (indexed) {
      ASSERT_TRUE(search_.index(numbered(number)).ok());
    }
    ASSERT_TRUE(addition.commit().ok());
  }
  void put(int number, const std::string& words, bool indexed = true) {
    put(number, SampleReport().segment(1, 0).say(sample_answer("story", words)), indexed);
  }
  std::vector<int> found(std::vector<std::string> words) {
    std::vector<int> numbers;
    for (const auto& hit : search_.find(words, 100).value().hits)
      numbers.push_back(hit.report.bytes[0]);
    return numbers;
  }
  sqlcipher::Connection open_database() const {
    const auto file = open::read_key_file(vault_dir() / "vault.key").value();
    const auto key = open::LockedKey::parse(file).value().unlock(secret(kWords)).value();
    return sqlcipher::Connection::open(vault_dir() / "vault.db", key, {}).value();
  }
  // Rows of the index's own tables that hold these letters.
  std::int64_t rows_with(std::string_view letters) {
    auto database = open_database();
    std::int64_t rows = 0;
    for (const StaticText sql :
         {StaticText("SELECT count(*) FROM told_words_data WHERE instr(block, CAST(?1 AS BLOB))"),
          StaticText("SELECT count(*) FROM told_words_idx WHERE instr(term, CAST(?1 AS BLOB))"),
          StaticText("SELECT count(*) FROM told WHERE instr(words, ?1)")}) {
      auto count = database.prepare(sql).value();
      auto counted = count.query(letters).value();
      EXPECT_TRUE(counted.next().value());
      rows += counted.integer(0);
    }
    return rows;
  }
  void take_back(int number) {
    Bytes seed(32, 1);
    const auto key = SecretBytes::take(seed).value();
    LogFact fact = server_.fact(number, kToday);
    fact.withdrawal_key_hash = sha256(sign_withdrawal(key, {}).value().key);
    server_.entries.push_back(make_log_entry(fact, server_.salts));
    Bytes statement = withdrawal_bytes({numbered(number), {}, kToday}).value();
    auto made = sign_withdrawal(key, statement).value();
    server_.entries.push_back(
        make_withdrawal_entry({std::move(statement), made.key, made.signature}, kToday,
                              server_.salts)
            .value());
    CompactTree tree;
    for (const Bytes& entry : server_.entries) tree.append(leaf_hash(entry));
    auto update = VaultLog(vault_).begin(server_.origin).value();
    for (std::size_t at = 0; at < server_.entries.size(); ++at)
      ASSERT_TRUE(update.add(at, server_.entries[at]).ok());
    ASSERT_TRUE(update
                    .commit(KeptCheckpoint{server_.origin, tree.size(), kToday, tree.encode(),
                                           server_.note(kToday)})
                    .ok());
  }
  std::filesystem::path vault_dir() const { return directory_.path() / "vault"; }

  static constexpr const char* kWords = "a passphrase of tests";
  LogServer server_;
  testing_support::TemporaryDirectory directory_;
  Vault vault_ =
      Vault::create(vault_dir(), open::SecretKey<RootRole>::generate().value().public_key(),
                    secret(kWords), {1, open::LockCost::kMinMemory})
          .value();
  VaultSearch search_{vault_};
};

TEST_F(VaultSearchTest, AccentsAndCapitalsDoNotMatter) {
  put(1, "Nos quitó el niño en Nogales");
  put(2, "Un autre témoignage, à Nogales");
  EXPECT_THAT(found({"NINO"}), ElementsAre(1));
  EXPECT_THAT(found({"niño", "quito"}), ElementsAre(1));
  EXPECT_THAT(found({"nogales"}), ElementsAre(2, 1)) << "what came last stands first";
  EXPECT_THAT(found({"témoi*"}), ElementsAre(2));
  EXPECT_THAT(found({"témoi"}), IsEmpty());
  EXPECT_THAT(found({"el nino en"}), ElementsAre(1));
  EXPECT_THAT(found({"nino el"}), IsEmpty()) << "words that stand together, in this order";
  EXPECT_THAT(found({"niño", "autre"}), IsEmpty()) << "all of them";
}

TEST_F(VaultSearchTest, WhatIsTypedIsWordsAndNoQueryLanguage) {
  put(1, "one \"two\" OR three NEAR four");
  EXPECT_THAT(found({"one OR four"}), IsEmpty());
  EXPECT_THAT(found({"words:one"}), IsEmpty());
  EXPECT_THAT(found({"two\" OR \"zzz"}), IsEmpty());
  for (const std::string odd : {"\"", "*", "", "-", "^one", "(", "NEAR(", "a*b", "\xF0\x9F"})
    EXPECT_TRUE(search_.find(std::vector{odd}, 1).ok()) << odd;
  EXPECT_THAT(found({"\"two\""}), ElementsAre(1));
  EXPECT_TRUE(search_.find(std::vector<std::string>{"fo\u00F1*"}, 1).ok());
  for (const std::string few : {"fo*", "\u00F1\u00F1*", "four fo*"})
    EXPECT_EQ(search_.find(std::vector{few}, 1).error().fault, Fault::kRefused) << few;
  using Words = std::vector<std::string>;
  EXPECT_EQ(search_.find(Words(), 1).error().fault, Fault::kRefused);
  EXPECT_TRUE(search_.find(Words(VaultSearch::kMostWords, "one"), 1).ok());
  EXPECT_EQ(search_.find(Words(VaultSearch::kMostWords + 1, "one"), 1).error().fault,
            Fault::kRefused);
  EXPECT_TRUE(search_.find(Words{std::string(VaultSearch::kLongestWord, 'x')}, 1).ok());
  EXPECT_EQ(search_.find(Words{std::string(VaultSearch::kLongestWord + 1, 'x')}, 1).error().fault,
            Fault::kRefused);
}

TEST_F(VaultSearchTest, OnlyTestimonyThatStandsIsFound) {
  SampleReport told;
  told.segment(1, 0)
      .say(sample_answer("colour", "amarillo"))
      .say(sample_answer("colour", "verde"))
      .row({entry_of(sample_answer("story", "palabras"))},
           {entry_of(sample_answer("name", "Rosario"))});
  pb::Answer consent = sample_answer("consent", "acuerdo");
  consent.set_text_version("00ff");
  told.say(consent);
  put(1, told);
  EXPECT_THAT(found({"verde", "palabras"}), ElementsAre(1));
  EXPECT_THAT(found({"amarillo"}), IsEmpty()) << "told anew";
  EXPECT_THAT(found({"rosario"}), IsEmpty()) << "of the identity";
  EXPECT_EQ(rows_with("osario"), 0);
  EXPECT_THAT(found({"acuerdo"}), IsEmpty()) << "a text that was agreed to";
}

TEST_F(VaultSearchTest, WhatWasTypedForAChoiceIsFoundAndItsNumberIsNot) {
  pb::Answer choice = sample_answer("what", "");
  choice.add_codes("extortion");
  choice.set_raw("nos cobraron");
  pb::Answer other = sample_answer("who", "");
  other.set_raw("5");
  put(1, SampleReport().segment(1, 0).say(choice).say(other));
  EXPECT_THAT(found({"cobraron"}), ElementsAre(1));
  EXPECT_THAT(found({"5"}), IsEmpty());
}

TEST_F(VaultSearchTest, WhatComesLaterIsIndexedAnew) {
  SampleReport told;
  told.segment(1, 0).say(sample_answer("colour", "amarillo"));
  put(1, told);
  told.say(sample_answer("colour", "verde"));
  put(1, told);
  EXPECT_THAT(found({"verde"}), ElementsAre(1));
  EXPECT_THAT(found({"amarillo"}), IsEmpty());
}

TEST_F(VaultSearchTest, AVaultOfBeforeGetsAnIndex) {
  for (int number = 1; number <= 3; ++number) put(number, "palabras", false);
  {
    auto database = open_database();  // as the step that makes the tables leaves it
    ASSERT_TRUE(database
                    .execute("INSERT INTO told_words (told_words) VALUES ('delete-all');"
                             "DELETE FROM told")
                    .ok());
  }
  vault_ = Vault::open(vault_dir(), secret(kWords)).value();
  EXPECT_THAT(found({"palabras"}), IsEmpty());
  EXPECT_EQ(search_.index_missing().value(), 3U);
  EXPECT_EQ(search_.index_missing().value(), 0U);
  EXPECT_THAT(found({"palabras"}), SizeIs(3));
}

TEST_F(VaultSearchTest, ASnippetShowsWhereAndALimitSaysThatThereAreMore) {
  for (int number = 1; number <= 3; ++number)
    put(number, "antes " + std::string(number == 3 ? "la\x1B[31m caja" : "una caja"));
  const auto two = search_.find(std::vector<std::string>{"caja"}, 2).value();
  ASSERT_THAT(two.hits, SizeIs(2));
  EXPECT_TRUE(two.more);
  EXPECT_THAT(two.hits[1].snippet, HasSubstr("antes una [caja]"));
  EXPECT_EQ(two.hits[1].day, kToday);
  EXPECT_FALSE(search_.find(std::vector<std::string>{"caja"}, 3).value().more);
}

// Indexed one by one, and all at once: the index has many pieces then, or one.
class ErasureTest : public VaultSearchTest, public testing::WithParamInterface<bool> {};

TEST_P(ErasureTest, WhatWasTakenBackIsNotFoundAndLeavesNoLetterInTheIndex) {
  std::string words = "palabras";
  for (int n = 0; n < 400; ++n) words += " zqvcanary" + std::to_string(n * 7919);
  for (int number = 2; number < 40; ++number) {
    std::string others = "palabras";
    for (int n = 0; n < 200; ++n)
      others += (n % 2 == 0 ? " zp" : " zr") + std::to_string(number * 100'003 + n * 7919);
    put(number, others, GetParam());
    if (number == 20) put(1, words, GetParam());
  }
  ASSERT_EQ(search_.index_missing().value(), GetParam() ? 0U : 39U);
  EXPECT_THAT(found({"zqvcanary0"}), ElementsAre(1));
  EXPECT_GT(rows_with("qvcana"), 1);
  take_back(1);
  EXPECT_THAT(found({"zqvcanary0"}), IsEmpty()) << "locked from the import on that brings it";
  EXPECT_THAT(found({"palabras"}), SizeIs(38));
  VaultWithdrawals withdrawals(vault_);
  ASSERT_THAT(withdrawals.note_new(kToday).value(), SizeIs(1));
  ASSERT_THAT(withdrawals.erase_due(Day{kToday.number + kWithdrawalHoldDays}).value(), SizeIs(1));
  EXPECT_EQ(rows_with("qvcana"), 0);
  EXPECT_THAT(found({"palabras"}), SizeIs(38));
}

INSTANTIATE_TEST_SUITE_P(Vault, ErasureTest, testing::Bool());

}  // namespace
}  // namespace resguardo::analyst
