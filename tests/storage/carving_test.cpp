// SPDX-License-Identifier: AGPL-3.0-or-later
// What whoever has every key but a destroyed slot can still open of an erased report: nothing.
// They have the master key and so all server keys, the secret keys of every analyst, the disk as it
// is, free pages and WAL included, and older copies of the database ("old backups"); of journals
// they have what there is, since the key of an older one is destroyed with it. With the slot's file
// as it was before the erasure the same search finds the report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "crypto/base/hash.h"
#include "crypto/open/segment_reader.h"
#include "crypto/seal/media_writer.h"
#include "storage/media_folder.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/files.h"
#include "tests/storage/script.h"
#include "tests/storage/store_kinds.h"
#include "tests/support/sealing_fixture.h"
#include "tests/support/sqlcipher_pages.h"

namespace resguardo::storage {
namespace {

namespace fs = std::filesystem;
using testing::UnorderedElementsAre;
using testing_support::quick_parent;
using testing_support::TemporaryDirectory;

constexpr std::size_t kCellSize = 512;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kAddedByWrap = kNonceSize + crypto_aead_xchacha20poly1305_ietf_ABYTES;

Bytes content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Bytes plain(const SecretBytes& key) {
  return key.read([](ByteView bytes) { return to_bytes(bytes); });
}

struct Sealed {
  ReportId report;
  Digest segment;
  Bytes header;
  std::uint32_t index = 0;
};

// Every 32 bytes that a file of slots could hold as a key, by the file's own layout.
std::vector<Digest> wrap_keys_in_slots(const fs::path& file, ByteView key) {
  const Bytes all = content_of(file);
  std::vector<Digest> found;
  for (std::size_t at = kCellSize; at + kCellSize <= all.size(); at += kCellSize) {
    const ByteView cell = ByteView(all).subspan(at, kCellSize);
    const auto place = static_cast<std::uint32_t>(at / kCellSize - 1);
    std::array<std::uint8_t, 4> where{};
    for (std::size_t i = 0; i < 4; ++i) where[i] = static_cast<std::uint8_t>(place >> (8 * i));
    Bytes content(kCellSize - kAddedByWrap);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            content.data(), nullptr, nullptr, cell.data() + kNonceSize, cell.size() - kNonceSize,
            where.data(), where.size(), cell.data(), key.data()) != 0)
      continue;
    const auto possible = std::span(content).subspan(17, 32);
    if (std::ranges::any_of(possible, [](std::uint8_t byte) { return byte != 0; }))
      found.push_back(derive_public(possible, Label::kSlotWrap, {as_bytes("header")}));
  }
  return found;
}

// As docs/adr/133 says a header lies in the database.
std::optional<Bytes> unwrapped(ByteView wrapped, const Sealed& sealed, const Digest& key) {
  Bytes place = to_bytes(sealed.report.view());
  for (unsigned shift = 0; shift < 32; shift += 8)
    place.push_back(static_cast<std::uint8_t>(sealed.index >> shift));
  place.insert(place.end(), sealed.segment.bytes.begin(), sealed.segment.bytes.end());
  Bytes header(wrapped.size() - kAddedByWrap);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          header.data(), nullptr, nullptr, wrapped.data() + kNonceSize, wrapped.size() - kNonceSize,
          place.data(), place.size(), wrapped.data(), key.bytes.data()) != 0)
    return std::nullopt;
  return header;
}

class CarvingTest : public testing::Test {
 protected:
  void SetUp() override {
    for (std::uint32_t n = 1; n <= 2; ++n) tell(n);
    // What a report leaves in the journal's WAL goes at the next quiet moment; what a copy of the
    // journal from before has, with the key of that journal.
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (fs::file_size(with_wal(journal_file(engine_.path(), kDay))) != 0 &&
           std::chrono::steady_clock::now() < limit)
      std::this_thread::yield();
    fs::create_directory(aside("backup"));
    keep("backup",
         {reports_file(engine_.path()), with_wal(reports_file(engine_.path())),
          journal_file(engine_.path(), kDay), with_wal(journal_file(engine_.path(), kDay))});
    keep("backup", {slots_file(engine_.path())});
  }
  fs::path aside(const std::string& name) const { return aside_.path() / name; }
  static fs::path with_wal(fs::path file) { return file += "-wal"; }
  void keep(const std::string& name, const std::vector<fs::path>& files) const {
    for (const fs::path& file : files)
      fs::copy_file(file, aside(name) / file.filename(), fs::copy_options::overwrite_existing);
  }

