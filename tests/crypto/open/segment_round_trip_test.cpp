// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "crypto/open/record_parser.h"
#include "crypto/open/segment_reader.h"
#include "tests/crypto/open/fixed.h"
#include "tests/support/sealing_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

using open::SegmentReader;
using testing_support::make_readers;
using testing_support::make_slab;
using testing_support::make_turn;
using testing_support::SeededRandom;

std::string text_of(const SecretBuffer& record) {
  const auto parsed = open::parse_record(record);
  return parsed.ok() && parsed->entries_size() == 1 ? parsed->entries(0).answer().text() : "?";
}

// Accents, emoji, line breaks, a NUL, 4,000 characters.
std::string long_testimony() {
  std::string text = "Nos robaron en el río — ¿quién? 👩‍👧 mañana\r\n\n\t";
  text += '\0';
  for (int i = 0; i < 4000; ++i) text += i % 7 == 0 ? "ñ" : i % 11 == 0 ? "\n" : "a";
  return text;
}

TEST(SegmentRoundTripTest, EveryReaderOpensEveryRowExactly) {
  const auto readers = make_readers(3, kWeek);
  const auto slab = make_slab(1);
  SeededRandom ids(1);
  auto writer = SegmentWriter::begin(readers.recipients, {ids.make<ReportId>(), 0, {}}, *slab, ids);
  ASSERT_TRUE(writer.ok());
  const std::vector<std::string> said = {"hola", long_testimony(), "", "adiós"};
  std::vector<Bytes> rows;
  for (const auto& text : said) {
    const auto turn = make_turn(ids, kNow, text);
    const auto sealed = rows.size() + 1 < said.size() ? writer->seal(turn) : writer->finish(turn);
    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(sealed->sequence, rows.size());
    rows.push_back(sealed->row);
  }
  EXPECT_TRUE(writer->finished());
  for (const auto& keys : readers.keys) {
    auto reader = SegmentReader::begin(writer->header(), keys);
    ASSERT_TRUE(reader.ok()) << reader.error().why.view();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = reader->next(rows[i]);
      ASSERT_TRUE(row.ok()) << row.error().why.view();
      EXPECT_EQ(text_of(row->testimony), said[i]);
      EXPECT_EQ(row->final, i + 1 == rows.size());
      EXPECT_TRUE(open::parse_record(row->identity)->entries(0).has_padding());
    }
    EXPECT_TRUE(reader->finished());
  }
}

}  // namespace
}  // namespace resguardo
