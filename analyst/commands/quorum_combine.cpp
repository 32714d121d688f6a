// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "analyst/commands/logs.h"
#include "analyst/commands/quorum.h"
#include "analyst/import/quorum_opening.h"
#include "analyst/vault/vault_quorum.h"
#include "analyst/vault/vault_search.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;

// One member's grant, its signature believed.
struct Brought {
  MemberId member;
  std::vector<open::GrantedShare> shares;
};

Outcome<Done> check_signer(const QuorumDesk& desk, const open::SignedGrant& grant,
                           const std::string& where) {
  for (const RosterShelf::Entry& entry : desk.shelf.entries())
    for (const auto& member : entry.roster.members())
      if (member.id == grant.content.member && member.key == grant.signer) return Done{};
  return Problem{where, "is not signed by the member it names, " + desk.name(grant.content.member),
                 "ask them for another, and compare fingerprints"};
}

Outcome<open::SignedRequest> request_of(QuorumDesk& desk, const open::SignedGrant& grant,
                                        const std::string& where) {
  RESGUARDO_TRY(const auto kept,
                at(desk.where, VaultQuorum(desk.vault).request(grant.content.request)));
  if (!kept)
    return Problem{where, "answers no request that was made with this vault",
                   "grants are joined where they were asked for"};
  return at(where, open::read_request(as_bytes(*kept)));
}

Outcome<Brought> read_brought(QuorumDesk& desk, const open::SignedGrant& grant,
                              const open::QuorumRequest& request, const std::string& where) {
  const auto& keys = desk.secrets.keys;
  const auto* key = request.week ? keys.epoch(*request.week) : keys.reserve();
  if (key == nullptr || key->public_key() != request.key)
    return Problem{where, "is sealed to a key of yours that was retired", "request it again"};
  RESGUARDO_TRY(auto shares, at(where + ", of " + desk.name(grant.content.member),
                                open::open_grant(grant, *key)));
  return Brought{grant.content.member, std::move(shares)};
}

struct Given {
  open::SignedRequest request;
  std::vector<Brought> brought;
  std::set<std::string> other_rosters;  // who gave by a roster that is not here
};

Outcome<Given> read_grants(const QuorumCombineOptions& options, QuorumDesk& desk) {
  std::optional<Given> given;
  for (const auto& path : options.grants) {
    const std::string where = path.string();
    RESGUARDO_TRY(const Bytes text, program::read_file(path, open::kMaxQuorumFile));
    RESGUARDO_TRY(const auto grant, at(where, open::read_grant(text)));
    RESGUARDO_CHECK(check_signer(desk, grant, where));
    RESGUARDO_TRY(auto request, request_of(desk, grant, where));
    if (given && given->request.digest != request.digest)
      return Problem{where, "answers another request than " + options.grants.front().string(),
                     "join the grants of one request at a time"};
    if (!given) given.emplace(Given{std::move(request), {}, {}});
    if (!desk.shelf.holds(grant.content.roster))
      given->other_rosters.insert(desk.name(grant.content.member));
    RESGUARDO_TRY(auto brought, read_brought(desk, grant, given->request.content, where));
    given->brought.push_back(std::move(brought));
  }
  return std::move(*given);
}

// What became of a request's streams, each judged alone: a segment that somebody slipped into the
// report, and that nobody can open, holds up no other.
struct Tally {
  std::set<MemberId> givers;        // whose shares opened something
  std::set<std::string> faults;     // shares that do not fit, with who gave them
  std::vector<std::string> sealed;  // streams that stay so, with why
  std::optional<Problem> too_few;   // the first that waits for more shares
};

