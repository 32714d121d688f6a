// SPDX-License-Identifier: AGPL-3.0-or-later
// Files on their way to an analyst: what arrives whole opens, what does not is named, and nobody
// vouches for a file that is not there.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "analyst/import/bundle_check.h"
#include "analyst/import/importer.h"
#include "analyst/report/report_view.h"
#include "analyst/vault/vault_media.h"
#include "crypto/base/hash.h"
#include "crypto/format/bundle.h"
#include "tests/analyst/bundle_maker.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::BundleMaker;
using testing_support::media_id;
using testing_support::say;
using testing_support::sent_entry;
using Frames = std::vector<pb::BundleFrame>;

const TimePoint kFilesDay = start_of(Day{20700});

std::string file_of(std::size_t size) {
  testing_support::SeededRandom random(size);
  Bytes bytes(size);
  random.fill(bytes);
  return to_string(bytes);
}

class FilesTest : public ::testing::Test {
 protected:
  FilesTest()
      : fixture_(testing_support::make_roster({.analysts = 2,
                                               .first_week = week_of(kFilesDay),
                                               .weeks = 1,
                                               .reserve = false,
                                               .valid_days = 365,
                                               .log_keys = {},
                                               .log_origin = ""})),
        maker_(fixture_.roster, R"(id: "f" version: "1")", kFilesDay, 7) {}

  // A report in which these files are sent.
  ReportId report(const std::vector<MediaId>& files) {
    testing_support::ScriptTurn turn = say("what", "x");
    for (const MediaId& file : files)
      turn.testimony.push_back(sent_entry(file, "evidence", "mi foto"));
    return maker_.add({{{{turn, say("end", "y")}, true}}, true, true});
  }
  Vault new_vault() {
    std::string words = "a passphrase of tests";
    const auto passphrase =
        SecretBytes::take({reinterpret_cast<std::uint8_t*>(words.data()), words.size()});
    return Vault::create(directory_.path() / std::to_string(++vaults_), fixture_.root.public_key(),
                         *passphrase, {1, open::LockCost::kMinMemory})
        .value();
  }
  BundleFindings check(const std::string& bytes) {
    std::istringstream in(bytes);
    return BundleCheck(nullptr, nullptr).run(in).value();
  }
  ImportCounts import(Vault& vault, const std::string& bytes, std::size_t who = 0,
                      std::uint64_t commit_every = 8U << 20U) {
    const auto file = directory_.path() / "bundle";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    RosterShelf shelf(fixture_.root.public_key());
    const auto found = BundleCheck(&shelf, nullptr).run(file).value();
    Importer importer(vault, shelf, fixture_.analysts.at(who), found.log);
    importer.commit_every(commit_every);
    return importer.run(file, found.damage).value();
  }
  ReportView view(Vault& vault, const ReportId& id) { return view_of(vault.report(id).value()); }
  std::size_t acknowledged(Vault& vault, std::size_t who = 0) {
    return vault.opened(fixture_.analysts.at(who).member(), "example.org/resguardo").value().size();
  }
  // The file as it opens.
  std::string opened(Vault& vault, const ReportId& id, const MediaId& file) {
    for (const StoredFile& stored : vault.report(id).value().files) {
      if (stored.media != file) continue;
      std::string content;
      const auto digest = VaultMedia(vault).open(file, stored.segment, [&](ByteView plain) {
        content += as_text(plain);
        return success();
      });
      return digest.ok() ? content : std::string("does not open: ") + digest.error().why.c_str();
    }
    return "no such file";
  }

  testing_support::TemporaryDirectory directory_;
  testing_support::RosterFixture fixture_;
  BundleMaker maker_;
  int vaults_ = 0;
};

