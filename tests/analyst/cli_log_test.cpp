// SPDX-License-Identifier: AGPL-3.0-or-later
// A hostile server against the real program: it holds the log key, and drops, alters, moves,
// back-dates, cuts and forks what it logged (protocol.md §6). Each is refused by its own name, and
// the vault stays what it was; the honest one is believed.
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>

#include "analyst/import/roster_shelf.h"
#include "crypto/base/hash.h"
#include "crypto/log/cosignature.h"
#include "tests/analyst/cli_fixture.h"
#include "tests/analyst/log_server.h"
#include "tests/support/paths.h"
#include "tests/support/roster_fixture.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;

class CliLogTest : public CliTest {
 protected:
  CliLogTest() : today_(day_of(organisation().now)) {
    server_.origin = "casa.example/log";
    const std::string draft = path("draft");
    const std::string log_key = to_hex(server_.key.public_key().view());
    EXPECT_EQ(run({"roster", "create", "--out", draft, "--add", organisation().keys("ana.txt"),
                   "--add", organisation().keys("luis.txt"), "--organisation", "Casa", "--log-key",
                   log_key, "--log-origin", server_.origin})
                  .code,
              0);
    sign_roster("draft", "roster");
    begin_with("roster");
  }
  void sign_roster(const std::string& draft, const std::string& out) const {
    EXPECT_EQ(run_unlocked({"roster", "sign", path(draft), "--root-key", organisation().root(),
                            "--out", path(out)})
                  .code,
              0);
  }
  // A server under this roster, with four reports.
  void begin_with(const std::string& roster) {
    bundle_.emplace(
        analyst::verify_alone(as_bytes(content(path(roster))), root(), organisation().now).value(),
        kSmallForm, organisation().now, 1);
    server_.entries.clear();
    for (int n = 0; n < 4; ++n) log_report();
  }
  // One more report, logged honestly.
  void log_report() {
    bundle_->add(small_report());
    const auto frames = bundle_->frames();
    const auto last = std::find_if(frames.rbegin(), frames.rend(),
                                   [](const auto& frame) { return frame.has_log_entry(); });
    server_.entries.push_back(to_bytes(as_bytes(last->log_entry().entry())));
  }
  static PublicKey<RootRole> root() {
    const auto key = parse_hex(content(organisation().root_public()).substr(0, 64));
    return PublicKey<RootRole>::from_bytes(key.value()).value();
  }
  Day day(int n) const { return Day{today_.number + n}; }

  // What the server hands over on that day, with entries from `since` on.
  std::filesystem::path handed(int on, std::size_t since = 0) {
    auto frames = bundle_->frames();
    std::erase_if(frames, [](const auto& frame) { return frame.has_log_entry(); });
    auto& header = *frames.front().mutable_header();
    header.set_log_origin(server_.origin);
    header.set_day(day(on).number);
    std::string id(16, 'b');
    id.back() = static_cast<char>(++made_);
    header.set_bundle_id(id);
    auto log = server_.frames(day(on), since);
    if (since > 0) say_since(header, since, on - 1);
    frames.insert(frames.begin() + 3, log.begin(), log.end() - 1);
    frames.push_back(log.back());
    return put(std::string("bundle").append(std::to_string(made_)), write_bundle(frames));
  }
  void say_since(pb::BundleHeader& header, std::size_t size, int on) const {
    CompactTree tree;
    for (std::size_t at = 0; at < size; ++at) tree.append(leaf_hash(server_.entries[at]));
    header.set_since_checkpoint(server_.note_over(size, day(on), server_.key));
    header.set_since_tree(to_string(tree.encode()));
  }
  // Whole and honest, under a root that this vault has never heard of.
  static std::string of_another_organisation() {
    const auto other = make_roster({.analysts = 1,
                                    .first_week = week_of(organisation().now),
                                    .weeks = 1,
                                    .reserve = false,
                                    .valid_days = 365,
                                    .log_keys = {},
                                    .log_origin = ""});
    BundleMaker theirs(other.roster, kSmallForm, organisation().now, 3);
    theirs.add(small_report());
    return theirs.bytes();
  }
  std::string kept() const {
    return run_unlocked({"log", "show", "--vault", path("v")}).out +
           run_unlocked({"list", "--vault", path("v")}).out;
  }
  void expect_refused(const std::filesystem::path& bundle, const std::string& name) const {
    const std::string before = kept();
    const auto result = import(bundle, "ana", "v");
    EXPECT_EQ(result.code, 1) << name;
    EXPECT_THAT(result.err, HasSubstr(std::string("log of casa.example/log: ").append(name)));
    EXPECT_THAT(result.err, HasSubstr("tell your colleagues and the authority"));
    EXPECT_THAT(result.err, HasSubstr("docs/incidents/log-forked.md"));
    EXPECT_EQ(kept(), before);
  }

  std::optional<BundleMaker> bundle_;
  Day today_;
  LogServer server_;
  char made_ = 0;
};

