// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/keys.h"

#include <boost/json.hpp>

#include "crypto/open/key_directory.h"
#include "crypto/open/root_shares.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;

Outcome<open::MemberPublic> public_of(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return at(path.string(), open::read_public(path));
  RESGUARDO_TRY(const Bytes text, read_text_file(path));
  return at(path.string(), open::MemberPublic::parse(text));
}

void print_member(const open::MemberPublic& member, Call& call) {
  if (call.console.json()) {
    call.console.print(json::object{{"member", to_hex(member.id.view())},
                                    {"label", program::json_text(member.label)},
                                    {"publicKey", to_hex(member.key.view())},
                                    {"fingerprint", fingerprint(member.key)}});
    return;
  }
  call.console.print("member       " + to_hex(member.id.view()) + "\nlabel        " +
                     program::visible(member.label) + "\nfingerprint  " + fingerprint(member.key) +
                     "\n");
}

template <class Role>
void print_public(const PublicKey<Role>& key, const char* what, const char* json_name, Call& call) {
  if (call.console.json()) {
    call.console.print(
        json::object{{json_name, to_hex(key.view())}, {"fingerprint", fingerprint(key)}});
    return;
  }
  call.console.print(std::string(what) + "  " + to_hex(key.view()) + "\nfingerprint" +
                     std::string(std::string_view(what).size() - 9, ' ') + fingerprint(key) + "\n");
}

// A key that is one file: FILE, locked, and FILE.pub.
template <class Role>
Outcome<PublicKey<Role>> create_lone_key(const std::filesystem::path& out, const std::string& label,
                                         const program::PassphraseSource& source,
                                         const CostOptions& cost_options, Call& call) {
  RESGUARDO_TRY(const auto cost, cost_of(cost_options, call.console));
  RESGUARDO_TRY(auto secret_file, program::OutputFile::create(out));
  RESGUARDO_TRY(auto public_file, program::OutputFile::create(out.string() + ".pub"));
  RESGUARDO_TRY(const auto passphrase,
                program::read_passphrase(source, "New passphrase for the key of " + label, true));
  RESGUARDO_TRY(const auto key, at(out.string(), open::SecretKey<Role>::generate()));
  RESGUARDO_TRY(const auto locked, at(out.string(), open::lock_key(key, label, passphrase, cost)));
  secret_file.write(locked);
  public_file.write(to_hex(key.public_key().view()) + "\n");
  std::vector<program::OutputFile> files;
  files.push_back(std::move(secret_file));
  files.push_back(std::move(public_file));
  RESGUARDO_CHECK(program::commit_all(std::move(files)));
  return key.public_key();
}

// The public key a locked file names; what it says is authenticated only when it is unlocked.
Outcome<Done> print_locked(const std::string& where, ByteView text, Call& call) {
  RESGUARDO_TRY(const auto locked, at(where, open::LockedKey::parse(text)));
  const auto key = PublicKey<RootRole>::from_bytes(locked.notice().public_key);
  if (!key.ok())
    return program::Problem{where, "this kind of key has no public half, and no fingerprint", ""};
  print_public(*key, "public key ", "publicKey", call);
  call.console.note("As the locked file says; that it is so shows when it is unlocked.");
  return Done{};
}

Outcome<Done> print_share(const std::string& where, ByteView text, Call& call) {
  RESGUARDO_TRY(const auto share, at(where, open::RootShare::parse(text)));
  if (call.console.json()) {
    call.console.print(json::object{{"root", fingerprint(share.root())},
                                    {"share", share.index()},
                                    {"shares", share.shares()},
                                    {"threshold", share.threshold()},
                                    {"fingerprint", share.fingerprint()}});
    return Done{};
  }
  call.console.print("share        " + std::to_string(share.index()) + " of " +
                     std::to_string(share.shares()) + ", any " + std::to_string(share.threshold()) +
                     " join\nof root      " + fingerprint(share.root()) + "\nfingerprint  " +
                     share.fingerprint() + "\n");
  return Done{};
}

}  // namespace

void print_root(const PublicKey<RootRole>& key, Call& call) {
  print_public(key, "root public key", "rootPublicKey", call);
}

Outcome<Done> root_create(const RootCreateOptions& options, Call& call) {
  RESGUARDO_TRY(const auto key, create_lone_key<RootRole>(options.out, options.label,
                                                          options.passphrase, options.cost, call));
  print_root(key, call);
  return Done{};
}

Outcome<Done> key_create(const KeyCreateOptions& options, Call& call) {
  if (options.researcher) {
    RESGUARDO_TRY(const auto key,
                  create_lone_key<ResearcherRole>(options.out, options.label, options.passphrase,
                                                  options.cost, call));
    print_public(key, "public key ", "publicKey", call);
    return Done{};
  }
  RESGUARDO_TRY(const auto cost, cost_of(options.cost, call.console));
  RESGUARDO_TRY(const auto passphrase,
                program::read_passphrase(options.passphrase,
                                         "New passphrase for the keys of " + options.label, true));
  const open::NewKeyDirectory wanted{options.label, week_of(call.now), options.weeks, cost};
  RESGUARDO_TRY(const auto member,
                at(options.out.string(),
                   open::create_key_directory(options.out, wanted, passphrase, call.ids)));
  print_member(member, call);
  return Done{};
}

Outcome<Done> key_extend(const KeyExtendOptions& options, Call& call) {
  RESGUARDO_TRY(
      const auto passphrase,
      program::read_passphrase(options.passphrase,
                               "Passphrase of the keys in " + options.key.string(), false));
  const Week current = week_of(call.now);
  RESGUARDO_TRY(const auto member,
                at(options.key.string(),
                   open::extend_key_directory(options.key, passphrase, current, options.weeks)));
  print_member(member, call);
  call.console.note("Keys reach to week " +
                    to_string(Week{current.number + static_cast<int>(options.weeks) - 1}) +
                    ". Send the authority " + (options.key / "public.txt").string() +
                    " for `roster renew`, and extend again only after it is in force.");
  return Done{};
}

Outcome<Done> key_public(const KeyPublicOptions& options, Call& call) {
  RESGUARDO_TRY(const auto member, public_of(options.key));
  if (options.out) return program::write_new_file(*options.out, as_bytes(member.text()));
  call.console.print(member.text());
  return Done{};
}

Outcome<Done> key_fingerprint(const std::filesystem::path& path, Call& call) {
  if (parse_hex(path.string()).ok() && !std::filesystem::exists(path)) {
    RESGUARDO_TRY(const auto key, read_public_key<RootRole>(path.string(), "KEY"));
    print_public(key, "public key ", "publicKey", call);
    return Done{};
  }
  if (std::filesystem::is_directory(path)) {
    RESGUARDO_TRY(const auto member, public_of(path));
    print_member(member, call);
    return Done{};
  }
  RESGUARDO_TRY(const Bytes text, read_text_file(path));
  if (as_text(text).starts_with("-----BEGIN RESGUARDO LOCKED KEY"))
    return print_locked(path.string(), text, call);
  if (as_text(text).starts_with("-----BEGIN RESGUARDO ROOT SHARE"))
    return print_share(path.string(), text, call);
  if (as_text(text).starts_with("-----BEGIN")) {
    RESGUARDO_TRY(const auto member, public_of(path));
    print_member(member, call);
    return Done{};
  }
  RESGUARDO_TRY(const auto key, read_public_key<RootRole>(path.string(), path.string()));
  print_public(key, "public key ", "publicKey", call);
  return Done{};
}

}  // namespace resguardo::analyst