TEST_F(FilesTest, AFileArrivesAsItWasSentAndIsPutToItsTurn) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kMediaChunk - 1, kMediaChunk,
                                 kMediaChunk + 1, 3 * kMediaChunk + 77}) {
    const MediaId file = media_id(static_cast<std::uint8_t>(size % 200 + 3));
    const ReportId id = report({file});
    const std::string content = file_of(size);
    maker_.add_file(id, file, {content, "image/jpeg", "../../etc/passwd", false, true});
    const std::string bundle = maker_.bytes();
    const BundleFindings found = check(bundle);
    EXPECT_FALSE(found.damage.has_value()) << found.damage->why;
    EXPECT_EQ(found.log_differs + found.files_absent + found.addenda_absent, 0U) << size;
    Vault vault = new_vault();
    const ImportCounts counts = import(vault, bundle);
    EXPECT_EQ(counts.new_files, found.files);
    const ReportView seen = view(vault, id);
    EXPECT_EQ(seen.flags, std::set<Flag>{}) << size;
    EXPECT_EQ(seen.status, ReportStatus::kComplete);
    ASSERT_EQ(seen.media.size(), 1U);
    EXPECT_EQ(seen.media[0].state, MediaState::kHere);
    EXPECT_EQ(seen.media[0].media.caption(), "mi foto");
    EXPECT_EQ(seen.media[0].media.length(), size);
    EXPECT_EQ(seen.media[0].place.segment, 0U);
    EXPECT_EQ(opened(vault, id, file), content);
    EXPECT_EQ(import(vault, bundle).known_files, found.files);
    EXPECT_EQ(acknowledged(vault), found.segments);
  }
}

TEST_F(FilesTest, WhatIsNotThereYetIsSaidAndNotVouchedFor) {
  const MediaId file = media_id(9);
  const ReportId id = report({file, media_id(8)});
  maker_.add_file(id, file, {file_of(2 * kMediaChunk)});
  const std::string whole = maker_.bytes();
  Frames without = maker_.frames();
  std::erase_if(without, [](const auto& frame) { return frame.has_media_chunk(); });
  Frames cut = maker_.frames();
  cut.pop_back();

  Vault vault = new_vault();
  for (const Frames& frames : {without, cut}) {
    const std::string bundle = testing_support::write_bundle(frames);
    EXPECT_EQ(check(bundle).files_absent, frames.size() == without.size() ? 1U : 0U);
    (void)import(vault, bundle);
    const ReportView seen = view(vault, id);
    EXPECT_EQ(seen.media.at(0).state, MediaState::kArrived);
    EXPECT_EQ(seen.media.at(1).state, MediaState::kSent);
    EXPECT_EQ(seen.flags, std::set{Flag::kFileAbsent});
    EXPECT_EQ(seen.status, ReportStatus::kComplete);
    EXPECT_EQ(acknowledged(vault), 1U);
    const auto left = vault.not_opened(fixture_.analysts.front().member()).value();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_TRUE(left[0].without_file);
  }
  EXPECT_EQ(import(vault, whole).new_files, 1U);
  EXPECT_EQ(view(vault, id).flags, std::set<Flag>{});
  EXPECT_EQ(acknowledged(vault), 2U);
}

TEST_F(FilesTest, ALostFileIsToldAndVouchedForWithoutOne) {
  const MediaId file = media_id(9);
  const ReportId id = report({file});
  maker_.add_file(id, file, {"", "", "", true, true});
  Vault vault = new_vault();
  const BundleFindings found = check(maker_.bytes());
  EXPECT_EQ(found.logged, 1U);
  EXPECT_EQ(found.files_absent, 0U);
  (void)import(vault, maker_.bytes());
  const ReportView seen = view(vault, id);
  ASSERT_EQ(seen.media.size(), 1U);
  EXPECT_EQ(seen.media[0].state, MediaState::kLost);
  EXPECT_EQ(seen.flags, std::set<Flag>{});
  EXPECT_EQ(acknowledged(vault), 2U);
}

// A voice may be identity: the form says which stream a file is told in.
TEST_F(FilesTest, AFileOfTheIdentityIsVouchedForByWhoOpensThat) {
  const MediaId file = media_id(9);
  const ReportId id = report({});
  maker_.add_file(id, file, {file_of(10), "audio/ogg", "", false, true, true});
  Frames without = maker_.frames();
  without.pop_back();
  Vault vault = new_vault();
  (void)import(vault, testing_support::write_bundle(without));
  EXPECT_EQ(acknowledged(vault), 1U);
  EXPECT_EQ(import(vault, maker_.bytes()).new_files, 1U);
  EXPECT_EQ(acknowledged(vault), 2U);
  EXPECT_EQ(view(vault, id).media.at(0).place.stream, StreamId::kIdentity);
  EXPECT_EQ(view(vault, id).media.at(0).state, MediaState::kHere);
  // Who opens testimonies alone has opened all that is there for them.
  const MemberId other = MemberId::from(Bytes(16, 0x77)).value();
  const StoredSegment addendum = vault.segments(id).value().back();
  Vault empty = new_vault();
  {
    auto addition = empty.begin().value();
    ASSERT_TRUE(addition.begin_report(id, addendum.day).ok());
    ASSERT_TRUE(addition.begin_segment(addendum, as_bytes("header")).ok());
    ASSERT_TRUE(addition.end_segment(addendum, {other, "origin", 1}).ok());
    ASSERT_TRUE(addition.commit().ok());
  }
  EXPECT_EQ(empty.opened(other, "origin").value().size(), 1U);
  EXPECT_TRUE(empty.not_opened(other).value().empty());
}