// The shares of one stream that fit; who gave one that does not is named.
std::vector<const open::QuorumShare*> sound_shares(const QuorumDesk& desk,
                                                   const open::QuorumItem& item,
                                                   const open::QuorumStream& stream,
                                                   const Given& given, Tally& tally) {
  std::vector<const open::QuorumShare*> shares;
  std::set<std::uint32_t> places;
  for (const Brought& one : given.brought)
    for (const open::GrantedShare& share : one.shares) {
      if (share.item != item) continue;
      const auto& seats = stream.seats();
      const std::uint32_t place = share.share.place;
      const bool own = place < seats.size() && seats[place].member == one.member;
      const Status fits = own ? stream.check(share.share)
                              : Error{Fault::kUnauthentic, "the share is not the giver's own"};
      if (!fits.ok())
        tally.faults.insert(desk.name(one.member) + ": " + fits.error().why.c_str());
      else if (places.insert(place).second)
        shares.push_back(&share.share);
    }
  return shares;
}

// "1 more of: Luis (…), Marta (…)", for each organisation that is short.
std::string missing_text(const QuorumDesk& desk, const open::QuorumStream& stream,
                         const std::vector<const open::QuorumShare*>& shares) {
  std::set<MemberId> here;
  for (const auto* share : shares) here.insert(stream.seats()[share->place].member);
  const auto missing = stream.missing(shares);
  std::string text;
  for (std::uint32_t group = 0; group < missing.size(); ++group) {
    if (missing[group] == 0) continue;
    text += (text.empty() ? "" : "; ") + std::to_string(missing[group]) + " more of";
    const char* before = " ";
    for (const auto& seat : stream.seats()) {
      if (seat.group != group || here.contains(seat.member)) continue;
      text += before + desk.name(seat.member);
      before = ", ";
    }
  }
  return text;
}

struct Joined {
  open::QuorumItem item;
  SecretBytes key;
};

std::string part_name(const open::QuorumItem& item) {
  return "segment " + to_hex(item.segment.view()).substr(0, 8) +
         (item.stream == StreamId::kIdentity ? ", identity" : ", testimony");
}

void note_too_few(const open::QuorumItem& item, const std::string& missing, Tally& tally) {
  std::string what = "fewer shares than the quorum asks for: " + missing;
  for (const std::string& fault : tally.faults) what += "; " + fault;
  tally.sealed.push_back(part_name(item) + ": " + what);
  if (!tally.too_few)
    tally.too_few =
        Problem{part_name(item), what, "it stays sealed; ask them with the same request"};
}

// Nothing: it stays sealed, and the tally says why.
Outcome<std::optional<Joined>> join_stream(QuorumDesk& desk, const open::QuorumItem& item,
                                           const Given& given, Tally& tally) {
  RESGUARDO_TRY(const auto stream, at(desk.where, quorum_stream(desk.vault, item)));
  auto shares = sound_shares(desk, item, stream, given, tally);
  RESGUARDO_TRY(
      const auto own,
      at(desk.where,
         VaultQuorum(desk.vault).share(item.segment, item.stream, desk.secrets.keys.member())));
  if (own && std::ranges::find(shares, own->place, &open::QuorumShare::place) == shares.end())
    shares.push_back(&*own);
  if (const std::string missing = missing_text(desk, stream, shares); !missing.empty()) {
    note_too_few(item, missing, tally);
    return std::optional<Joined>();
  }
  auto key = stream.combine(shares);
  if (!key.ok()) {
    tally.sealed.push_back(part_name(item) + ": " + key.error().why.c_str());
    return std::optional<Joined>();
  }
  for (const auto* share : shares) tally.givers.insert(stream.seats()[share->place].member);
  return std::optional(Joined{item, std::move(key).value()});
}