TEST_F(CliLogTest, TheHonestServerIsBelievedAndEachLieIsRefusedByName) {
  ASSERT_THAT(import(handed(0), "ana", "v").out, HasSubstr("log: 4 entries, checkpoint of "));
  const auto honest = server_.entries;
  const auto restored = [&] { server_.entries = honest; };
  log_report();
  const auto grown = import(handed(1), "ana", "v");
  EXPECT_EQ(grown.code, 0) << grown.err;
  EXPECT_THAT(grown.out, HasSubstr("consistent with what was seen before"));
  const auto longer = server_.entries;

  restored();
  expect_refused(handed(2), "the log shrank: from 5 entries");
  server_.entries = longer;
  server_.entries.erase(server_.entries.begin() + 1);
  server_.add(7, day(2));
  expect_refused(handed(2), "the log forked: entry 1 is missing");
  server_.entries = longer;
  server_.entries[2] = make_log_entry(server_.fact(9, day(0)), server_.salts);
  server_.add(7, day(2));
  expect_refused(handed(2), "the log forked: entry 2 was altered");
  server_.entries = longer;
  std::swap(server_.entries[0], server_.entries[3]);
  server_.add(7, day(2));
  expect_refused(handed(2), "the log forked: the entries were reordered");
  server_.entries = longer;
  server_.add(7, day(-3));
  expect_refused(handed(2), "entry 5 is back-dated");
  server_.entries = longer;
  server_.add(7, day(9));
  expect_refused(handed(2), "entry 5 is dated " + to_string(day(9)) + ", later than");
  server_.entries = longer;
  server_.add(7, day(1));
  expect_refused(handed(1), "the log forked: 5 entries (checkpoint of " + to_string(day(1)));
  server_.entries = longer;
  LogKey stolen = LogKey::generate().value();
  std::swap(server_.key, stolen);
  expect_refused(handed(2), "a checkpoint is signed by a key the roster does not name");

  std::swap(server_.key, stolen);
  EXPECT_EQ(import(handed(2), "ana", "v").code, 0) << "the honest one still comes in";
}

// Four wrong sticks at a vault that is in use: four refusals that nobody takes for one another.
TEST_F(CliLogTest, ADamagedAnOlderAForkedAndAForeignStickAreToldApart) {
  const auto older = handed(0);
  log_report();
  const auto newer = handed(1);
  ASSERT_EQ(import(newer, "ana", "v").code, 0);
  std::string cut = content(newer);
  const auto damaged = put("damaged", cut.substr(0, cut.size() / 2));
  log_report();
  server_.entries[2] = make_log_entry(server_.fact(9, day(0)), server_.salts);
  const auto forked = handed(2);
  const auto foreign = put("foreign", of_another_organisation());

  const std::vector<std::pair<std::filesystem::path, std::string>> sticks{
      {damaged, "the file is cut short here; nothing of it was taken"},
      {older, "is older than this vault: its log ends on " + to_string(day(0)) +
                  ", the vault's on " + to_string(day(1)) + ", and everything in it is here"},
      {forked, "the log forked: entry 2 was altered"},
      {foreign, "is another organisation's: "}};
  const std::string before = kept();
  for (const auto& [stick, words] : sticks) {
    const auto refused = import(stick, "ana", "v");
    EXPECT_EQ(refused.code, 1) << words;
    EXPECT_THAT(refused.err, HasSubstr("resguardo-analyst: "));
    for (const auto& [other, others] : sticks)
      EXPECT_EQ(refused.err.find(others) != std::string::npos, other == stick)
          << words << ": " << refused.err;
    EXPECT_EQ(kept(), before) << words;
  }
  // On one command line with the newest it is no wrong stick; and where it brings something.
  EXPECT_EQ(import(older, "ana", "v", {newer}).code, 0);
  EXPECT_EQ(import(older, "luis", "w").code, 0);
}

TEST_F(CliLogTest, WhatGoesOnFromACheckpointComesInAfterItAndNotBefore) {
  const auto first = handed(0);
  log_report();
  const auto second = handed(1, 4);
  const auto alone = run({"verify", second, "--root", organisation().root_public()});
  EXPECT_EQ(alone.code, 0) << alone.err;
  EXPECT_THAT(alone.out, HasSubstr("consistent with the earlier checkpoint that it goes on from"));
  const auto early = import(second, "ana", "v");
  EXPECT_EQ(early.code, 1);
  EXPECT_THAT(early.err, HasSubstr("holds only what came after the checkpoint of " +
                                   to_string(day(0)) + ", of 4 entries"));
  EXPECT_THAT(early.err, HasSubstr("import the bundles before it first"));
  EXPECT_FALSE(std::filesystem::exists(path("v")));

  const auto both = import(second, "ana", "v", {first});
  EXPECT_EQ(both.code, 0) << both.err;
  EXPECT_THAT(both.out, HasSubstr("log: 5 entries"));
  EXPECT_EQ(import(second, "ana", "v").code, 0);
}