TEST_F(FilesTest, AnAddendumMayComeInALaterBundleAndItsChunksBeforeIt) {
  const MediaId file = media_id(9);
  const ReportId id = report({file});
  const std::string before = maker_.bytes();
  maker_.add_file(id, file, {file_of(kMediaChunk + 5)});
  const Frames all = maker_.frames();
  Vault later = new_vault();
  (void)import(later, before);
  EXPECT_EQ(view(later, id).media.at(0).state, MediaState::kSent);
  EXPECT_EQ(import(later, maker_.bytes()).new_files, 1U);
  EXPECT_EQ(view(later, id).media.at(0).state, MediaState::kHere);
  EXPECT_EQ(view(later, id).flags, std::set<Flag>{});

  // Its chunks in a part that came first.
  Frames chunks(all.begin(), all.begin() + 3);
  Frames rest = all;
  for (const auto& frame : all)
    if (frame.has_media_chunk()) chunks.push_back(frame);
  std::erase_if(rest, [](const auto& frame) { return frame.has_media_chunk(); });
  chunks.at(0).mutable_header()->set_part(1);
  Vault first = new_vault();
  EXPECT_EQ(import(first, testing_support::write_bundle(chunks)).sealed_files, 1U);
  EXPECT_EQ(import(first, testing_support::write_bundle(rest, false)).new_files, 1U);
  EXPECT_EQ(view(first, id).flags, std::set<Flag>{});
  EXPECT_EQ(acknowledged(first), 2U);
}

TEST_F(FilesTest, ARunThatGoesOnInTheNextPartIsOneFile) {
  const MediaId file = media_id(9);
  const ReportId id = report({file});
  maker_.add_file(id, file, {file_of(4 * kMediaChunk + 5)});
  const Frames all = maker_.frames();
  const auto chunks_from = all.size() - maker_.chunks().size();
  for (std::size_t at = 0; at <= maker_.chunks().size(); ++at) {
    const auto border = all.begin() + static_cast<std::ptrdiff_t>(chunks_from + at);
    const Frames one(all.begin(), border);
    Frames two(all.begin(), all.begin() + 3);
    two.insert(two.end(), border, all.end());
    two.at(0).mutable_header()->set_part(1);
    const std::string parts[] = {testing_support::write_bundle(one, false),
                                 testing_support::write_bundle(two)};
    for (const std::string& part : parts) {
      const BundleFindings found = check(part);
      EXPECT_FALSE(found.damage.has_value());
      EXPECT_EQ(found.log_differs + found.nobodys_files, 0U) << at;
    }
    for (const bool turned : {false, true}) {
      Vault vault = new_vault();
      (void)import(vault, parts[turned ? 1 : 0]);
      (void)import(vault, parts[turned ? 0 : 1]);
      EXPECT_EQ(view(vault, id).media.at(0).state, MediaState::kHere) << at << turned;
      EXPECT_EQ(view(vault, id).flags, std::set<Flag>{}) << at << turned;
    }
  }
}

TEST_F(FilesTest, AChangedChunkIsDamagedDiffersFromTheLogAndIsMendedByAnotherCopy) {
  const MediaId file = media_id(9);
  const ReportId id = report({file});
  maker_.add_file(id, file, {file_of(2 * kMediaChunk)});
  for (std::size_t chunk = 0; chunk < 2; ++chunk) {
    Frames frames = maker_.frames();
    auto& sealed =
        *frames.at(frames.size() - 1 - chunk).mutable_media_chunk()->mutable_ciphertext();
    sealed.at(100) = static_cast<char>(sealed.at(100) ^ 4);
    const std::string bundle = testing_support::write_bundle(frames);
    EXPECT_EQ(check(bundle).log_differs, 1U);
    Vault vault = new_vault();
    EXPECT_EQ(import(vault, bundle).damaged_files, 1U);
    EXPECT_EQ(view(vault, id).media.at(0).state, MediaState::kDamaged);
    EXPECT_EQ(view(vault, id).flags, (std::set{Flag::kLogDiffers, Flag::kFileDamaged}));
    EXPECT_EQ(acknowledged(vault), 1U);
    EXPECT_EQ(import(vault, maker_.bytes()).new_files, 1U);
    EXPECT_EQ(view(vault, id).flags, std::set<Flag>{});
    EXPECT_EQ(import(vault, bundle).known_files, 1U) << "what opens stays";
    EXPECT_EQ(view(vault, id).flags, std::set<Flag>{});
  }
}

