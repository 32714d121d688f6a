// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/notices/notice.h"

#include <gtest/gtest.h>

#include <concepts>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/base/secret_text.h"

namespace resguardo::notices {
namespace {

// What is made while the program runs, by whomever.
template <class Text>
concept CanBeLogged =
    std::constructible_from<Notice, Level, Text> || std::convertible_to<Text, StaticText> ||
    std::constructible_from<StaticText, Text> ||
    requires(Notice notice, Text text) { notice.because(text); } ||
    requires(Notice notice, Text text) { notice.see(text); } ||
    requires(Notice notice, Text text) { notice.listener(text); } ||
    requires(Notice notice, Text text) { notice.with(Kind::kPort, text); } ||
    requires(Log log, Text text) { log.write(text); };

static_assert(!CanBeLogged<std::string>);
static_assert(!CanBeLogged<const std::string&>);
static_assert(!CanBeLogged<std::string_view>);
static_assert(!CanBeLogged<SecretText>);
static_assert(!CanBeLogged<SecretBuffer>);
static_assert(!CanBeLogged<SecretBytes>);
static_assert(!CanBeLogged<Bytes>);
static_assert(!CanBeLogged<ByteView>);
static_assert(!CanBeLogged<Digest>);
static_assert(CanBeLogged<StaticText>, "the test would see it");
// A pointer to characters becomes a StaticText only where it is a constant of the source: that is
// what consteval means, and tests/arch compiles what must not compile.

TEST(NoticeTest, IsOneLineOfKeysAndValues) {
  EXPECT_EQ(info("serving").line(), R"(level=info event="serving")");
  EXPECT_EQ(error("the roster cannot be used")
                .because("it has expired")
                .with(Kind::kRoster, 4)
                .see("`resguardo-bot check`")
                .line(),
            R"(level=error event="the roster cannot be used" because="it has expired" roster=4 )"
            R"(see="`resguardo-bot check`")");
  EXPECT_EQ(warning("a \"quoted\" word\nand a break").line(),
            R"(level=warning event="a \"quoted\" word and a break")");
}

TEST(NoticeTest, ANumberHasNoRoomForATelephoneNumberOrAReceipt) {
  EXPECT_EQ(info("x").with(Kind::kPort, 999'999).line(), R"(level=info event="x" port=999999)");
  EXPECT_EQ(info("x").with(Kind::kPort, 1'000'000).line(), R"(level=info event="x" port=999999)");
  EXPECT_EQ(info("x").with(Kind::kPort, 15'550'100'000).line(),
            R"(level=info event="x" port=999999)");
}

TEST(NoticeTest, LinesOfThreadsStayWhole) {
  constexpr int kThreads = 4;
  constexpr int kLines = 200;
  std::ostringstream out;
  Log log(out);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < kLines; ++j) log.write(info("serving").with(Kind::kPort, 8080));
    });
  for (auto& one : threads) one.join();
  std::istringstream lines(out.str());
  int seen = 0;
  for (std::string line; std::getline(lines, line); ++seen)
    EXPECT_EQ(line, R"(level=info event="serving" port=8080)");
  EXPECT_EQ(seen, kThreads * kLines);
}

}  // namespace
}  // namespace resguardo::notices
