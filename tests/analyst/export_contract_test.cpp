// SPDX-License-Identifier: AGPL-3.0-or-later
// What every exporter must hold; it runs over the registry, so a new format is in it by its line.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "analyst/export/exporter.h"
#include "crypto/base/hash.h"
#include "program/utf8.h"
#include "tests/analyst/report_samples.h"
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
    const ReportSource source = [&](const ReportVisitor& visit) -> program::Outcome<Done> {
      for (const ReportView& report : reports) RESGUARDO_CHECK(visit(report));
      return Done{};
    };
    RESGUARDO_TRY(auto files, ExportFiles::create(out_));
    files.scope.format = GetParam();
    RESGUARDO_CHECK(make_exporter(GetParam())->write(source, forms_, files));
    return files.commit(forms_);
  }
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
  std::string all = content(out_);
  EXPECT_TRUE(program::is_utf8(all));
  if (all.starts_with("\xEF\xBB\xBF")) all.erase(0, 3);
  EXPECT_THAT(all, Not(HasSubstr("\xEF\xBB\xBF")));
  for (const std::string& acting : {"\0"s, "\x1B"s, "\xE2\x80\xAE"s, "\xC2\x9B"s})
    EXPECT_THAT(all, Not(HasSubstr(acting)));
}

TEST_P(ExportContractTest, AnEmptyVaultIsAnEmptyTable) {
  ASSERT_TRUE(write({}).ok());
  EXPECT_EQ(boost::json::parse(content(out_.string() + ".manifest.json")).at("reports").as_int64(),
            0);
}

TEST_P(ExportContractTest, TheSameReportsGiveTheSameBytes) {
  ASSERT_TRUE(write({hostile()}).ok());
  const std::string first = content(out_);
  out_ += "2";
  ASSERT_TRUE(write({hostile()}).ok());
  EXPECT_EQ(content(out_), first);
}

TEST_P(ExportContractTest, TheManifestNamesEveryFileWithItsDigest) {
  ASSERT_TRUE(write({hostile()}).ok());
  const auto manifest = boost::json::parse(content(out_.string() + ".manifest.json"));
  std::size_t named = 0;
  for (const auto& file : manifest.at("files").as_array()) {
    const auto path = directory_.path() / std::string(file.at("file").as_string());
    EXPECT_EQ(std::string(file.at("sha256").as_string()),
              to_hex(sha256(as_bytes(content(path))).view()));
    ++named;
  }
  const auto there = std::distance(std::filesystem::directory_iterator(directory_.path()),
                                   std::filesystem::directory_iterator());
  EXPECT_EQ(static_cast<std::ptrdiff_t>(named) + 1, there);
}

TEST_P(ExportContractTest, NothingIsOverwritten) {
  std::ofstream(out_) << "mine";
  EXPECT_FALSE(write({hostile()}).ok());
  EXPECT_EQ(content(out_), "mine");
}

TEST_P(ExportContractTest, AFailureHalfwayLeavesNothing) {
  const ReportSource failing = [&](const ReportVisitor& visit) -> program::Outcome<Done> {
    RESGUARDO_CHECK(visit(hostile()));
    return program::Problem{"vault", "failed", "", program::ExitCode::kFailed};
  };
  {
    auto files = ExportFiles::create(out_);
    ASSERT_TRUE(files.ok());
    EXPECT_FALSE(make_exporter(GetParam())->write(failing, forms_, *files).ok());
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