// Those of the request that are not open here yet.
Outcome<std::vector<Joined>> join_all(QuorumDesk& desk, const Given& given, Tally& tally) {
  const open::QuorumRequest& asked = given.request.content;
  RESGUARDO_TRY(const auto waiting, at(desk.where, sealed_streams(desk.vault, asked.report)));
  std::vector<Joined> joined;
  for (const open::QuorumItem& item : asked.items) {
    if (std::ranges::find(waiting, item) == waiting.end()) continue;
    RESGUARDO_TRY(auto one, join_stream(desk, item, given, tally));
    if (one) joined.push_back(*std::move(one));
  }
  if (!joined.empty()) return joined;
  if (tally.too_few) return *tally.too_few;
  const std::string report = "report " + to_hex(asked.report.view()).substr(0, 8);
  if (tally.sealed.empty())
    return Problem{report, "has nothing left that this request asks for", "it is open here"};
  return Problem{report, "nothing of it opens: " + tally.sealed.front(),
                 "whoever sealed it did not do what our server does"};
}

void tell_combined(const Given& given, const StreamOpened& all, std::size_t streams,
                   const Tally& tally, Call& call) {
  for (const std::string& fault : tally.faults)
    call.console.warn("what " + fault + "; it was done without it");
  for (const std::string& member : given.other_rosters)
    call.console.warn(member + " has a roster that is not in this vault: import the newest bundle");
  for (const std::string& part : tally.sealed) call.console.warn(part + "; it stays sealed");
  if (call.console.json()) {
    json::array refused, sealed;
    for (const std::string& fault : tally.faults) refused.emplace_back(program::json_text(fault));
    for (const std::string& part : tally.sealed) sealed.emplace_back(program::json_text(part));
    call.console.print(json::object{{"report", to_hex(given.request.content.report.view())},
                                    {"streams", streams},
                                    {"rows", all.rows},
                                    {"unreadable", all.sealed - all.rows},
                                    {"refused", refused},
                                    {"sealed", sealed}});
    return;
  }
  call.console.print("opened " + std::to_string(streams) + " sealed parts, " +
                     std::to_string(all.rows) + " records, of report " +
                     to_hex(given.request.content.report.view()).substr(0, 8) + "\n");
  if (all.rows < all.sealed)
    call.console.warn(std::to_string(all.sealed - all.rows) +
                      " records do not open and are kept sealed");
  call.console.note(
      "This vault keeps the keys of what was opened together: from now on its passphrase is "
      "enough. The journal says who gave their shares.");
}

}  // namespace

namespace {

Outcome<StreamOpened> open_all(QuorumDesk& desk, Vault::Addition& into,
                               const std::vector<Joined>& joined) {
  StreamOpened all;
  for (const Joined& one : joined) {
    RESGUARDO_TRY(const auto opened, at(desk.where, open_stream(desk.vault, into, one.item, one.key,
                                                                desk.secrets.keys)));
    all.rows += opened.rows;
    all.sealed += opened.sealed;
  }
  return all;
}

}  // namespace

Outcome<Done> quorum_combine(const QuorumCombineOptions& options, Call& call) {
  RESGUARDO_TRY(QuorumDesk desk, open_desk(options.vault, options.secrets));
  RESGUARDO_TRY(const Given given, read_grants(options, desk));
  const open::QuorumRequest& asked = given.request.content;
  RESGUARDO_CHECK(find_report(desk.vault, to_hex(asked.report.view())));
  Tally tally;
  RESGUARDO_TRY(const auto joined, join_all(desk, given, tally));
  RESGUARDO_TRY(auto into, at(desk.where, desk.vault.begin()));
  RESGUARDO_TRY(const StreamOpened all, open_all(desk, into, joined));
  RESGUARDO_CHECK(at(desk.where, VaultSearch(desk.vault).index(asked.report)));
  tally.givers.erase(desk.secrets.keys.member());
  JournalFact fact{JournalKind::kQuorumCombined,
                   asked.report,
                   given.request.digest,
                   {tally.givers.begin(), tally.givers.end()},
                   asked.reason};
  RESGUARDO_CHECK(note_in_journal(desk, into, fact, call));
  tell_combined(given, all, joined.size(), tally, call);
  if (tally.too_few) return *tally.too_few;
  return Done{};
}

}  // namespace resguardo::analyst
