// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/csv.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "program/utf8.h"
#include "tests/analyst/exported.h"
#include "tests/analyst/report_samples.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using ::testing::ElementsAre;
using testing_support::sample_answer;
using testing_support::SampleReport;
using std::string_literals::operator""s;

TEST(SafeCellTest, NeutralisesWhatWouldBeAFormula) {
  for (const char* text : {"=1", "+1", "-1", "@x", "\t=1", " =1", "\xC2\xA0=1",
                           "\xEF\xBC\x9D"
                           "1",
                           "\xE2\x88\x92"
                           "1",
                           "\n=1", "\r=1"}) {
    const SafeCell cell = safe_cell(text);
    EXPECT_TRUE(cell.formula) << text;
    EXPECT_EQ(cell.text.front(), '\'') << text;
  }
}

TEST(SafeCellTest, LeavesOrdinaryWordsAlone) {
  for (const char* text : {"", "a=b", "'=1", "Él dijo: \"sí\"", "10-20", "línea\notra\ty más",
                           "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"}) {
    const SafeCell cell = safe_cell(text);
    EXPECT_EQ(cell.text, text);
    EXPECT_FALSE(cell.formula || cell.characters || cell.cut);
  }
}

TEST(SafeCellTest, ShowsWhatActsAndNormalisesLineBreaks) {
  EXPECT_EQ(safe_cell("a\0\x1B\xE2\x80\xAE"s).text, "a<U+0000><U+001B><U+202E>");
  EXPECT_EQ(safe_cell("a\r\nb\rc").text, "a\nb\nc");
  EXPECT_TRUE(safe_cell("a\rb").characters);
}

TEST(SafeCellTest, CutsAtTheLimitAndNotBefore) {
  EXPECT_FALSE(safe_cell(std::string(kMaxCell, 'x')).cut);
  const SafeCell cut = safe_cell(std::string(kMaxCell + 1, 'x'));
  EXPECT_TRUE(cut.cut);
  EXPECT_EQ(program::utf16_length(cut.text), kMaxCell);
  std::string doves;
  for (std::size_t i = 0; i < kMaxCell; ++i) doves += "\xF0\x9F\x95\x8A";
  const SafeCell pairs = safe_cell(doves);
  EXPECT_LE(program::utf16_length(pairs.text), kMaxCell);
  EXPECT_TRUE(program::is_utf8(pairs.text));
}

TEST(CsvTest, QuotesAsRfc4180) {
  EXPECT_EQ(quoted_cell("say \"hi\", x"), "\"say \"\"hi\"\", x\"");
}

class CsvTableTest : public ::testing::Test {
 protected:
  std::string table(const std::vector<ReportView>& reports) {
    FormShelf forms;
    forms.emplace(Digest{}, FormTexts::parse(as_bytes(R"(id: "f" version: "1" languages: "es"
        sections { nodes { id: "z" text {} } nodes { id: "a" narrative {} } })"))
                                .value());
    auto files = ExportFiles::create(directory_.path() / "t");
    if (!testing_support::write_export("csv", reports, forms, *files).ok()) return "";
    std::ifstream in(directory_.path() / "t", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  testing_support::TemporaryDirectory directory_;
};

TEST_F(CsvTableTest, ColumnsStandInTheFormsOrderAndStrangersInTheLast) {
  SampleReport report;
  report.segment(1, 0).say(sample_answer("a", "uno", 0)).say(sample_answer("a", "dos", 1));
  pb::Answer choice = sample_answer("z", "");
  choice.add_codes("x");
  choice.add_codes("y");
  choice.set_raw("los dos");
  report.say(choice).say(sample_answer("stranger", "hola"));
  const std::string all = table({view_of(report.stored)});
  const std::string header = all.substr(0, all.find("\r\n"));
  EXPECT_TRUE(header.starts_with("\xEF\xBB\xBF\"report\",\"day\",\"status\",\"flags\""));
  EXPECT_TRUE(header.ends_with("\"events\",\"z\",\"z:words\",\"a\",\"other_answers\"")) << header;
  EXPECT_TRUE(all.ends_with("\"x|y\",\"los dos\",\"uno\ndos\",\"stranger = hola\"\r\n")) << all;
}

TEST_F(CsvTableTest, SupersededAnswersStayOut) {
  SampleReport report;
  report.segment(1, 0).say(sample_answer("z", "viejo")).say(sample_answer("z", "nuevo"));
  const std::string all = table({view_of(report.stored)});
  EXPECT_EQ(all.find("viejo"), std::string::npos);
  EXPECT_NE(all.find("nuevo"), std::string::npos);
}

}  // namespace
}  // namespace resguardo::analyst
