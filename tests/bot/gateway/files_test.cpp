// SPDX-License-Identifier: AGPL-3.0-or-later
// How files are fetched, played from the cases in cases/files/<whatsapp|signal|signal_daemon>/:
//   told: ref=R [url=U] [size=N] [sha256=D]   what the message said
//   most: N                                   bytes that are wanted at most (default 1000)
//   call: METHOD PATH [BASE] [BODY]           what is asked
//   answer: STATUS BODY                       what comes back; another call, or the outcome,
//   follows outcome: VERDICT [WAIT in ms]             "no reference": nothing is asked at all file:
//   BYTES                               what the sink got of the last answer
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "bot/gateway/signal/rpc_file_answer.h"
#include "bot/gateway/whatsapp/files.h"
#include "crypto/base/sha256.h"
#include "tests/bot/gateway/harness.h"
#include "tests/support/paths.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;

std::unique_ptr<Gateway> made(std::string_view folder) {
  return folder == "signal_daemon" ? make_signal_daemon() : make_gateway(folder);
}

struct FileCase {
  std::string folder;
  std::filesystem::path file;
  friend void PrintTo(const FileCase& one, std::ostream* out) { *out << one.file.filename(); }
};

std::vector<FileCase> file_cases() {
  std::vector<FileCase> found;
  const auto root = resguardo::testing_support::source_dir() / "tests/bot/gateway/cases/files";
  for (const char* folder : {"whatsapp", "signal", "signal_daemon"})
    for (const auto& entry : std::filesystem::directory_iterator(root / folder))
      if (entry.path().extension() == ".case") found.push_back({folder, entry.path()});
  return found;
}

struct CaseLine {
  std::string key;
  std::string value;
};
std::vector<CaseLine> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<CaseLine> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto colon = line.find(':');
    EXPECT_NE(colon, std::string::npos) << line;
    const auto value = line.find_first_not_of(' ', colon + 1);
    lines.push_back({line.substr(0, colon), value == std::string::npos ? "" : line.substr(value)});
  }
  return lines;
}

FileTold told_of(const std::string& text) {
  FileTold told;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    const std::string key = word.substr(0, equals);
    const std::string value = word.substr(equals + 1);
    if (key == "ref") told.reference = value;
    if (key == "url") told.url = value;
    if (key == "size") told.size = std::stoull(value);
    if (key == "sha256") told.sha256 = digest_told(value);
  }
  return told;
}

