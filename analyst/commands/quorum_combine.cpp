// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "analyst/commands/logs.h"
#include "analyst/commands/quorum.h"
#include "analyst/import/quorum_opening.h"
#include "analyst/vault/vault_quorum.h"
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
    if (!given) given.emplace(Given{std::move(request), {}});
    RESGUARDO_TRY(auto brought, read_brought(desk, grant, given->request.content, where));
    given->brought.push_back(std::move(brought));
  }
  return std::move(*given);
}

// The shares of one stream that fit; who gave one that does not is named.
std::vector<const open::QuorumShare*> sound_shares(const QuorumDesk& desk,
                                                   const open::QuorumItem& item,
                                                   const open::QuorumStream& stream,
                                                   const Given& given,
                                                   std::set<std::string>& faults) {
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
        faults.insert(desk.name(one.member) + ": " + fits.error().why.c_str());
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

Outcome<Joined> join_stream(QuorumDesk& desk, const open::QuorumItem& item, const Given& given,
                            std::set<std::string>& faults) {
  RESGUARDO_TRY(const auto stream, at(desk.where, quorum_stream(desk.vault, item)));
  auto shares = sound_shares(desk, item, stream, given, faults);
  RESGUARDO_TRY(
      const auto own,
      at(desk.where,
         VaultQuorum(desk.vault).share(item.segment, item.stream, desk.secrets.keys.member())));
  if (own && std::ranges::find(shares, own->place, &open::QuorumShare::place) == shares.end())
    shares.push_back(&*own);
  const std::string missing = missing_text(desk, stream, shares);
  if (!missing.empty()) {
    std::string what = "fewer shares than the quorum asks for: " + missing;
    for (const std::string& fault : faults) what += "; " + fault;
    return Problem{"segment " + to_hex(item.segment.view()).substr(0, 8), what,
                   "nothing was opened; ask them with the same request"};
  }
  RESGUARDO_TRY(auto key, at(desk.where, stream.combine(shares)));
  return Joined{item, std::move(key)};
}

void tell_combined(const Given& given, const StreamOpened& all, std::size_t streams,
                   const std::set<std::string>& faults, Call& call) {
  for (const std::string& fault : faults)
    call.console.warn("what " + fault + "; it was done without it");
  if (call.console.json()) {
    json::array refused;
    for (const std::string& fault : faults) refused.emplace_back(program::json_text(fault));
    call.console.print(json::object{{"report", to_hex(given.request.content.report.view())},
                                    {"streams", streams},
                                    {"rows", all.rows},
                                    {"unreadable", all.sealed - all.rows},
                                    {"refused", refused}});
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

Outcome<Done> quorum_combine(const QuorumCombineOptions& options, Call& call) {
  RESGUARDO_TRY(QuorumDesk desk, open_desk(options.vault, options.secrets));
  RESGUARDO_TRY(const Given given, read_grants(options, desk));
  RESGUARDO_CHECK(find_report(desk.vault, to_hex(given.request.content.report.view())));
  std::set<std::string> faults;
  std::vector<Joined> joined;
  for (const open::QuorumItem& item : given.request.content.items) {
    RESGUARDO_TRY(auto one, join_stream(desk, item, given, faults));
    joined.push_back(std::move(one));
  }
  RESGUARDO_TRY(auto into, at(desk.where, desk.vault.begin()));
  StreamOpened all;
  for (const Joined& one : joined) {
    RESGUARDO_TRY(const auto opened, at(desk.where, open_stream(desk.vault, into, one.item, one.key,
                                                                desk.secrets.keys)));
    all.rows += opened.rows;
    all.sealed += opened.sealed;
  }
  JournalFact fact{JournalKind::kQuorumCombined,
                   given.request.content.report,
                   given.request.digest,
                   {},
                   given.request.content.reason};
  for (const Brought& one : given.brought) fact.members.push_back(one.member);
  RESGUARDO_CHECK(note_in_journal(desk, into, fact, call));
  tell_combined(given, all, joined.size(), faults, call);
  return Done{};
}

}  // namespace resguardo::analyst