  // A real report of two rows.
  void tell(std::uint32_t n) {
    auto writer =
        SegmentWriter::begin(readers_.recipients, {report_id(n), 0, segment_id(1)}, *slab_, random_)
            .value();
    Turn turn = state_turn(n, n, 0, "state");
    turn.report.emplace();
    turn.report->report = report_id(n);
    turn.report->day = kDay;
    const Sealed sealed{report_id(n), blake2b(writer.header()), to_bytes(writer.header())};
    turn.report->segments.push_back({sealed.segment, 0, sealed.header});
    for (std::uint64_t at = 0; at < 2; ++at) {
      const auto said = testing_support::make_turn(random_, {}, "told");
      auto row = at == 0 ? writer.seal(said).value() : writer.finish(said).value();
      turn.report->rows.push_back({sealed.segment, at, std::move(row.row)});
    }
    close(turn, n);
    ASSERT_TRUE(engine_.store().record(turn).ok());
    sealed_.push_back(sealed);
  }
  // A file that was sent with report n and came after that had closed; its key is in the addendum.
  Sealed add_file(std::uint32_t n) {
    Turn turn = state_turn(100 + n, n, 0, "");
    add_row(turn, n, 100 + n, 0, "back with a file");
    take_media(turn, n);
    close(turn, n);
    turn.report->receipt.reset();
    EXPECT_TRUE(engine_.store().record(turn).ok());
    auto file = engine_.store().begin_media(media_id(n), kDay).value();
    auto media = MediaWriter::begin(media_id(n), [&](ByteView sealed) {
                   return file->write(sealed);
                 }).value();
    EXPECT_TRUE(media.write(as_bytes("a photo")).ok());
    const auto sealed_file = media.finish().value();
    EXPECT_TRUE(file->keep().ok());
    const std::uint32_t index = addendum_index(media_id(n));
    auto writer = SegmentWriter::begin(readers_.recipients, {report_id(n), index, segment_id(1)},
                                       *slab_, random_)
                      .value();
    const Sealed sealed{report_id(n), blake2b(writer.header()), to_bytes(writer.header()), index};
    Turn late = addendum(n, n, 500 + n);
    ReportWrite& write = *late.report;
    write.segments[0].segment = sealed.segment;
    write.segments[0].header = sealed.header;
    const std::string key = sealed_file.key.read([](ByteView bytes) { return to_hex(bytes); });
    auto row = writer.finish(testing_support::make_turn(random_, {}, key)).value();
    write.rows = {{sealed.segment, 0, std::move(row.row)}};
    write.media = MediaWrite{media_id(n), fs::file_size(media_file(n)), sealed_file.ciphertext};
    EXPECT_TRUE(engine_.store().record(late).ok());
    EXPECT_EQ(engine_.store().media(report_id(n)).value().size(), 1U);
    return sealed;
  }
  fs::path media_file(std::uint32_t n) const {
    return media_folder(engine_.path()) / media_file_name(media_id(n));
  }
  std::string last_bytes_of_row(std::uint32_t n) {
    std::string last;
    const Status visited =
        engine_.store().rows(sealed_.at(n - 1).segment, [&](std::uint64_t, ByteView row) {
          last = to_string(row.last(64));
          return success();
        });
    EXPECT_TRUE(visited.ok());
    return last;
  }
  void erase_one(std::uint32_t n) {
    const Erasure end{report_id(n), kDay, text("EXPIRED")};
    ASSERT_EQ(engine_.store().erase({&end, 1}).value(), 1U);
  }

  // The pages of every database, WAL and copy that there is, with the key that opens them.
  std::vector<Bytes> all_pages() {
    const Bytes store = plain(engine_.keys().store_key().value());
    const Bytes journal = plain(engine_.keys().journal_key(kDay).value());
    std::vector<Bytes> pages;
    for (const fs::path& folder : {engine_.path(), aside("backup")}) {
      for (const auto& [file, key] : {std::pair(reports_file(folder), store),
                                      std::pair(journal_file(folder, kDay), journal)}) {
        for (const fs::path& one : {file, with_wal(file)})
          if (fs::exists(one))
            for (Bytes& page : testing_support::decrypt_pages(one, key))
              pages.push_back(std::move(page));
      }
    }
    return pages;
  }
  Bytes key_of_slots() {
    auto db = sqlcipher::Connection::open(reports_file(engine_.path()),
                                          engine_.keys().store_key().value(), {})
                  .value();
    auto query = db.prepare("SELECT key FROM slot_file").value();
    auto rows = query.query().value();
    EXPECT_TRUE(rows.next().value());
    return to_bytes(rows.bytes(0));
  }
  bool opens_for_an_analyst(ByteView header) const {
    return std::ranges::any_of(readers_.keys, [&](const auto& keys) {
      return open::SegmentReader::begin(header, keys).ok();
    });
  }
  // Whether any page has the header as it is, or, at any offset, something that one of the slot
  // keys turns into it, and an analyst opens that.
  bool found(const Sealed& sealed, const std::vector<Bytes>& pages,
             const std::vector<Digest>& wrap_keys) const {
    const std::size_t size = sealed.header.size() + kAddedByWrap;
    for (const Bytes& page : pages) {
      if (as_text(page).find(as_text(sealed.header)) != std::string_view::npos)
        return opens_for_an_analyst(sealed.header);
      for (std::size_t at = 0; at + size <= page.size(); ++at)
        for (const Digest& key : wrap_keys) {
          const auto header = unwrapped(ByteView(page).subspan(at, size), sealed, key);
          if (header) return opens_for_an_analyst(*header);
        }
    }
    return false;
  }
  // The reports that somebody with these slots opens.
  std::vector<ReportId> carve(const fs::path& slots) {
    const auto keys = wrap_keys_in_slots(slots, key_of_slots());
    const auto pages = all_pages();
    std::vector<ReportId> opened;
    for (const Sealed& sealed : sealed_)
      if (found(sealed, pages, keys)) opened.push_back(sealed.report);
    return opened;
  }

