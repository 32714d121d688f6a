// SPDX-License-Identifier: AGPL-3.0-or-later
// What only two organisations open together, with the program itself: Ana of one house, Luis and
// Eva of another; the identity takes one of each.
#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "analyst/commands/quorum.h"
#include "analyst/import/roster_shelf.h"
#include "crypto/base/hash.h"
#include "crypto/base/random.h"
#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/log/withdrawal.h"
#include "crypto/open/key_directory.h"
#include "crypto/open/key_files.h"
#include "crypto/open/locked_key.h"
#include "crypto/open/quorum.h"
#include "crypto/open/quorum_files.h"
#include "crypto/session/receipt.h"
#include "proto/envelope.pb.h"
#include "proto/roster.pb.h"
#include "storage/sqlcipher/connection.h"
#include "tests/analyst/cli_fixture.h"
#include "tests/analyst/log_server.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CliQuorumTest : public CliTest {
 protected:
  void SetUp() override {
    edit("one", {"--add", keys("ana.txt"), "--organisation", "Casa", "--log-key",
                 to_hex(server_.key.public_key().view()), "--log-origin", server_.origin});
    edit("two", {"--from", path("one"), "--add", keys("luis.txt"), "--add", keys("eva.txt"),
                 "--organisation", "Clinica", "--identity-quorum", "Casa=1", "--identity-quorum",
                 "Clinica=1"});
    sign("two", "roster");
  }
  static std::string keys(const std::string& name) { return organisation().keys(name).string(); }
  void edit(const std::string& out, std::vector<std::string> more) {
    more.insert(more.begin(), {"roster", "create", "--out", path(out)});
    const auto made = run(more);
    ASSERT_EQ(made.code, 0) << made.err;
  }
  void sign(const std::string& draft, const std::string& out) {
    const auto made = run_unlocked(
        {"roster", "sign", path(draft), "--root-key", organisation().root(), "--out", path(out)});
    ASSERT_EQ(made.code, 0) << made.err;
  }
  VerifiedRoster roster(const std::string& name) const {
    const std::string file = content(path(name));
    const auto hex = parse_hex(content(organisation().root_public()).substr(0, 64));
    const auto root = PublicKey<RootRole>::from_bytes(hex.value()).value();
    return analyst::verify_alone(as_bytes(file), root, organisation().now).value();
  }
  // A report under this roster, imported by each of these into a vault of their name; `taken_back`
  // by its reporter before that.
  void bring(const std::vector<std::string>& who, const std::string& named = "roster",
             bool taken_back = false) {
    BundleMaker made(roster(named), kSmallForm, organisation().now, 1);
    ScriptReport told = small_report();
    told.key_hash = sha256(sign_withdrawal(reporter(), {}).value().key);
    const ReportId id = made.add(told);
    report_ = to_hex(id.view());
    if (taken_back) made.log(withdrawal(id));
    const Day day{day_of(organisation().now).number + brought_++};
    auto frames = server_.logged(made.frames(), day);
    if (slipped_in_) slip_in(frames);
    put(named + ".bundle", write_bundle(frames));
    for (const auto& frame : frames)
      if (frame.has_segment()) header_ = frame.segment().header();
    for (const auto& one : who) {
      const auto imported = import(path(named + ".bundle"), one, one);
      ASSERT_EQ(imported.code, slipped_in_ ? 1 : 0) << imported.err;
      imported_ = imported.out + imported.err;
    }
  }
  static SecretBytes reporter() {
    Bytes seed(32, 1);
    return SecretBytes::take(seed).value();
  }
  static Bytes withdrawal(const ReportId& report) {
    const Day day = day_of(organisation().now);
    Bytes statement = withdrawal_bytes({report, {}, day}).value();
    auto made = sign_withdrawal(reporter(), statement).value();
    SystemRandom salts;
    return make_withdrawal_entry({std::move(statement), made.key, made.signature}, day, salts)
        .value();
  }
  // The vault's own file, as whoever has its passphrase can change it.
  void change_journal(const std::string& who, StaticText sql) const {
    const auto folder = std::filesystem::path(path(who));
    std::string words = kPassphrase;
    const auto passphrase =
        SecretBytes::take({reinterpret_cast<std::uint8_t*>(words.data()), words.size()}).value();
    const auto file = open::read_key_file(folder / "vault.key").value();
    const auto key = open::LockedKey::parse(file)->unlock(passphrase).value();
    auto database = sqlcipher::Connection::open(
        folder / "vault.db", key, {.create = false, .read_only = false, .memory_security = false});
    ASSERT_TRUE(database->execute(sql).ok());
  }
  // The segment once more with a key that nobody's shares make, as whoever has the bundle can write
  // it: it lies beside the one that was sealed.
  static void slip_in(std::vector<pb::BundleFrame>& frames) {
    const auto begin = std::ranges::find_if(frames, &pb::BundleFrame::has_segment);
    const auto end = std::find_if(begin + 1, frames.end(),
                                  [](const pb::BundleFrame& frame) { return !frame.has_row(); });
    std::vector<pb::BundleFrame> twin(begin, end);
    auto header = parse_strict<pb::SegmentHeader>(as_bytes(twin[0].segment().header())).value();
    header.mutable_identity()->set_key_commitment(std::string(32, 'x'));
    twin[0].mutable_segment()->set_header(to_string(serialize_canonical(header)));
    frames.insert(end, twin.begin(), twin.end());
  }
  ProgramResult as(const std::string& who, std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--vault", path(who), "--key", keys(who)});
    return run_unlocked(arguments);
  }
  ProgramResult ask(const std::string& who, const std::string& out = "request") const {
    return as(who, {"quorum", "request", report_.substr(0, 8), "--reason", "the court asks",
                    "--out", path(out)});
  }
  ProgramResult grant(const std::string& who, const std::string& out) const {
    return as(who, {"quorum", "grant", path("request"), "--out", path(out)});
  }
  ProgramResult show(const std::string& who) const {
    return run_unlocked({"show", report_.substr(0, 8), "--vault", path(who)});
  }
  // The grant with its signature made anew is what only its member can do; without, it is noticed.
  void spoil(const std::string& name) {
    auto bytes = dearmour(ArmourKind::kQuorumGrant, content(path(name))).value();
    auto message = parse_strict<pb::SignedMessage>(bytes).value();
    auto& text = *message.mutable_message();
    text[text.size() - 1] = static_cast<char>(text[text.size() - 1] ^ 1);
    std::filesystem::remove(path(name));
    put(name, armour(ArmourKind::kQuorumGrant, serialize_canonical(message)));
  }
  // Luis gives what he likes: one bit of each share is another.
  void forge_grant(const std::string& out) {
    std::string words = kPassphrase;
    const auto passphrase =
        SecretBytes::take({reinterpret_cast<std::uint8_t*>(words.data()), words.size()}).value();
    const auto luis = open::unlock_key_directory(keys("luis"), passphrase).value();
    const auto request = open::read_request(as_bytes(content(path("request")))).value();
    std::vector<open::GrantedShare> shares;
    for (const auto& item : request.content.items) {
      auto share =
          open::QuorumStream::of(as_bytes(header_), item.stream).value().own_share(luis).value();
      share.value.write([](std::span<std::uint8_t> bytes) { bytes[0] ^= 1; });
      shares.push_back({item, std::move(share)});
    }
    const open::QuorumGrant grant{luis.member(), request.content.day, request.digest, Digest{}};
    put(out, open::grant_file(grant, shares, request.content.key, luis.identity()).value());
  }
  ProgramResult recover(std::vector<std::string> more) const {
    const auto script = source_dir() / "analyst" / "recover" / "recover.py";
    std::vector<std::string> arguments = {RESGUARDO_PYTHON,
                                          "-B",
                                          script,
                                          path("roster.bundle"),
                                          "--root",
                                          content(organisation().root_public()).substr(0, 64),
                                          "--passphrase-file",
                                          put("words", kPassphrase)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program({arguments, "", {}});
  }
  std::string recovered(const std::string& folder) const {
    return content(path(folder) / "reports" / (report_ + ".txt"));
  }
  LogServer server_;
  int brought_ = 0;
  std::string report_, imported_, header_;
  bool slipped_in_ = false;
};

