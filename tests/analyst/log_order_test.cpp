// SPDX-License-Identifier: AGPL-3.0-or-later
// Who adds to a report on the day on which it closed has its entries in any order.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "analyst/vault/log_verdict.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::analyst {
namespace {

constexpr std::array kChains = {Digest{{1}}, Digest{{2}}, Digest{{3}}, Digest{{4}}};

LogFact covering(LogKind kind, std::size_t from, std::size_t count) {
  LogFact fact;
  fact.kind = kind;
  fact.digest = report_digest(std::span(kChains).subspan(from, count));
  return fact;
}

std::vector<SealedPart> parts(std::size_t count) {
  std::vector<SealedPart> parts;
  for (std::size_t at = 0; at < count; ++at)
    parts.push_back({static_cast<std::uint32_t>(at), kChains.at(at)});
  return parts;
}

TEST(LogOrderTest, AdditionsFitInWhateverOrderADayHasThem) {
  std::array order = {0, 1, 2};
  do {
    const std::array all = {covering(LogKind::kReport, 0, 1), covering(LogKind::kAddendum, 1, 2),
                            covering(LogKind::kAddendum, 3, 1)};
    std::vector<LogFact> entries;
    for (const int at : order) entries.push_back(all.at(static_cast<std::size_t>(at)));
    const LogFinding found = check_log(entries, parts(4));
    EXPECT_EQ(found.verdict, LogVerdict::kFits);
    EXPECT_EQ(found.addenda_absent, 0U);
    EXPECT_EQ(check_log(entries, parts(3)).addenda_absent, 1U) << "one did not come";
    entries.erase(entries.begin());
    EXPECT_NE(check_log(entries, parts(4)).verdict, LogVerdict::kFits) << "one is not logged";
  } while (std::ranges::next_permutation(order).found);
}

}  // namespace
}  // namespace resguardo::analyst
