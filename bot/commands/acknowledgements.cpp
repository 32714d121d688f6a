// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/acknowledgements.h"

#include <algorithm>
#include <map>
#include <optional>

#include "bot/commands/archive.h"
#include "crypto/base/hash.h"
#include "crypto/log/acknowledgement.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"

namespace resguardo::commands {
namespace {

using storage::Store;
using Named = std::map<Digest, AcknowledgedSegment>;

// What is remembered of a member's last one: u32le day ‖ u64le log size ‖ digest of its bytes.
struct LastOfMember {
  Day day;
  std::uint64_t log_size = 0;
  Digest digest;
};

std::string fact_name(const MemberId& member) {
  return "acknowledgement/" + to_hex(member.view());
}

void put_little_endian(Bytes& out, std::uint64_t number, unsigned bits) {
  for (unsigned shift = 0; shift < bits; shift += 8)
    out.push_back(static_cast<std::uint8_t>(number >> shift));
}

std::uint64_t little_endian(ByteView bytes) {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) number |= std::uint64_t{bytes[at]} << (8 * at);
  return number;
}

Bytes encoded(const LastOfMember& last) {
  Bytes bytes;
  put_little_endian(bytes, static_cast<std::uint32_t>(last.day.number), 32);
  put_little_endian(bytes, last.log_size, 64);
  bytes.insert(bytes.end(), last.digest.bytes.begin(), last.digest.bytes.end());
  return bytes;
}

Result<std::optional<LastOfMember>> last_of(Store& store, const MemberId& member) {
  RESGUARDO_TRY(const auto bytes, store.fact(fact_name(member)));
  if (!bytes) return std::optional<LastOfMember>();
  constexpr std::size_t kBefore = 4 + 8;
  if (bytes->size() != kBefore + Digest::kSize)
    return Error{Fault::kMalformed, "what the store kept of an acknowledgement is damaged"};
  const ByteView all(*bytes);
  return std::optional(LastOfMember{Day{static_cast<std::int32_t>(little_endian(all.first(4)))},
                                    little_endian(all.subspan(4, 8)),
                                    *Digest::from(all.subspan(kBefore))});
}

Status check_order(const std::optional<LastOfMember>& last, const LastOfMember& now, Day today) {
  if (now.day.number > today.number + 1)
    return Error{Fault::kStale, "it is dated in the future: one of the two clocks is wrong"};
  if (!last) return success();
  if (last->digest == now.digest) return Error{Fault::kReplayed, "it was installed before"};
  if (now.day < last->day || now.log_size < last->log_size)
    return Error{Fault::kStale, "a newer one of the same member is installed already"};
  return success();
}

// The member's copy of the log is the beginning of ours.
Status check_log(Store& store, const Acknowledgement& content) {
  if (content.log_size == 0) return success();
  RESGUARDO_TRY(const auto last, store.last_checkpoint());
  if (!last || last->size < content.log_size)
    return Error{Fault::kRefused,
                 "it knows more of the log than this server has: is this an older copy of it?"};
  CompactTree tree;
  RESGUARDO_CHECK(store.logged(0, content.log_size, [&](std::uint64_t, ByteView entry) {
    tree.append(leaf_hash(entry));
    return success();
  }));
  if (tree.root() != content.log_root)
    return Error{Fault::kRefused, "its log is not the one that this server has"};
  return success();
}

struct Vouched {
  std::size_t named = 0;
  bool testimony = true;
  bool identity = true;
};

Result<Vouched> vouched_for(Store& store, const std::vector<storage::StoredSegment>& segments,
                            const Named& named) {
  Vouched vouched;
  for (const auto& segment : segments) {
    const auto said = named.find(segment.segment);
    bool same = said != named.end();
    if (same) {
      ++vouched.named;
      RESGUARDO_TRY(const Digest chain, chain_of(store, segment));
      same = chain == said->second.chain;
    }
    vouched.testimony = vouched.testimony && same && said->second.testimony;
    vouched.identity = vouched.identity && same && said->second.identity;
  }
  return vouched;
}

Status take_report(Store& store, const ReportId& report, const Named& named,
                   const storage::ReportAcknowledgement& by, TakenAcknowledgement& taken,
                   std::size_t& found) {
  const auto segments = store.segments(report);
  if (!segments.ok() && segments.error().fault == Fault::kMalformed) return success();
  if (!segments.ok()) return segments.error();
  RESGUARDO_TRY(const Vouched vouched, vouched_for(store, *segments, named));
  found += vouched.named;
  if (vouched.named == 0) return success();
  std::vector<storage::ReportAcknowledgement> said;
  for (const bool identity : {false, true})
    if (identity ? vouched.identity : vouched.testimony)
      said.push_back({report, by.member, identity, by.day});
  bool kept = false;
  if (!said.empty()) {
    RESGUARDO_TRY(kept, store.acknowledge(segments->size(), said));
  }
  if (!kept) {
    ++taken.partly;
    return success();
  }
  ++taken.reports;
  if (!vouched.identity) ++taken.without_identity;
  return success();
}

}  // namespace

Status forget_log_sizes(Store& store, const std::vector<MemberId>& members) {
  for (const MemberId& member : members) {
    RESGUARDO_TRY(auto last, last_of(store, member));
    if (!last) continue;
    last->log_size = 0;
    RESGUARDO_CHECK(store.set_fact(fact_name(member), encoded(*last)));
  }
  return success();
}

Result<TakenAcknowledgement> take_acknowledgement(Store& store, const VerifiedRoster& roster,
                                                  ByteView file, Day today) {
  RESGUARDO_TRY(const auto content, verify_acknowledgement(file, roster));
  RESGUARDO_TRY(const Bytes exact, acknowledgement_bytes(content));
  const LastOfMember now{content.day, content.log_size, blake2b(exact)};
  RESGUARDO_TRY(const auto last, last_of(store, content.member));
  RESGUARDO_CHECK(check_order(last, now, today));
  RESGUARDO_CHECK(check_log(store, content));
  Named named;
  for (const AcknowledgedSegment& one : content.segments) named.emplace(one.segment, one);
  TakenAcknowledgement taken;
  for (const auto& member : roster.members())
    if (member.id == content.member) taken.member = member.label;
  taken.day = content.day;
  std::size_t found = 0;
  RESGUARDO_TRY(const auto reports, store.reports());
  for (const auto& one : reports)
    RESGUARDO_CHECK(
        take_report(store, one.report, named, {{}, content.member, false, today}, taken, found));
  if (found == 0)
    return Error{Fault::kNotFound,
                 "nothing that it names is here: it is for another server, or "
                 "its reports are gone already"};
  taken.unknown = named.size() - found;
  RESGUARDO_CHECK(store.set_fact(fact_name(content.member), encoded(now)));
  return taken;
}

}  // namespace resguardo::commands
