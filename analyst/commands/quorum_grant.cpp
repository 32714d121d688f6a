// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <boost/json.hpp>

#include "analyst/commands/logs.h"
#include "analyst/commands/quorum.h"
#include "analyst/commands/withdrawals.h"
#include "analyst/import/quorum_opening.h"
#include "analyst/report/report_view.h"
#include "analyst/vault/vault_log.h"
#include "analyst/vault/vault_quorum.h"
#include "crypto/log/checkpoint.h"
#include "crypto/log/merkle_tree.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;

// An active member of the newest roster, with the key that signed. Otherwise why not. A roster that
// has expired vouches for nobody: who was revoked since stands in it as before.
std::optional<std::string> not_a_member(const QuorumDesk& desk, const open::SignedRequest& request,
                                        TimePoint now) {
  if (desk.newest().expired(now))
    return "is known from a roster that expired on " + to_string(desk.newest().expires()) + " only";
  for (const auto& member : desk.newest().members()) {
    if (member.id != request.content.member) continue;
    if (!member.active) return "is not active in the newest roster of this vault";
    if (member.key != request.signer) return "did not sign it with the key that the roster has";
    return std::nullopt;
  }
  return "is no member of the newest roster of this vault";
}

enum class LogFit : std::uint8_t { kNone, kFits, kNewer, kForked, kUnsigned };

// Whether who asks was shown the log that this vault was shown.
Outcome<LogFit> compare_logs(QuorumDesk& desk, const open::QuorumRequest& request) {
  if (request.checkpoint.empty()) return LogFit::kNone;
  const auto note = parse_checkpoint(request.checkpoint);
  if (!note.ok() || note->checkpoint.origin != request.origin) return LogFit::kUnsigned;
  const auto signed_by = [&](const RosterShelf::Entry& entry) {
    return entry.roster.log_origin() == request.origin &&
           std::ranges::any_of(entry.roster.log_keys(),
                               [&](const auto& key) { return verify_checkpoint(*note, key); });
  };
  if (!std::ranges::any_of(desk.shelf.entries(), signed_by)) return LogFit::kUnsigned;
  VaultLog log(desk.vault);
  RESGUARDO_TRY(const auto kept, at(desk.where, log.kept(request.origin)));
  if (!kept || kept->size < note->checkpoint.size) return LogFit::kNewer;
  CompactTree tree;
  RESGUARDO_CHECK(at(desk.where, log.leaves(request.origin, note->checkpoint.size,
                                            [&](std::uint64_t, const Digest& leaf) -> Status {
                                              tree.append(leaf);
                                              return success();
                                            })));
  const bool same = tree.size() == 0 || tree.root() == note->checkpoint.root;
  return same ? LogFit::kFits : LogFit::kForked;
}

const char* fit_text(LogFit fit) {
  switch (fit) {
    case LogFit::kNone:
      return "they have no checkpoint of the log";
    case LogFit::kFits:
      return "they were shown the log that you were shown";
    case LogFit::kNewer:
      return "their checkpoint is newer than yours: import the newest bundle to compare";
    case LogFit::kForked:
      return "THEY WERE SHOWN ANOTHER LOG THAN YOU";
    case LogFit::kUnsigned:
      return "no log key of your rosters signed their checkpoint";
  }
  return "";
}

// The holder's shares of what is asked for, and of nothing else.
Outcome<std::vector<open::GrantedShare>> shares_for(QuorumDesk& desk,
                                                    const open::QuorumRequest& request) {
  RESGUARDO_TRY(const auto segments, at(desk.where, desk.vault.segments(request.report)));
  std::vector<open::GrantedShare> shares;
  for (const open::QuorumItem& item : request.items) {
    // Of the report that it says, or the reason is about something else.
    if (std::ranges::find(segments, item.segment, &StoredSegment::digest) == segments.end())
      continue;
    RESGUARDO_TRY(
        auto share,
        at(desk.where,
           VaultQuorum(desk.vault).share(item.segment, item.stream, desk.secrets.keys.member())));
    if (!share) continue;
    RESGUARDO_TRY(const auto stream, at(desk.where, quorum_stream(desk.vault, item)));
    RESGUARDO_CHECK(at(desk.where, stream.check(*share)));
    shares.push_back({item, std::move(*share)});
  }
  return shares;
}

// Of who asks: by which roster they know who is a member.
const char* roster_text(const QuorumDesk& desk, const open::QuorumRequest& asked) {
  if (asked.roster == desk.newest_digest()) return "theirs is the newest that you have";
  if (desk.shelf.holds(asked.roster)) return "theirs is older than yours";
  return "THEY HAVE ONE THAT YOU DO NOT HAVE: import the newest bundle, or ask them for theirs";
}

// What the holder's own vault says of the report: somebody may have made it up in order to ask.
std::string flags_line(const StoredReport& stored) {
  std::set<Flag> flags = view_of(stored).flags;
  flags.erase(Flag::kSealedForQuorum);
  const std::string line = flags_text(flags, ", ");
  return line.empty() ? "none" : line;
}

struct Judged {
  const open::SignedRequest& request;
  LogFit fit;
  std::size_t shares;
  std::string flags;  // of the report
};