TEST_F(CliLogTest, AWitnessOfTheRosterIsNamedAndKeptForProofs) {
  const LogKey witness = LogKey::generate().value();
  const auto drafted = run({"roster", "witness", "La Red", to_hex(witness.public_key().view()),
                            "--organisation", "Red", "--from", path("roster"), "--root",
                            organisation().root_public(), "--out", path("draft 2")});
  ASSERT_EQ(drafted.code, 0) << drafted.err;
  EXPECT_THAT(drafted.out, HasSubstr("witness"));
  sign_roster("draft 2", "roster 2");
  begin_with("roster 2");
  const auto bundle = handed(0);
  ASSERT_EQ(import(bundle, "ana", "v").code, 0);
  const auto show = [&] { return run_unlocked({"log", "show", "--vault", path("v")}); };
  const auto alone = show();
  EXPECT_THAT(alone.err, HasSubstr("no witness of the roster signed it"));

  const auto signed_too =
      cosign(parse_checkpoint(alone.out).value(), "red.example", witness.secret(), 1'700'000'000);
  const auto note = put("note", signed_too.value());
  const auto compared = run_unlocked({"log", "compare", note, "--vault", path("v"), "--keep"});
  EXPECT_EQ(compared.code, 0) << compared.err;
  EXPECT_THAT(compared.out, HasSubstr("witnessed by La Red"));
  EXPECT_EQ(import(bundle, "ana", "v").code, 0);
  EXPECT_EQ(show().out, signed_too.value()) << "the same checkpoint again takes nothing away";
  EXPECT_THAT(show().err, HasSubstr("witnessed by La Red"));

  const auto foreign = cosign(parse_checkpoint(alone.out).value(), "red.example",
                              LogKey::generate()->secret(), 1'700'000'000);
  const auto other =
      run_unlocked({"log", "compare", put("foreign", foreign.value()), "--vault", path("v")});
  EXPECT_THAT(other.out, HasSubstr("no witness of the roster signed it"));
  log_report();
  ASSERT_EQ(import(handed(1), "ana", "v").code, 0);
  const auto late = run_unlocked({"log", "compare", note, "--vault", path("v"), "--keep"});
  EXPECT_EQ(late.code, 1);
  EXPECT_THAT(late.err, HasSubstr("is not the checkpoint that this vault keeps"));
}

// The report by its own entry, a file by its addendum's; both readers, and what was changed.
TEST_F(CliLogTest, AFileIsProvedByItsAddendum) {
  ScriptTurn turn = say("story", "con foto");
  turn.testimony.push_back(sent_entry(media_id(7), "story"));
  const ReportId id = bundle_->add({{{{turn, say("end", "y")}, true}}, true, true});
  const auto log_last = [&] {
    Bytes entry;
    for (const auto& frame : bundle_->frames())
      if (frame.has_log_entry()) entry = to_bytes(as_bytes(frame.log_entry().entry()));
    server_.entries.push_back(entry);
  };
  log_last();
  const std::string photo = "una foto";
  bundle_->add_file(id, media_id(7), {photo, "image/jpeg", "", false, true});
  log_last();
  ASSERT_EQ(import(handed(0), "ana", "v").code, 0);
  const auto proved = [&](const std::string& out, std::vector<std::string> more) {
    more.insert(more.begin(),
                {"prove", to_hex(id.view()), "--vault", path("v"), "--out", path(out)});
    return run_unlocked(more);
  };
  const std::string root_key = content(organisation().root_public()).substr(0, 64);
  const auto holds = [&](const std::string& folder) {
    const auto ours = run({"prove", "--check", path(folder), "--root", root_key});
    const auto theirs =
        run_program({{"/usr/bin/python3", "-B", source_dir() / "analyst/recover/check_proof.py",
                      path(folder), root_key},
                     "",
                     {}});
    EXPECT_EQ(ours.code, theirs.code) << ours.err << theirs.out;
    return ours.code == 0 ? theirs.out : std::string();
  };
  ASSERT_EQ(proved("report", {}).code, 0);
  EXPECT_THAT(holds("report"), HasSubstr("its 2 sealed rows"));
  const auto made = proved("file", {"--file", "0707", "--record", "1"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(holds("file"),
              HasSubstr("a file of 8 bytes, SHA-256 " + to_hex(sha256(as_bytes(photo)).view())));
  EXPECT_EQ(proved("none", {"--file", "08"}).code, 1);
  std::string digest = content(path("file") / "file.sha256");
  digest[3] = static_cast<char>(digest[3] ^ 1);
  put("file/file.sha256", digest);
  EXPECT_EQ(holds("file"), "");
  std::filesystem::copy(path("file") / "file.sha256", path("report") / "file.sha256");
  EXPECT_EQ(holds("report"), "");
}

}  // namespace
}  // namespace resguardo::testing_support