std::string name_of(FileVerdict verdict) {
  constexpr std::array kNames = {"call", "whole", "again", "pause", "gone", "too large", "stop"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

std::string described(const FileCall& call) {
  std::string line = call.call.method + " " + call.call.path;
  if (!call.base.empty()) line.append(" ").append(call.base);
  if (!call.call.body.empty()) line.append(" ").append(as_text(call.call.body.view()));
  return line;
}

// One run of a case, its answers coming in pieces of that size.
class Play {
 public:
  Play(const FileSource& source, std::size_t piece) : source_(source), piece_(piece) {}

  void line(const CaseLine& line) {
    if (line.key == "told") told_ = told_of(line.value);
    if (line.key == "most") most_ = std::stoull(line.value);
    if (line.key == "call") expect_call(line.value);
    if (line.key == "answer") take(line.value);
    if (line.key == "outcome") expect_outcome(line.value);
    if (line.key == "file") {
      EXPECT_EQ(file_, line.value);
    }
  }

 private:
  void expect_call(const std::string& wanted) {
    if (!fetch_) fetch_ = source_.fetch(told_, most_);
    ASSERT_NE(fetch_, nullptr);
    ASSERT_EQ(outcome_.verdict, FileVerdict::kCall) << outcome_.reason.view();
    call_ = fetch_->next();
    EXPECT_EQ(described(call_), wanted);
  }

  void take(const std::string& text) {
    ASSERT_NE(fetch_, nullptr);
    const auto space = text.find(' ');
    const auto status = static_cast<unsigned>(std::stoul(text.substr(0, space)));
    const std::string body = space == std::string::npos ? "" : text.substr(space + 1);
    CallAnswer answer;
    answer.status = status;
    const bool of_file = call_.gives_file;
    if (!of_file || status < 200 || status >= 300) answer.body = SecretBuffer(as_bytes(body));
    if (!of_file) {
      outcome_ = fetch_->take(answer);
      return;
    }
    file_.clear();
    Status taken = success();
    for (std::size_t at = 0; taken.ok() && answer.body.empty() && at < body.size(); at += piece_)
      taken = fetch_->take_piece(as_bytes(body).subspan(at, std::min(piece_, body.size() - at)),
                                 [this](ByteView plain) {
                                   file_.append(as_text(plain));
                                   return success();
                                 });
    if (!taken.ok()) answer.status = 0;
    Sha256 digest;
    digest.add(as_bytes(file_));
    outcome_ = fetch_->take_end(answer, {file_.size(), digest.finish()});
  }

  void expect_outcome(const std::string& wanted) {
    if (wanted == "no reference") {
      EXPECT_EQ(source_.fetch(told_, most_), nullptr);
      EXPECT_FALSE(source_.discard(told_.reference).has_value());
      EXPECT_FALSE(source_.name_in_folder(told_.reference).has_value());
      return;
    }
    std::string line = name_of(outcome_.verdict);
    if (outcome_.wait.count() > 0) line.append(" ").append(std::to_string(outcome_.wait.count()));
    EXPECT_EQ(line, wanted) << outcome_.reason.view();
    const bool fine = outcome_.verdict == FileVerdict::kWhole;
    EXPECT_TRUE(fine || !outcome_.reason.view().empty());
  }

  const FileSource& source_;
  std::size_t piece_;
  FileTold told_;
  std::uint64_t most_ = 1000;
  std::unique_ptr<FileFetch> fetch_;
  FileCall call_;
  FileOutcome outcome_{FileVerdict::kCall};
  std::string file_;
};

class FileCaseTest : public ::testing::TestWithParam<FileCase> {};

TEST_P(FileCaseTest, GoesAsTheFileSays) {
  const auto gateway = made(GetParam().folder);
  ASSERT_NE(gateway->files(), nullptr);
  const auto lines = lines_of(GetParam().file);
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 1000U}) {
    Play play(*gateway->files(), piece);
    for (const auto& line : lines) play.line(line);
  }
}

std::string file_case_name(const ::testing::TestParamInfo<FileCase>& one) {
  return one.param.folder + "_" + one.param.file.stem().string();
}

INSTANTIATE_TEST_SUITE_P(Cases, FileCaseTest, ::testing::ValuesIn(file_cases()), file_case_name);