TEST_F(CliQuorumTest, TwoOrganisationsOpenTogetherWhatNeitherOpensAlone) {
  bring({"ana", "luis"});
  EXPECT_THAT(imported_, HasSubstr("1 segments hold what only several open together"));
  const auto before = show("ana");
  EXPECT_THAT(before.out, HasSubstr("Nos bajaron"));
  EXPECT_THAT(before.out, Not(HasSubstr("Carmen")));
  EXPECT_THAT(before.out, HasSubstr("sealed-for-quorum"));
  EXPECT_THAT(before.out, HasSubstr("quorum request"));
  ASSERT_EQ(ask("ana").code, 0);
  const auto looked = as("luis", {"quorum", "grant", path("request")});
  EXPECT_EQ(looked.code, 0) << looked.err;
  EXPECT_THAT(looked.out, HasSubstr("the court asks"));
  EXPECT_THAT(looked.err, HasSubstr("Nothing was given"));
  const auto given = grant("luis", "grant");
  ASSERT_EQ(given.code, 0) << given.err;
  const auto joined = as("ana", {"quorum", "combine", path("grant")});
  ASSERT_EQ(joined.code, 0) << joined.err;
  EXPECT_THAT(joined.err, HasSubstr("keeps the keys"));
  const auto after = show("ana");
  EXPECT_THAT(after.out, HasSubstr("Carmen"));
  EXPECT_THAT(after.out, Not(HasSubstr("sealed-for-quorum")));
  EXPECT_THAT(after.out, Not(HasSubstr("totals-differ")));
  EXPECT_THAT(show("luis").out, Not(HasSubstr("Carmen")));
  EXPECT_THAT(run_unlocked({"search", "Carmen", "--vault", path("ana")}).out,
              HasSubstr("no report"))
      << "what is of the identity is not searched";
  EXPECT_THAT(run_unlocked({"search", "bajaron", "--vault", path("ana")}).out,
              HasSubstr("[bajaron]"));
}