TEST_F(FilesTest, EveryFlippedBitOfAChunkIsRefused) {
  const MediaId file = media_id(9);
  const ReportId id = report({file});
  maker_.add_file(id, file, {file_of(40)});
  Vault vault = new_vault();
  (void)import(vault, maker_.bytes());
  const Bytes sealed = to_bytes(as_bytes(maker_.chunks().at(0).media_chunk().ciphertext()));
  const Digest segment = vault.report(id).value().files.at(0).segment;
  VaultMedia media(vault);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes flipped = sealed;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
    ASSERT_TRUE(media.put_chunk(file, 0, flipped).ok());
    ASSERT_EQ(media.open(file, segment, [](ByteView) { return success(); }).error().fault,
              Fault::kUnauthentic)
        << bit;
  }
}

// What no server writes, each at the frame where it begins.
TEST_F(FilesTest, ChunksThatDoNotFitAreDamageAtTheirPlace) {
  const ReportId id = report({media_id(9), media_id(8)});
  maker_.add_file(id, media_id(9), {file_of(2 * kMediaChunk)});
  maker_.add_file(id, media_id(8), {file_of(10)});
  const Frames good = maker_.frames();
  const std::size_t first = good.size() - 3;  // two chunks of one file, one of the other
  const auto damaged_at = [&](const char* what, const Frames& frames, std::size_t frame) {
    std::ostringstream out;
    FrameWriter writer(out, {"resguardo bundle 1\n", Label::kBundleFrame});
    for (const auto& each : frames)
      ASSERT_TRUE(writer.write(as_bytes(each.SerializeAsString())).ok());
    const auto found = check(out.str());
    ASSERT_TRUE(found.damage.has_value()) << what;
    EXPECT_EQ(found.damage->place.frame, frame) << what << ": " << found.damage->why;
  };
  damaged_at("the good one, cut at its end", good, good.size());
  auto swapped = good;
  std::swap(swapped[first], swapped[first + 1]);
  damaged_at("out of order", swapped, first);
  auto dropped = good;
  dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(first));
  damaged_at("dropped", dropped, first);
  auto twice = good;
  twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(first), good[first]);
  damaged_at("doubled", twice, first + 1);
  auto again = good;
  again.push_back(good[first]);
  damaged_at("a file that comes again", again, good.size());
  auto more = good;
  more.push_back(good.back());
  more.back().mutable_media_chunk()->set_index(1);
  damaged_at("more than its last", more, good.size());
  auto large = good;
  large[first].mutable_media_chunk()->mutable_ciphertext()->push_back('x');
  damaged_at("too large", large, first);
  auto nameless = good;
  nameless[first].mutable_media_chunk()->set_media_id("short");
  damaged_at("without an id", nameless, first);
}

TEST_F(FilesTest, AFileOfNobodyIsNamedAndNotKept) {
  const ReportId id = report({media_id(9)});
  maker_.add_file(id, media_id(9), {file_of(10)});
  Frames frames = maker_.frames();
  pb::BundleFrame other = frames.back();
  other.mutable_media_chunk()->set_media_id(media_id(0x55).str());
  frames.push_back(other);
  const std::string bundle = testing_support::write_bundle(frames);
  const BundleFindings found = check(bundle);
  EXPECT_EQ(found.nobodys_files, 1U);
  ASSERT_TRUE(found.nobodys_place.has_value());
  EXPECT_EQ(found.nobodys_place->frame, frames.size() - 1);
  Vault vault = new_vault();
  const ImportCounts counts = import(vault, bundle);
  EXPECT_EQ(counts.new_files, 1U);
  EXPECT_EQ(counts.nobodys_files, 1U);
  EXPECT_EQ(VaultMedia(vault).begin(media_id(0x55)).value(), FileState::kNotWhole);
}