void tell_judged(const QuorumDesk& desk, const Judged& judged, Call& call) {
  const open::QuorumRequest& asked = judged.request.content;
  const auto identity =
      std::ranges::count(asked.items, StreamId::kIdentity, &open::QuorumItem::stream);
  if (call.console.json()) {
    call.console.print(json::object{{"from", to_hex(asked.member.view())},
                                    {"report", to_hex(asked.report.view())},
                                    {"reason", program::json_text(asked.reason)},
                                    {"streams", asked.items.size()},
                                    {"ofIdentity", identity},
                                    {"yourShares", judged.shares},
                                    {"roster", roster_text(desk, asked)},
                                    {"log", fit_text(judged.fit)},
                                    {"flags", judged.flags}});
    return;
  }
  call.console.print(
      "from         " + desk.name(asked.member) + "\nfingerprint  " +
      fingerprint(judged.request.signer) + "\nday          " + to_string(asked.day) +
      "\nreport       " + to_hex(asked.report.view()) + "\nasks for     " +
      std::to_string(asked.items.size()) + " sealed parts, " + std::to_string(identity) +
      " of them of the identity\nyou hold     shares of " + std::to_string(judged.shares) +
      " of them\nroster       " + roster_text(desk, asked) + "\nlog          " +
      fit_text(judged.fit) + "\nflags        " + judged.flags + "\nreason       " +
      program::visible_block(asked.reason, 13) + "\n");
}

Outcome<Done> note_refused(QuorumDesk& desk, const open::SignedRequest& request,
                           const std::string& why, Call& call) {
  RESGUARDO_TRY(auto into, at(desk.where, desk.vault.begin()));
  return note_in_journal(desk, into,
                         {JournalKind::kQuorumRefused,
                          request.content.report,
                          request.digest,
                          {request.content.member},
                          why},
                         call);
}

Outcome<Done> refuse(QuorumDesk& desk, const open::SignedRequest& request, const std::string& why,
                     Call& call) {
  RESGUARDO_CHECK(note_refused(desk, request, why, call));
  return Problem{desk.name(request.content.member), why,
                 "import the newest bundle if you believe that the roster changed"};
}

// What its reporter took back is nobody's to open.
Outcome<Done> check_report(QuorumDesk& desk, const open::SignedRequest& request, Call& call) {
  const auto found = find_report(desk.vault, to_hex(request.content.report.view()));
  if (found.ok()) return Done{};
  RESGUARDO_TRY(const auto taken, at(desk.where, WithdrawnReports::of(desk.vault)));
  const char* why = taken.locked(request.content.report) ? "its reporter took the report back"
                                                         : "the report is not in this vault";
  RESGUARDO_CHECK(note_refused(desk, request, why, call));
  return found.error();
}

Outcome<Done> give(QuorumDesk& desk, const Judged& judged,
                   const std::vector<open::GrantedShare>& shares, program::OutputFile& file,
                   Call& call) {
  const open::SignedRequest& request = judged.request;
  const open::QuorumGrant grant{desk.secrets.keys.member(), day_of(call.now), request.digest,
                                desk.newest_digest()};
  RESGUARDO_TRY(const auto text, at("grant", open::grant_file(grant, shares, request.content.key,
                                                              desk.secrets.keys.identity())));
  RESGUARDO_TRY(auto into, at(desk.where, desk.vault.begin()));
  RESGUARDO_CHECK(note_in_journal(desk, into,
                                  {JournalKind::kQuorumGranted,
                                   request.content.report,
                                   request.digest,
                                   {request.content.member},
                                   request.content.reason},
                                  call));
  file.write(text);
  RESGUARDO_CHECK(file.commit());
  call.console.note("Wrote " + program::visible(file.path().string()) +
                    ", sealed to who asked. Whoever opens it together keeps what it opens: a grant "
                    "cannot be taken back.");
  return Done{};
}

}  // namespace

Outcome<Done> quorum_grant(const QuorumGrantOptions& options, Call& call) {
  const std::string where = options.request.string();
  RESGUARDO_TRY(const Bytes text, program::read_file(options.request, open::kMaxQuorumFile));
  RESGUARDO_TRY(const auto request, at(where, open::read_request(text)));
  std::optional<program::OutputFile> file;
  if (!options.out.empty()) {
    RESGUARDO_TRY(auto made, program::OutputFile::create(options.out));
    file.emplace(std::move(made));
  }
  RESGUARDO_TRY(QuorumDesk desk, open_desk(options.vault, options.secrets));
  if (const auto why = not_a_member(desk, request, call.now))
    return refuse(desk, request, *why, call);
  RESGUARDO_TRY(const LogFit fit, compare_logs(desk, request.content));
  if (fit == LogFit::kForked || fit == LogFit::kUnsigned)
    return refuse(desk, request, fit_text(fit), call);
  RESGUARDO_CHECK(check_report(desk, request, call));
  RESGUARDO_TRY(const auto shares, shares_for(desk, request.content));
  RESGUARDO_TRY(const StoredReport stored,
                at(desk.where, desk.vault.report(request.content.report)));
  const Judged judged{request, fit, shares.size(), flags_line(stored)};
  tell_judged(desk, judged, call);
  if (shares.empty()) {
    RESGUARDO_CHECK(note_refused(desk, request, "no share of it is here", call));
    return Problem{where, "you hold no share of what it asks for",
                   "import the bundle that holds the report, with these keys"};
  }
  if (!file) {
    call.console.note("Nothing was given. With --out FILE your shares are.");
    return Done{};
  }
  return give(desk, judged, shares, *file, call);
}

}  // namespace resguardo::analyst