TEST_F(CliQuorumTest, OneOrganisationAloneIsToldWhoIsMissing) {
  bring({"luis", "eva"});
  ASSERT_EQ(ask("luis").code, 0);
  ASSERT_EQ(grant("eva", "grant").code, 0);
  const auto joined = as("luis", {"quorum", "combine", path("grant")});
  EXPECT_EQ(joined.code, 1);
  EXPECT_THAT(joined.err, HasSubstr("1 more of ana"));
  EXPECT_THAT(show("luis").out, Not(HasSubstr("Carmen")));
}

TEST_F(CliQuorumTest, WhoIsRevokedGetsNoShare) {
  bring({"ana", "luis"});
  ASSERT_EQ(ask("ana").code, 0);
  std::string id;
  const VerifiedRoster before = roster("roster");
  for (const auto& member : before.members())
    if (member.label == "ana") id = to_hex(member.id.view());
  // A quorum that lost its organisation is not signed until the authority says what comes instead.
  const auto emptied =
      run({"roster", "create", "--from", path("roster"), "--root", organisation().root_public(),
           "--revoke", id, "--out", path("emptied")});
  EXPECT_EQ(emptied.code, 1) << emptied.out;
  EXPECT_THAT(emptied.err, HasSubstr("1 to 32 members"));
  edit("three", {"--from", path("roster"), "--root", organisation().root_public(), "--revoke", id,
                 "--identity-any"});
  sign("three", "later");
  bring({"luis"}, "later");
  const auto given = grant("luis", "grant");
  EXPECT_EQ(given.code, 1);
  EXPECT_THAT(given.err, HasSubstr("not active"));
  EXPECT_FALSE(std::filesystem::exists(path("grant")));
  const auto journal = run_unlocked({"journal", "--vault", path("luis")});
  EXPECT_THAT(journal.out, HasSubstr("refused shares"));
}