TEST_F(FilesTest, WhatTheLogNamesAndDidNotComeIsMissed) {
  const ReportId id = report({media_id(9)});
  const Frames before = maker_.frames();
  maker_.add_file(id, media_id(9), {file_of(10)});
  Frames frames = maker_.frames();
  std::erase_if(frames, [](const auto& frame) { return frame.has_media_chunk(); });
  frames.resize(frames.size() - 2);  // the addendum's segment and its row
  const std::string bundle = testing_support::write_bundle(frames);
  EXPECT_EQ(check(bundle).addenda_absent, 1U);
  EXPECT_EQ(check(bundle).logged, 1U);
  Vault vault = new_vault();
  (void)import(vault, bundle);
  EXPECT_EQ(view(vault, id).flags, std::set{Flag::kAddendumAbsent});
  (void)import(vault, maker_.bytes());
  EXPECT_EQ(view(vault, id).flags, std::set<Flag>{});
}

TEST_F(FilesTest, AnAddendumThatWasNotLoggedDiffers) {
  const ReportId id = report({media_id(9)});
  maker_.add_file(id, media_id(9), {file_of(10), "image/png", "", false, false});
  EXPECT_EQ(check(maker_.bytes()).log_differs, 1U);
  Vault vault = new_vault();
  (void)import(vault, maker_.bytes());
  EXPECT_EQ(view(vault, id).flags, std::set{Flag::kLogDiffers});
}

TEST_F(FilesTest, AStickThatWasPulledOutKeepsWhatWasWholeAndIsGoneOnFrom) {
  const MediaId file = media_id(9);
  const ReportId id = report({file});
  maker_.add_file(id, file, {file_of(3 * kMediaChunk)});
  const std::string whole = maker_.bytes();
  std::istringstream in(whole);
  BundleReader reader(in);
  std::vector<std::uint64_t> chunks;  // where each begins
  while (!reader.finished()) {
    const auto at = reader.place().offset;
    if (reader.next().value().has_media_chunk()) chunks.push_back(at);
  }
  for (std::size_t came = 0; came < chunks.size(); ++came) {
    const std::string stick = whole.substr(0, chunks[came] + 1000);
    const auto damage = check(stick).damage;
    ASSERT_TRUE(damage.has_value());
    EXPECT_EQ(damage->place.offset, chunks[came]);
    EXPECT_EQ(damage->file.has_value(), came > 0);
    if (damage->file) {
      EXPECT_EQ(damage->file->chunks, came);
    }
    Vault vault = new_vault();
    (void)import(vault, stick, 0, 1);
    EXPECT_EQ(vault.report(id).value().files.at(0).here, came);
    EXPECT_EQ(view(vault, id).flags, std::set{Flag::kFileAbsent});
    EXPECT_EQ(import(vault, whole).new_files, 1U);
    EXPECT_EQ(view(vault, id).flags, std::set<Flag>{});
  }
}

// Found in review: whoever carries a bundle could put words into a report, and every tool said that
// it fits.
TEST_F(FilesTest, WhatAForgedAddendumSaysIsNotTold) {
  const MediaId file = media_id(9);
  pb::Entry forged = testing_support::answer_entry("what", "FORGED");
  pb::Entry gone;
  gone.mutable_retraction()->set_node("what");
  pb::Entry event;
  event.mutable_event()->set_kind(pb::EVENT_DURESS);
  pb::Entry correction;
  *correction.mutable_correction()->mutable_answer() = forged.answer();
  for (const pb::Entry& entry : {forged, gone, event, correction}) {
    const ReportId id = report({file});
    maker_.add_file(id, file, {file_of(10)});
    maker_.forge_addendum(id, addendum_index(file), {entry});
    Vault vault = new_vault();
    (void)import(vault, maker_.bytes());
    const ReportView seen = view(vault, id);
    EXPECT_EQ(seen.flags, (std::set{Flag::kMalformedRecord, Flag::kLogDiffers}));
    EXPECT_TRUE(seen.events.empty());
    ASSERT_EQ(seen.answers.size(), 2U);
    for (const AnswerView& told : seen.answers) {
      EXPECT_EQ(told.state, AnswerState::kCurrent);
      EXPECT_NE(told.answer.text(), "FORGED");
    }
  }
}

