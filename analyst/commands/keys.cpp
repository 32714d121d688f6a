// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/keys.h"

#include <boost/json.hpp>

#include "crypto/open/key_directory.h"
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

void print_root(const PublicKey<RootRole>& key, Call& call) {
  if (call.console.json()) {
    call.console.print(
        json::object{{"rootPublicKey", to_hex(key.view())}, {"fingerprint", fingerprint(key)}});
    return;
  }
  call.console.print("root public key  " + to_hex(key.view()) + "\nfingerprint      " +
                     fingerprint(key) + "\n");
}

}  // namespace

Outcome<Done> root_create(const RootCreateOptions& options, Call& call) {
  RESGUARDO_TRY(const auto cost, cost_of(options.cost, call.console));
  RESGUARDO_TRY(auto secret_file, program::OutputFile::create(options.out));
  RESGUARDO_TRY(auto public_file, program::OutputFile::create(options.out.string() + ".pub"));
  RESGUARDO_TRY(
      const auto passphrase,
      program::read_passphrase(options.passphrase, "New passphrase for the root key", true));
  RESGUARDO_TRY(const auto key, at("root key", open::SecretKey<RootRole>::generate()));
  RESGUARDO_TRY(const auto locked,
                at("root key", open::lock_key(key, options.label, passphrase, cost)));
  secret_file.write(locked);
  public_file.write(to_hex(key.public_key().view()) + "\n");
  std::vector<program::OutputFile> files;
  files.push_back(std::move(secret_file));
  files.push_back(std::move(public_file));
  RESGUARDO_CHECK(program::commit_all(std::move(files)));
  print_root(key.public_key(), call);
  return Done{};
}

Outcome<Done> key_create(const KeyCreateOptions& options, Call& call) {
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

Outcome<Done> key_public(const KeyPublicOptions& options, Call& call) {
  RESGUARDO_TRY(const auto member, public_of(options.key));
  if (options.out) return program::write_new_file(*options.out, as_bytes(member.text()));
  call.console.print(member.text());
  return Done{};
}

Outcome<Done> key_fingerprint(const std::filesystem::path& path, Call& call) {
  if (path.extension() == ".pub") {
    RESGUARDO_TRY(const auto root, read_public_key<RootRole>(path.string(), path.string()));
    print_root(root, call);
    return Done{};
  }
  RESGUARDO_TRY(const auto member, public_of(path));
  print_member(member, call);
  return Done{};
}

}  // namespace resguardo::analyst