TEST_F(CliQuorumTest, AStickShowsNoShareAndAChangedGrantIsNoticed) {
  bring({"ana", "luis"});
  ASSERT_EQ(ask("ana").code, 0);
  ASSERT_EQ(grant("luis", "grant").code, 0);
  ASSERT_EQ(grant("luis", "again").code, 0);
  EXPECT_NE(content(path("grant")), content(path("again")));  // sealed anew each time
  spoil("grant");
  const auto joined = as("ana", {"quorum", "combine", path("grant")});
  EXPECT_EQ(joined.code, 1);
  EXPECT_THAT(joined.err, HasSubstr("signature"));
  // Nor does Eva get anything out of what was sealed to Ana.
  bring({"eva"});
  EXPECT_THAT(as("eva", {"quorum", "grant", path("request")}).err, HasSubstr("no share"));
  EXPECT_THAT(run_unlocked({"journal", "--vault", path("eva")}).out,
              HasSubstr("no share of it is here"));
  const auto stolen = as("eva", {"quorum", "combine", path("again")});
  EXPECT_EQ(stolen.code, 1);
  EXPECT_THAT(stolen.err, HasSubstr("no request that was made with this vault"));
}

TEST_F(CliQuorumTest, WhoGivesAForgedShareIsNamed) {
  bring({"ana", "luis", "eva"});
  ASSERT_EQ(ask("ana").code, 0);
  forge_grant("forged");
  const auto alone = as("ana", {"quorum", "combine", path("forged")});
  EXPECT_EQ(alone.code, 1);
  EXPECT_THAT(alone.err, HasSubstr("luis"));
  EXPECT_THAT(alone.err, HasSubstr("mistyped or forged"));
  EXPECT_THAT(show("ana").out, Not(HasSubstr("Carmen")));
  // Eva's is enough: it opens, and Luis is named all the same.
  ASSERT_EQ(grant("eva", "sound").code, 0);
  const auto joined = as("ana", {"quorum", "combine", path("forged"), path("sound")});
  EXPECT_EQ(joined.code, 0) << joined.err;
  EXPECT_THAT(joined.err, HasSubstr("luis"));
  EXPECT_THAT(show("ana").out, HasSubstr("Carmen"));
}

TEST_F(CliQuorumTest, WithoutOurProgramSeveralOpenItTooAndOneDoesNot) {
  bring({"ana", "luis", "eva"});
  ASSERT_EQ(ask("ana").code, 0);
  const auto alone = recover({"--keys", keys("ana"), "--out", path("alone")});
  EXPECT_THAT(recovered("alone"), HasSubstr("Nos bajaron"));
  EXPECT_THAT(recovered("alone"), Not(HasSubstr("Carmen")));
  EXPECT_THAT(alone.out, HasSubstr("quorum"));
  const auto house =
      recover({"--keys", keys("luis"), "--keys", keys("eva"), "--out", path("house")});
  EXPECT_THAT(recovered("house"), Not(HasSubstr("Carmen"))) << house.err;
  // Both at one table.
  const auto both = recover({"--keys", keys("ana"), "--keys", keys("eva"), "--out", path("both")});
  EXPECT_THAT(recovered("both"), HasSubstr("Carmen")) << both.err;
  // Or with what the other gave.
  ASSERT_EQ(grant("luis", "grant").code, 0);
  const auto given =
      recover({"--keys", keys("ana"), "--grant", path("grant"), "--out", path("given")});
  EXPECT_THAT(recovered("given"), HasSubstr("Carmen")) << given.err;
  forge_grant("forged");
  const auto forged =
      recover({"--keys", keys("ana"), "--grant", path("forged"), "--out", path("no")});
  EXPECT_EQ(forged.code, 1);
  EXPECT_THAT(forged.out, HasSubstr("a share that luis gave"));
  EXPECT_THAT(recovered("no"), Not(HasSubstr("Carmen")));
}

TEST_F(CliQuorumTest, TheJournalsSayWhoAskedGaveAndOpened) {
  bring({"ana", "luis"});
  ASSERT_EQ(ask("ana").code, 0);
  ASSERT_EQ(grant("luis", "grant").code, 0);
  ASSERT_EQ(as("ana", {"quorum", "combine", path("grant")}).code, 0);
  const auto ana = run_unlocked({"journal", "--vault", path("ana")});
  EXPECT_EQ(ana.code, 0) << ana.err;
  EXPECT_THAT(ana.out, HasSubstr("asked for shares"));
  EXPECT_THAT(ana.out, HasSubstr("opened together"));
  EXPECT_THAT(ana.out, HasSubstr("the court asks"));
  EXPECT_THAT(ana.out, Not(HasSubstr("no roster has this key")));
  const auto luis = run_unlocked({"journal", "--vault", path("luis"), "--json"});
  EXPECT_THAT(luis.out, HasSubstr("gave shares"));
  EXPECT_THAT(luis.out, HasSubstr("\"whole\":true"));
}