TEST_F(FilesTest, AFileIsNotLostBecauseAForgedAddendumSaysSo) {
  const MediaId file = media_id(9);
  pb::Entry lost = sent_entry(file, "evidence");
  lost.mutable_media()->set_lost(true);
  pb::Entry with_key = lost;  // and could still be taken for one whose file is to come
  with_key.mutable_media()->set_key(std::string(kMediaKeySize, 'k'));
  with_key.mutable_media()->set_chunks(1);
  for (const pb::Entry& entry : {lost, with_key, sent_entry(file, "evidence")}) {
    const ReportId id = report({file});
    maker_.add_file(id, file, {file_of(10)});
    maker_.forge_addendum(id, addendum_index(file), {entry});
    Vault vault = new_vault();
    (void)import(vault, maker_.bytes());
    EXPECT_TRUE(view(vault, id).flags.contains(Flag::kLogDiffers));
  }
}

TEST_F(FilesTest, AnAddendumBringsItsOwnFileAndOneOnly) {
  const MediaId file = media_id(9);
  MediaId other = file;
  other.bytes.back() ^= 1;  // an id of one's choice with the same index
  const auto with_key = [](const MediaId& of) {
    pb::Entry entry = sent_entry(of, "evidence");
    entry.mutable_media()->set_key(std::string(kMediaKeySize, 'k'));
    entry.mutable_media()->set_header(std::string(24, 'h'));
    entry.mutable_media()->set_sha256(std::string(32, 's'));
    entry.mutable_media()->set_length(1);
    entry.mutable_media()->set_padded_length(1);
    entry.mutable_media()->set_chunks(1);
    return entry;
  };
  const ReportId id = report({file});
  maker_.add_file(id, file, {file_of(10)});
  maker_.forge_addendum(id, addendum_index(file), {with_key(file), with_key(other)});
  Vault vault = new_vault();
  (void)import(vault, maker_.bytes());
  EXPECT_EQ(view(vault, id).flags, (std::set{Flag::kMalformedRecord, Flag::kFileAbsent}));
  EXPECT_EQ(view(vault, id).media.size(), 1U);
  // A file that is not its own.
  const ReportId second = report({file});
  maker_.add_file(second, file, {file_of(10)});
  maker_.forge_addendum(second, addendum_index(file), {with_key(media_id(0x44))});
  (void)import(vault, maker_.bytes());
  EXPECT_EQ(view(vault, second).flags, (std::set{Flag::kMalformedRecord, Flag::kLogDiffers}));
  EXPECT_EQ(view(vault, second).media.at(0).state, MediaState::kSent);
}

TEST_F(FilesTest, AnAddendumForOthersThatCannotBeComparedIsSaid) {
  const MediaId file = media_id(9);
  const ReportId id = report({file});
  maker_.add_file(id, file, {file_of(10)});
  Vault vault = new_vault();
  (void)import(vault, testing_support::write_bundle([&] {
                 Frames told = maker_.frames();
                 told.resize(told.size() - 3);  // the addendum, its row and its chunk
                 return told;
               }()));
  const StoredSegment own = vault.segments(id).value().front();
  StoredSegment foreign = own;
  foreign.index = addendum_index(file);
  foreign.digest.bytes[0] ^= 1;
  {
    auto addition = vault.begin().value();
    ASSERT_TRUE(vault.note_foreign(foreign, fixture_.analysts.at(1).member(), false).ok());
    ASSERT_TRUE(addition.commit().ok());
  }
  const auto parts = vault.sealed_parts(id).value();
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[1].brings, AddendumBrings::kUnknown);
  LogFinding finding;
  finding.unread = 1;
  ASSERT_TRUE(vault.set_verdict(id, finding).ok());
  EXPECT_TRUE(view(vault, id).flags.contains(Flag::kAddendumAbsent));
}

TEST_F(FilesTest, ACompleteReportStaysSoWhateverAnAddendumSays) {
  pb::Entry last;
  last.mutable_final()->set_testimony_digest(std::string(32, 't'));
  last.mutable_final()->set_identity_digest(std::string(32, 'i'));
  const ReportId id = maker_.add({{{{say("what", "x")}, true}}, false, true});
  maker_.add_segment(id, addendum_index(media_id(9)), {{{{last}, {}, ""}}, true});
  Vault vault = new_vault();
  (void)import(vault, maker_.bytes());
  EXPECT_EQ(view(vault, id).status, ReportStatus::kIncomplete);
}

}  // namespace
}  // namespace resguardo::analyst
