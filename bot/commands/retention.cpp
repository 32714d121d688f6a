// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/retention.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::commands {
namespace {

using storage::Store;

constexpr std::size_t kErasedTogether = 64;
constexpr std::int32_t kHoursOfADay = 24;

// The days on which each stream was acknowledged, a day for each active member.
struct SaidDays {
  std::vector<Day> testimony;
  std::vector<Day> identity;
};

std::map<ReportId, SaidDays> said_by_active(const std::vector<storage::ReportAcknowledgement>& all,
                                            const VerifiedRoster& roster) {
  std::set<MemberId> active;
  for (const auto& member : roster.members())
    if (member.active) active.insert(member.id);
  std::map<ReportId, SaidDays> said;
  for (const auto& one : all)
    if (active.contains(one.member))
      (one.identity ? said[one.report].identity : said[one.report].testimony).push_back(one.day);
  return said;
}

// The day on which there were enough.
std::optional<Day> enough_since(std::vector<Day> days, std::uint32_t needed) {
  if (needed == 0 || days.size() < needed) return std::nullopt;
  std::ranges::sort(days);
  return days[needed - 1];
}

std::optional<Day> due_day(const SaidDays& said, const config::Retention& rules) {
  const auto testimony = enough_since(said.testimony, rules.acknowledgements);
  const auto identity = enough_since(said.identity, rules.acknowledgements);
  if (!testimony || !identity) return std::nullopt;
  const auto hours = static_cast<std::int32_t>(rules.acknowledged.count());
  const std::int32_t days = (hours + kHoursOfADay - 1) / kHoursOfADay;
  return Day{std::max(*testimony, *identity).number + days};
}

Result<Digest> digest_of(Store& store, std::span<const storage::StoredSegment> segments) {
  std::vector<Digest> chains;
  for (const auto& segment : segments) {
    auto chain = SegmentChain::begin(segment.header);
    RESGUARDO_CHECK(store.rows(segment.segment, [&](std::uint64_t, ByteView row) {
      chain.add(row);
      return success();
    }));
    chains.push_back(chain.digest());
  }
  if (chains.empty()) return Error{Fault::kMalformed, "a report without a segment"};
  return report_digest(chains);
}

Result<storage::Erasure> expiry_of(Store& store, const ReportId& report, Day today,
                                   RandomSource& salts) {
  LogFact fact;
  fact.kind = LogKind::kExpired;
  fact.id = to_bytes(report.view());
  fact.day = today;
  RESGUARDO_TRY(const auto segments, store.segments(report));
  RESGUARDO_TRY(fact.digest, digest_of(store, segments));
  return storage::Erasure{report, today, make_log_entry(fact, salts), segments.size()};
}

}  // namespace

Result<std::vector<ReportExpiry>> plan_retention(Store& store, const VerifiedRoster& roster,
                                                 const config::Retention& rules) {
  RESGUARDO_TRY(const auto all, store.acknowledgements());
  RESGUARDO_TRY(const auto reports, store.reports());
  const auto said = said_by_active(all, roster);
  std::vector<ReportExpiry> plan;
  for (const auto& one : reports) {
    ReportExpiry expiry{one.report, one.closed, 0, 0, std::nullopt};
    if (const auto days = said.find(one.report); days != said.end()) {
      expiry.testimony = static_cast<std::uint32_t>(days->second.testimony.size());
      expiry.identity = static_cast<std::uint32_t>(days->second.identity.size());
      expiry.due = due_day(days->second, rules);
    }
    plan.push_back(expiry);
  }
  std::ranges::sort(plan, {}, [](const ReportExpiry& one) {
    return std::tuple(!one.due.has_value(), one.due.value_or(one.closed), one.report);
  });
  return plan;
}

Result<Expired> expire_reports(Store& store, const VerifiedRoster& roster,
                               const config::Retention& rules, Day today, RandomSource& salts) {
  Expired expired;
  RESGUARDO_TRY(expired.erased, store.erase({}));  // what was cut short has no key any more
  RESGUARDO_TRY(const auto plan, plan_retention(store, roster, rules));
  std::vector<storage::Erasure> together;
  const auto erase = [&]() -> Status {
    RESGUARDO_TRY(const std::size_t erased, store.erase(together));
    expired.erased += erased;
    expired.left += together.size() - std::min(together.size(), erased);
    together.clear();
    return success();
  };
  for (const ReportExpiry& one : plan) {
    if (!one.due || *one.due > today) break;
    auto expiry = expiry_of(store, one.report, today, salts);
    if (!expiry.ok() && expiry.error().fault == Fault::kUnavailable) return expiry.error();
    if (!expiry.ok()) {
      ++expired.left;
      continue;
    }
    together.push_back(std::move(expiry).value());
    if (together.size() == kErasedTogether) RESGUARDO_CHECK(erase());
  }
  RESGUARDO_CHECK(erase());
  return expired;
}

}  // namespace resguardo::commands