TEST(FileSourceTest, ReadsDigestsAsTheyAreWritten) {
  const Digest hello = digest_told("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=").value();
  EXPECT_EQ(to_hex(hello.view()).substr(0, 8), "2cf24dba");
  EXPECT_EQ(digest_told(to_hex(hello.view())), hello);
  for (const char* odd : {"", "has spaces", "3q2+", "2cf24dba",
                          "====", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCR="})
    EXPECT_FALSE(digest_told(odd).has_value()) << odd;
}

TEST(FileSourceTest, DeletesWhereTheMessengerCan) {
  const auto whatsapp = made("whatsapp")->files()->discard("8811").value();
  EXPECT_EQ(whatsapp.method + " " + whatsapp.path, "DELETE /8811");
  EXPECT_EQ(whatsapp.headers.front().value, "Bearer EAAB-access-token");
  const auto rest = made("signal")->files()->discard("Qp8.jpg").value();
  EXPECT_EQ(rest.method + " " + rest.path, "DELETE /v1/attachments/Qp8.jpg");
  EXPECT_FALSE(made("signal_daemon")->files()->discard("Qp8.jpg").has_value());
  EXPECT_EQ(made("signal_daemon")->files()->name_in_folder("Qp8.jpg"), "Qp8.jpg");
  EXPECT_FALSE(made("signal")->files()->name_in_folder("Qp8.jpg").has_value());
}

TEST(FileSourceTest, ListsWhatIsThere) {
  const auto signal = made("signal");
  EXPECT_EQ(signal->files()->list()->path, "/v1/attachments");
  const auto listed = [&](unsigned status, std::string_view body) {
    return signal->files()->listed({status, SecretBuffer(as_bytes(body))});
  };
  EXPECT_EQ(listed(200, R"(["a.jpg","../b","..",7,"c"])"),
            (std::vector<std::string>{"a.jpg", "c"}));
  EXPECT_EQ(listed(200, "[]"), std::vector<std::string>{});
  EXPECT_FALSE(listed(200, "{}").has_value());
  EXPECT_FALSE(listed(500, "[]").has_value());
  EXPECT_FALSE(made("whatsapp")->files()->list().has_value());
  EXPECT_FALSE(made("signal_daemon")->files()->list().has_value());
}

TEST(FileSourceTest, TheTokenGoesToMetaAndHomeOnly) {
  const auto place = [](std::string_view url, std::string_view home) {
    const auto found = whatsapp::Files::place_of(url, home);
    return found ? found->base + " " + found->path : std::string("refused");
  };
  constexpr std::string_view kGraph = "https://graph.facebook.com/v23.0";
  EXPECT_EQ(place("https://lookaside.fbsbx.com/a/?mid=1&b=%2F", kGraph),
            "https://lookaside.fbsbx.com /a/?mid=1&b=%2F");
  EXPECT_EQ(place("https://LookAside.fbsbx.com:443", kGraph), "https://LookAside.fbsbx.com:443 /");
  EXPECT_EQ(place("https://scontent.xx.fbcdn.net/x", kGraph), "https://scontent.xx.fbcdn.net /x");
  EXPECT_EQ(place("https://graph.facebook.com/elsewhere", kGraph),
            "https://graph.facebook.com /elsewhere");
  EXPECT_EQ(place("http://127.0.0.1:9000/x", "http://127.0.0.1:9000/v23.0"),
            "http://127.0.0.1:9000 /x");
  for (const char* url : {"http://lookaside.fbsbx.com/x", "https://lookaside.fbsbx.com:444/x",
                          "https://lookaside.fbsbx.com.evil.org/x", "https://evilfbsbx.com/x",
                          "https://user@lookaside.fbsbx.com/x", "https://lookaside.fbsbx.com/x#y",
                          "https://evil.org/lookaside.fbsbx.com", "//lookaside.fbsbx.com/x", "/x",
                          "", "https://graph.facebook.com:8443/x", "http://graph.facebook.com/x",
                          "http://127.0.0.1:9000/x", "https://[::1]/x", "file:///etc/passwd",
                          "https://lookaside.fbsbx.com/a b", "https://lookaside.fbsbx.com/\r\nx:y"})
    EXPECT_EQ(place(url, kGraph), "refused") << url;
  EXPECT_EQ(place("http://127.0.0.1:9001/x", "http://127.0.0.1:9000/v23.0"), "refused");
}

// A daemon's answer of any length takes no more memory than what is around the file.
TEST(RpcFileAnswerTest, HoldsNothingOfTheFile) {
  signal::RpcFileAnswer answer;
  std::size_t seen = 0;
  const auto sink = [&](ByteView plain) {
    seen += plain.size();
    return success();
  };
  ASSERT_TRUE(answer.add(as_bytes(R"({"result":{"data":")"), sink).ok());
  const std::string block = filled(4096, 'A');
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(answer.add(as_bytes(block), sink).ok());
  ASSERT_TRUE(answer.add(as_bytes("\"}}"), sink).ok());
  EXPECT_TRUE(answer.whole());
  EXPECT_EQ(seen, 3U * 1024 * 1000);
  EXPECT_EQ(as_text(answer.around()), R"({"result":{"data":""}})");
}

TEST(RpcFileAnswerTest, BoundsWhatIsAroundTheFile) {
  signal::RpcFileAnswer answer;
  const auto sink = [](ByteView) { return success(); };
  ASSERT_TRUE(answer.add(as_bytes(R"({"x":")"), sink).ok());
  Status added = success();
  for (int i = 0; i < 100 && added.ok(); ++i) added = answer.add(as_bytes(filled(1024, 'x')), sink);
  EXPECT_FALSE(added.ok());
}

TEST(RpcFileAnswerTest, PassesTheSinksFailureOn) {
  signal::RpcFileAnswer answer;
  const auto added =
      answer.add(as_bytes(R"({"result":{"data":"aGVsbG8=")"),
                 [](ByteView) -> Status { return Error{Fault::kUnavailable, "full"}; });
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().fault, Fault::kUnavailable);
}

}  // namespace
}  // namespace resguardo::gateway