TEST_F(CliQuorumTest, AJournalThatWasChangedIsNoticed) {
  bring({"ana", "luis"});
  ASSERT_EQ(ask("ana").code, 0);
  ASSERT_EQ(grant("luis", "grant").code, 0);
  ASSERT_EQ(as("ana", {"quorum", "combine", path("grant")}).code, 0);
  const auto journal = [&] { return run_unlocked({"journal", "--vault", path("ana"), "--json"}); };
  EXPECT_THAT(journal().out, HasSubstr("\"whole\":true"));
  change_journal("ana",
                 "UPDATE journal SET signed = CAST(substr(signed, 1, 40) || x'00' || "
                 "substr(signed, 42) AS BLOB) WHERE number = 4");
  const auto changed = journal();
  EXPECT_EQ(changed.code, 1);
  EXPECT_THAT(changed.err, HasSubstr("does not follow"));
  EXPECT_THAT(changed.out, HasSubstr("\"whole\":false"));
  EXPECT_THAT(changed.out, HasSubstr("asked for shares"));
  EXPECT_THAT(changed.out, Not(HasSubstr("opened together")));
  change_journal("ana", "DELETE FROM journal WHERE number = 2");
  const auto cut = journal();
  EXPECT_EQ(cut.code, 1);
  EXPECT_THAT(cut.out, Not(HasSubstr("\"imported\"")));
  EXPECT_THAT(cut.out, Not(HasSubstr("asked for shares")));
}

TEST_F(CliQuorumTest, WhatItsReporterTookBackIsNeitherGivenNorJoined) {
  bring({"ana", "luis"});
  ASSERT_EQ(ask("ana").code, 0);
  ASSERT_EQ(grant("luis", "before").code, 0);
  bring({"ana", "luis"}, "roster", true);
  const auto given = grant("luis", "after");
  EXPECT_EQ(given.code, 1);
  EXPECT_THAT(given.err, HasSubstr("taken back by its reporter"));
  EXPECT_FALSE(std::filesystem::exists(path("after")));
  EXPECT_THAT(run_unlocked({"journal", "--vault", path("luis")}).out,
              HasSubstr("its reporter took the report back"));
  const auto joined = as("ana", {"quorum", "combine", path("before")});
  EXPECT_EQ(joined.code, 1);
  EXPECT_THAT(joined.err, HasSubstr("taken back by its reporter"));
  const auto asked = ask("ana", "again");
  EXPECT_THAT(asked.err, HasSubstr("taken back by its reporter"));
  EXPECT_THAT(run_unlocked({"journal", "--vault", path("ana")}).out,
              Not(HasSubstr("opened together")));
}

TEST_F(CliQuorumTest, WhatWasOpenedTogetherStaysOpenWhenTheBundleComesAgain) {
  bring({"ana", "luis"});
  ASSERT_EQ(ask("ana").code, 0);
  ASSERT_EQ(grant("luis", "grant").code, 0);
  ASSERT_EQ(as("ana", {"quorum", "combine", path("grant")}).code, 0);
  ASSERT_EQ(import(path("roster.bundle"), "ana", "ana").code, 0);
  EXPECT_THAT(show("ana").out, HasSubstr("Carmen"));
  const auto again = ask("ana", "second");
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("nothing of it here waits for a quorum"));
}

TEST_F(CliQuorumTest, ASegmentThatSomebodySlippedInHoldsUpNothing) {
  slipped_in_ = true;
  bring({"ana", "luis"});
  ASSERT_EQ(ask("ana").code, 0);
  const auto looked = as("luis", {"quorum", "grant", path("request")});
  EXPECT_THAT(looked.out, HasSubstr("two-of-one-segment"));
  ASSERT_EQ(grant("luis", "grant").code, 0);
  const auto joined = as("ana", {"quorum", "combine", path("grant")});
  EXPECT_EQ(joined.code, 0) << joined.err;
  EXPECT_THAT(joined.err, HasSubstr("stays sealed"));
  EXPECT_THAT(show("ana").out, HasSubstr("Carmen"));
  const auto again = as("ana", {"quorum", "combine", path("grant")});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("nothing of it opens"));
}