  SqlcipherUnderTest engine_;
  TemporaryDirectory aside_{quick_parent()};
  SystemRandom random_;
  const Week week_ = week_of(start_of(kDay));
  const testing_support::TestReaders readers_ = testing_support::make_readers(2, week_);
  const std::unique_ptr<LockedSlab> slab_ = testing_support::make_slab(1);
  std::vector<Sealed> sealed_;
};

TEST_F(CarvingTest, AnErasedReportOpensForNobodyWhateverElseTheyHave) {
  EXPECT_THAT(carve(slots_file(engine_.path())), UnorderedElementsAre(report_id(1), report_id(2)))
      << "the search finds what is there";
  erase_one(2);
  EXPECT_THAT(carve(slots_file(engine_.path())), UnorderedElementsAre(report_id(1)));
  EXPECT_THAT(carve(slots_file(aside("backup"))), UnorderedElementsAre(report_id(1), report_id(2)))
      << "where the slot was kept, an old backup still opens";
}

TEST_F(CarvingTest, AnErasedReportsFileOpensForNobodyWhereverItWasKept) {
  const Sealed kept = add_file(1);
  const Sealed gone = add_file(2);
  keep("backup", {reports_file(engine_.path()), with_wal(reports_file(engine_.path())),
                  slots_file(engine_.path()), media_file(2)});
  erase_one(2);
  EXPECT_FALSE(fs::exists(media_file(2)));
  EXPECT_TRUE(fs::exists(media_file(1)));
  ASSERT_TRUE(fs::exists(aside("backup") / media_file(2).filename())) << "an old backup has it";
  const auto opens = [&](const Sealed& sealed, const fs::path& slots) {
    return found(sealed, all_pages(), wrap_keys_in_slots(slots, key_of_slots()));
  };
  const fs::path now = slots_file(engine_.path());
  EXPECT_TRUE(opens(kept, now)) << "the search finds what is there";
  EXPECT_FALSE(opens(gone, now)) << "the file's key is in a row of this segment";
  EXPECT_TRUE(opens(gone, slots_file(aside("backup")))) << "where the slot was kept";
}

TEST_F(CarvingTest, NothingElseOfItIsInAnyPageOfTheStore) {
  const auto occurs = [&](const fs::path& folder, const std::string& what) {
    const Bytes key = plain(engine_.keys().store_key().value());
    const fs::path file = reports_file(folder);
    return testing_support::occurs_in_pages(file, key, what) ||
           (fs::exists(with_wal(file)) &&
            testing_support::occurs_in_pages(with_wal(file), key, what));
  };
  const std::vector<std::string> of_report = {report_id(2).str(), sealed_.at(1).segment.str(),
                                              receipt(2).str(), last_bytes_of_row(2)};
  erase_one(2);
  for (const std::string& what : of_report) {
    EXPECT_FALSE(occurs(engine_.path(), what));
    EXPECT_TRUE(occurs(aside("backup"), what)) << "the search finds what is there";
  }
  EXPECT_TRUE(occurs(engine_.path(), last_bytes_of_row(1)));
}

// The sealed box itself: who has the receipt could still open that, long after.
TEST_F(CarvingTest, WhatWasAnsweredIsInNoPageAsItWasGivenAndGoesWithTheReport) {
  const ReplyWrite reply{ReplyId{{7, 7, 7}}, report_id(2),
                         text("a box that was sealed to somebody"), kDay};
  ASSERT_EQ(engine_.store().deliver({&reply, 1}).value().added, 1U);
  keep("backup", {reports_file(engine_.path()), with_wal(reports_file(engine_.path()))});
  const auto occurs = [&](std::string_view what) {
    return std::ranges::any_of(all_pages(), [&](const Bytes& page) {
      return as_text(page).find(what) != std::string_view::npos;
    });
  };
  EXPECT_FALSE(occurs(as_text(reply.sealed))) << "it lies under the slot key";
  EXPECT_TRUE(occurs(reply.id.str())) << "the search finds what is there";
  erase_one(2);
  fs::remove_all(aside("backup"));
  EXPECT_FALSE(occurs(reply.id.str()));
}

TEST_F(CarvingTest, TheFileOfTheDatabaseGetsSmaller) {
  for (std::uint32_t n = 3; n <= 60; ++n) tell(n);
  engine_.reopen();
  const auto before = fs::file_size(reports_file(engine_.path()));
  std::vector<Erasure> ends;
  for (std::uint32_t n = 1; n <= 60; ++n)
    ends.push_back({report_id(n), kDay, text("EXPIRED " + std::to_string(n))});
  EXPECT_EQ(engine_.store().erase(ends).value(), 60U);
  EXPECT_LT(fs::file_size(reports_file(engine_.path())), before / 2);
  EXPECT_EQ(fs::file_size(with_wal(reports_file(engine_.path()))), 0U);
}

}  // namespace
}  // namespace resguardo::storage
