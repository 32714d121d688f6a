// SPDX-License-Identifier: AGPL-3.0-or-later
// What every exporter must hold; it runs over the registry, so a new format is in it by its line.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "analyst/export/export_check.h"
#include "analyst/export/exporter.h"
#include "crypto/base/hash.h"
#include "program/utf8.h"
#include "tests/analyst/exported.h"
#include "tests/analyst/report_samples.h"
#include "tests/support/paths.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::sample_answer;
using testing_support::SampleReport;
using std::string_literals::operator""s;

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class ExportContractTest : public ::testing::TestWithParam<std::string> {
 protected:
  program::Outcome<Done> write(const std::vector<ReportView>& reports) {
    RESGUARDO_TRY(auto files, create());
    return testing_support::write_export(GetParam(), reports, forms_, files);
  }
  program::Outcome<ExportFiles> create() const {
    return ExportFiles::create(out_, find_exporter(GetParam())->shape);
  }
  bool is_folder() const { return find_exporter(GetParam())->shape == ExportShape::kFolder; }
  // All of what was written but the manifest.
  std::string written() const {
    if (!is_folder()) return content(out_);
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(out_)) files.insert(entry.path());
    std::string all;
    for (const auto& file : files)
      if (file.filename() != "manifest.json") all += content(file);
    return all;
  }
  // The same as somebody reads it: of a workbook, its cells by openpyxl.
  std::string readable() const {
    if (GetParam() != "xlsx") return written();
    const auto read = testing_support::run_program(
        {{RESGUARDO_PYTHON, "-B", testing_support::source_dir() / "tests/analyst/read_sheets.py",
          out_},
         "",
         {}});
    EXPECT_EQ(read.code, 0) << read.err;
    return read.out;
  }
  boost::json::value manifest() const { return boost::json::parse(content(manifest_of(out_))); }
  static std::vector<std::string> hostile_texts() {
    return {"=cmd|'/c calc'!A1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\xEF\xBC\x9D"
            "1+1",
            "a\0b"s,
            "\x1B[2J",
            "\xE2\x80\xAEgpj.exe",
            "\xC2\x9B"
            "31m",
            "say \"hi\", then; go",
            std::string(40'000, 'x'),
            ",",
            "\"",
            "';--",
            "\xEF\xBB\xBF"};
  }
  ReportView hostile() const {
    SampleReport report;
    report.segment(1, 0);
    std::uint32_t instance = 0;
    for (const std::string& text : hostile_texts()) {
      pb::Answer answer = sample_answer("story", text);
      answer.add_instance(++instance);
      answer.set_raw(text);
      report.say(answer);
      report.say(sample_answer(text.substr(0, 100), text));  // a question of no form
    }
    return view_of(report.stored);
  }
  testing_support::TemporaryDirectory directory_;
  std::filesystem::path out_ = directory_.path() / "out";
  FormShelf forms_ = [] {
    FormShelf shelf;
    shelf.emplace(Digest{}, FormTexts::parse(as_bytes(R"(id: "f" version: "1" languages: "es"
        sections { nodes { id: "story" narrative {} } nodes { id: "b" text {} } })"))
                                .value());
    return shelf;
  }();
};

TEST_P(ExportContractTest, HostileTextNeverActs) {
  ASSERT_TRUE(write({hostile()}).ok());
  std::string all = readable();
  EXPECT_TRUE(program::is_utf8(all));
  for (std::size_t mark; (mark = all.find("\xEF\xBB\xBF")) != std::string::npos;) {
    EXPECT_TRUE(mark == 0 || (is_folder() && all[mark - 1] == '\n'));
    all.erase(mark, 3);
  }
  for (const std::string& acting : {"\0"s, "\x1B"s, "\xE2\x80\xAE"s, "\xC2\x9B"s})
    EXPECT_THAT(all, Not(HasSubstr(acting)));
}

TEST_P(ExportContractTest, AnEmptyVaultIsAnEmptyTable) {
  ASSERT_TRUE(write({}).ok());
  EXPECT_EQ(manifest().at("reports").as_int64(), 0);
}

TEST_P(ExportContractTest, TheSameReportsGiveTheSameBytes) {
  ASSERT_TRUE(write({hostile()}).ok());
  const std::string first = written();
  out_ += "2";
  ASSERT_TRUE(write({hostile()}).ok());
  EXPECT_EQ(written(), first);
}

TEST_P(ExportContractTest, TheManifestNamesEveryFileWithItsDigest) {
  ASSERT_TRUE(write({hostile()}).ok());
  const auto folder = is_folder() ? out_ : directory_.path();
  std::size_t named = 0;
  const auto told = manifest();
  for (const auto& file : told.at("files").as_array()) {
    const auto path = folder / std::string(file.at("file").as_string());
    EXPECT_EQ(std::string(file.at("sha256").as_string()),
              to_hex(sha256(as_bytes(content(path))).view()));
    ++named;
  }
  const auto there = std::distance(std::filesystem::directory_iterator(folder),
                                   std::filesystem::directory_iterator());
  EXPECT_EQ(static_cast<std::ptrdiff_t>(named) + 1, there);
}

TEST_P(ExportContractTest, NothingIsOverwritten) {
  std::ofstream(out_) << "mine";
  EXPECT_FALSE(write({hostile()}).ok());
  EXPECT_EQ(content(out_), "mine");
}

TEST_P(ExportContractTest, AFailureHalfwayLeavesNothing) {
  const ExportSource failing = [&](const ExportVisitor& visit) -> program::Outcome<Done> {
    RESGUARDO_CHECK(visit(hostile(), {}));
    return program::Problem{"vault", "failed", "", program::ExitCode::kFailed};
  };
  {
    auto files = create();
    ASSERT_TRUE(files.ok());
    EXPECT_FALSE(testing_support::write_export(GetParam(), failing, forms_, *files).ok());
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
}

INSTANTIATE_TEST_SUITE_P(Formats, ExportContractTest, ::testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const ExporterEntry& entry : exporters())
                             names.emplace_back(entry.name);
                           return names;
                         }()),
                         [](const auto& format) { return format.param; });

}  // namespace
}  // namespace resguardo::analyst