TEST_F(CliQuorumTest, ARosterThatExpiredVouchesForNobody) {
  bring({"ana", "luis"});
  ASSERT_EQ(ask("ana").code, 0);
  const std::filesystem::path words = put("words", kPassphrase);
  const analyst::QuorumGrantOptions options{
      path("request"), path("luis"), {keys("luis"), {words, {}}, {words, {}}}, path("grant")};
  std::ostringstream out, err;
  program::Console console("test", out, err, false);
  SystemRandom ids;
  analyst::Call call{console, ids, organisation().now + std::chrono::days(3000)};
  const auto given = analyst::quorum_grant(options, call);
  ASSERT_FALSE(given.ok());
  EXPECT_THAT(given.error().what, HasSubstr("expired"));
  EXPECT_THAT(run_unlocked({"journal", "--vault", path("luis")}).out, HasSubstr("expired on"));
  EXPECT_FALSE(std::filesystem::exists(path("grant")));
  call.now = organisation().now;
  EXPECT_TRUE(analyst::quorum_grant(options, call).ok());
}

TEST_F(CliQuorumTest, TheJournalNamesThoseWhoseSharesOpenedSomething) {
  bring({"ana", "luis", "eva"});
  ASSERT_EQ(ask("ana").code, 0);
  forge_grant("forged");
  ASSERT_EQ(grant("eva", "sound").code, 0);
  ASSERT_EQ(as("ana", {"quorum", "combine", path("forged"), path("sound")}).code, 0);
  const auto journal = run_unlocked({"journal", "--vault", path("ana")});
  EXPECT_THAT(journal.out, HasSubstr("eva"));
  EXPECT_THAT(journal.out, Not(HasSubstr("luis")));
}

// Each vouches for the sealed part too: their share of it fits.
TEST_F(CliQuorumTest, AMemberAcknowledgesWhatTheirShareFits) {
  bring({"luis"});
  const auto acknowledged = as("luis", {"ack", "--out", path("ack")});
  ASSERT_EQ(acknowledged.code, 0) << acknowledged.err;
  EXPECT_THAT(acknowledged.out, Not(HasSubstr("without the identity")));
  EXPECT_THAT(acknowledged.out, Not(HasSubstr("Not acknowledged")));
}

TEST_F(CliQuorumTest, ATestimonyForAQuorumIsKeptSealedAndOpensWhole) {
  edit("both",
       {"--from", path("two"), "--testimony-quorum", "Casa=1", "--testimony-quorum", "Clinica=2"});
  sign("both", "strict");
  bring({"ana", "luis", "eva"}, "strict");
  const auto before = show("ana");
  EXPECT_THAT(before.out, Not(HasSubstr("Nos bajaron")));
  EXPECT_THAT(before.out, Not(HasSubstr("interrupted")));
  EXPECT_THAT(before.out, Not(HasSubstr("unreadable")));
  ASSERT_EQ(ask("ana").code, 0);
  ASSERT_EQ(grant("luis", "one.grant").code, 0);
  const auto few = as("ana", {"quorum", "combine", path("one.grant")});
  EXPECT_EQ(few.code, 1);
  EXPECT_THAT(few.err, HasSubstr("1 more of eva"));
  // The identity asks for fewer than the testimony does: it is open, and the rest waits.
  EXPECT_THAT(show("ana").out, HasSubstr("Carmen"));
  EXPECT_THAT(show("ana").out, Not(HasSubstr("Nos bajaron")));
  ASSERT_EQ(grant("eva", "two.grant").code, 0);
  ASSERT_EQ(as("ana", {"quorum", "combine", path("one.grant"), path("two.grant")}).code, 0);
  const auto after = show("ana");
  EXPECT_THAT(after.out, HasSubstr("Nos bajaron"));
  EXPECT_THAT(after.out, HasSubstr("Carmen"));
  EXPECT_THAT(after.out, HasSubstr("complete"));
  EXPECT_THAT(after.out, Not(HasSubstr("flags     interrupted")));
}

}  // namespace
}  // namespace resguardo::testing_support
