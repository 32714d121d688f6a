// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/paper.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace resguardo {
namespace {

Bytes printed_bytes(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + 11);
  return bytes;
}
std::string page(std::size_t size) {
  return paper_lines(ArmourKind::kLockedKey, printed_bytes(size));
}

TEST(PaperTest, GivesBackWhatWasPrintedAtEveryLength) {
  for (std::size_t size = 1; size <= 130; ++size) {
    const auto read = read_paper(page(size));
    ASSERT_TRUE(read.ok()) << size << read.error().why.view();
    ASSERT_TRUE(read->wrong.empty()) << size;
    ASSERT_EQ(read->bytes, printed_bytes(size)) << size;
  }
  EXPECT_EQ(read_paper(page(1980))->bytes, printed_bytes(1980));
  const auto share = read_paper(paper_lines(ArmourKind::kRootShare, printed_bytes(9)));
  EXPECT_EQ(share->kind, ArmourKind::kRootShare);
}

TEST(PaperTest, ForgivesWhatPeopleDoWhenTheyType) {
  std::string typed = page(50);
  std::transform(typed.begin(), typed.end(), typed.begin(), [](char c) {
    return c == 'O' ? '0' : c == 'I' ? '1' : c == 'B' ? '8' : static_cast<char>(std::tolower(c));
  });
  // The words of the first line are words: only its case may differ.
  typed.replace(0, page(50).find('\n'), page(50).substr(0, page(50).find('\n')));
  EXPECT_EQ(read_paper(typed)->bytes, printed_bytes(50));
  std::string lines = page(50);
  lines.erase(std::remove(lines.begin() + static_cast<long>(lines.find('\n')), lines.end(), ' '),
              lines.end());
  EXPECT_EQ(read_paper("\n notes\n" + lines + "\n\n")->bytes, printed_bytes(50));
}

TEST(PaperTest, NamesEveryMistypedLine) {
  const std::string good = page(70);
  const std::size_t first = good.find('\n') + 1;
  for (std::size_t at = first; at < good.size(); ++at) {
    if (good[at] == ' ' || good[at] == '\n') continue;
    const auto line = 1 + std::count(good.begin() + static_cast<long>(first),
                                     good.begin() + static_cast<long>(at), '\n');
    if (at - good.rfind('\n', at) <= 2) continue;  // the line's number
    std::string bad = good;
    bad[at] = good[at] == 'Z' ? 'Y' : 'Z';
    const auto read = read_paper(bad);
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(read->wrong, std::vector<int>{static_cast<int>(line)}) << at;
  }
}

TEST(PaperTest, NamesMissingAndExchangedLines) {
  const std::string good = page(70);
  const auto second = good.find("\n02 ") + 1;
  const auto third = good.find("\n03 ") + 1;
  std::string without = good;
  without.erase(second, third - second);
  EXPECT_EQ(read_paper(without)->wrong, std::vector<int>{2});
  std::string exchanged = good;
  exchanged[second + 1] = '3';
  exchanged[third + 1] = '2';
  EXPECT_EQ(read_paper(exchanged)->wrong, (std::vector<int>{2, 3}));
}

TEST(PaperTest, RefusesAPageWithoutItsFirstLineOrOfTwoPages) {
  const std::string good = page(40);
  EXPECT_EQ(read_paper(good.substr(good.find('\n') + 1)).error().fault, Fault::kMalformed);
  EXPECT_EQ(read_paper("").error().fault, Fault::kMalformed);
  EXPECT_EQ(read_paper(std::string(65537, ' ')).error().fault, Fault::kMalformed);
  Bytes other = printed_bytes(40);
  other[0] ^= 1U;
  const std::string foreign = paper_lines(ArmourKind::kLockedKey, other);
  const std::string mixed = foreign.substr(0, foreign.find('\n')) + good.substr(good.find('\n'));
  EXPECT_EQ(read_paper(mixed).error().fault, Fault::kUnauthentic);
}

}  // namespace
}  // namespace resguardo
