// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_custody.h"

#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {
namespace {

constexpr std::string_view kLastImporter = "custody";  // name of a fact

constexpr Error kNoKey{Fault::kNotFound, "the vault has no key for its journal"};
constexpr Error kNotCertified{Fault::kUnauthentic,
                              "the vault's key for its journal is not the one that was certified"};

Result<std::optional<MemberId>> last_importer(sqlcipher::Connection& database) {
  RESGUARDO_TRY(auto find, database.prepare("SELECT value FROM facts WHERE name = ?"));
  RESGUARDO_TRY(auto rows, find.query(kLastImporter));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return std::optional<MemberId>();
  RESGUARDO_TRY(const auto member, id_column<MemberId>(rows, 0));
  return std::optional(member);
}

struct KeptKey {
  std::uint64_t entry = 0;
  SecretBytes secret;
};

Result<std::optional<KeptKey>> kept_key(sqlcipher::Connection& database, const MemberId& member) {
  RESGUARDO_TRY(auto find,
                database.prepare("SELECT entry, secret FROM custody_keys WHERE member = ?"));
  RESGUARDO_TRY(auto rows, find.query(member));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return std::optional<KeptKey>();
  Bytes copy = to_bytes(rows.bytes(1));
  RESGUARDO_TRY(auto secret, SecretBytes::take(copy));
  return std::optional(KeptKey{static_cast<std::uint64_t>(rows.integer(0)), std::move(secret)});
}

Status keep_key(sqlcipher::Connection& database, const MemberId& member, std::uint64_t entry,
                const open::SecretKey<AnalystRole>& key) {
  RESGUARDO_TRY(auto put, database.prepare("INSERT INTO custody_keys (member, entry, secret)"
                                           " VALUES (?, ?, ?)"));
  return key.secret().read([&](ByteView secret) { return put.run(member, entry, secret); });
}

}  // namespace

Status VaultCustody::begin(Vault& vault, const open::AnalystKeys& keys, TimePoint now) {
  auto& database = vault.state_->database;
  const MemberId member = keys.member();
  RESGUARDO_TRY(auto into, vault.begin());
  RESGUARDO_TRY(const auto there, kept_key(database, member));
  if (!there) {
    RESGUARDO_TRY(const auto key, open::SecretKey<AnalystRole>::generate());
    JournalFact fact;
    fact.kind = JournalKind::kKeyCertified;
    fact.subject = Digest::from(key.public_key().view());
    VaultJournal journal(vault);
    RESGUARDO_CHECK(journal.append(fact, keys, now));
    RESGUARDO_TRY(const JournalLink head, journal.head());
    RESGUARDO_CHECK(keep_key(database, member, head.number, key));
  }
  RESGUARDO_TRY(auto put, database.prepare("INSERT INTO facts (name, value) VALUES (?, ?)"
                                           " ON CONFLICT (name) DO UPDATE SET"
                                           " value = excluded.value"));
  RESGUARDO_CHECK(put.run(kLastImporter, member));
  return into.commit();
}

Result<VaultCustody> VaultCustody::open(Vault& vault, const std::optional<MemberId>& member) {
  auto& database = vault.state_->database;
  std::optional<MemberId> who = member;
  if (!who) {
    RESGUARDO_TRY(who, last_importer(database));
  }
  if (!who) return kNoKey;
  RESGUARDO_TRY(auto kept, kept_key(database, *who));
  if (!kept) return kNoKey;
  RESGUARDO_TRY(auto key, open::SecretKey<AnalystRole>::from_secret(std::move(kept->secret)));
  auto certification = VaultJournal(vault).signed_entry(kept->entry);
  if (!certification.ok()) return kNotCertified;
  const auto read = read_certification(*certification);
  if (!read.ok() || read->member != *who || read->key != key.public_key()) return kNotCertified;
  return VaultCustody(vault, *who, std::move(key), std::move(certification).value());
}

Result<std::vector<MemberId>> VaultCustody::members(Vault& vault) {
  RESGUARDO_TRY(auto all,
                vault.state_->database.prepare("SELECT member FROM custody_keys ORDER BY member"));
  RESGUARDO_TRY(auto rows, all.query());
  std::vector<MemberId> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    RESGUARDO_TRY(const auto member, id_column<MemberId>(rows, 0));
    found.push_back(member);
  }
}

Status VaultCustody::append(const JournalFact& fact, TimePoint now) {
  return VaultJournal(*vault_).append_as(fact, member_, key_, now);
}

Result<CustodySignature> VaultCustody::sign(Label label, ByteView exact) {
  RESGUARDO_TRY(const JournalLink head, VaultJournal(*vault_).head());
  return CustodySignature{member_, key_.public_key(), key_.sign(label, exact), certification_,
                          head};
}

Result<PublicKey<AnalystRole>> check_custody_signature(const CustodySignature& signature,
                                                       Label label, ByteView exact) {
  RESGUARDO_TRY(const auto read, read_certification(signature.certification));
  if (read.member != signature.member || read.key != signature.key || read.by == read.key ||
      !verify_signature(signature.key, label, exact, signature.signature))
    return Error{Fault::kUnauthentic, "the signature of a vault does not fit"};
  return read.by;
}

}  // namespace resguardo::analyst
