// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/root_shares.h"

#include <boost/json.hpp>

#include "analyst/commands/keys.h"
#include "crypto/open/root_shares.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using open::RootShare;
using program::at;
using program::Outcome;

std::string of(std::uint32_t one, std::uint32_t all) {
  return std::to_string(one) + " of " + std::to_string(all);
}

// NAME-1.txt, NAME-2.txt …
Outcome<std::vector<program::OutputFile>> share_files(const RootSplitOptions& options) {
  std::vector<program::OutputFile> files;
  for (std::uint32_t i = 1; i <= options.shares; ++i) {
    RESGUARDO_TRY(auto file, program::OutputFile::create(options.out.string() + "-" +
                                                         std::to_string(i) + ".txt"));
    files.push_back(std::move(file));
  }
  return files;
}

void tell_split(const PublicKey<RootRole>& root, const RootSplitOptions& options,
                const std::vector<std::pair<std::string, std::string>>& shares, Call& call) {
  if (call.console.json()) {
    json::array list;
    for (const auto& [file, digits] : shares)
      list.push_back({{"file", program::json_text(file)}, {"fingerprint", digits}});
    call.console.print(json::object{{"threshold", options.threshold},
                                    {"fingerprint", fingerprint(root)},
                                    {"shares", std::move(list)}});
    return;
  }
  program::Table table({"share", "fingerprint"});
  for (const auto& [file, digits] : shares) table.add({program::visible(file), digits});
  call.console.print("any " + of(options.threshold, options.shares) + " join to root " +
                     fingerprint(root) + "\n\n" + table.text());
}

Outcome<std::vector<RootShare>> read_shares(const std::vector<std::filesystem::path>& paths) {
  std::vector<RootShare> shares;
  for (const auto& path : paths) {
    RESGUARDO_TRY(const Bytes text, read_text_file(path));
    RESGUARDO_TRY(auto share, at(path.string(), RootShare::parse(text)));
    for (std::size_t i = 0; i < shares.size(); ++i)
      RESGUARDO_CHECK(
          at(paths[i].string() + " and " + path.string(), RootShare::together(shares[i], share)));
    shares.push_back(std::move(share));
  }
  return shares;
}

// Which there are, and how many it takes.
Outcome<Done> check_enough(const std::vector<RootShare>& shares) {
  const RootShare& first = shares.front();
  if (shares.size() >= first.threshold()) return Done{};
  std::string numbers;
  for (const RootShare& share : shares)
    numbers.append(numbers.empty() ? "" : ", ").append(std::to_string(share.index()));
  return program::Problem{"share " + numbers,
                          "it takes " + of(first.threshold(), first.shares()) + " shares",
                          "ask " + std::to_string(first.threshold() - shares.size()) +
                              " more of the people who have one"};
}

}  // namespace

Outcome<Done> root_split(const RootSplitOptions& options, Call& call) {
  if (options.threshold < open::kMinThreshold || options.shares < options.threshold ||
      options.shares > open::kMaxShares)
    return program::usage_problem("--threshold",
                                  "lies between 2 and --shares, which is at most 32");
  RESGUARDO_TRY(auto files, share_files(options));
  const std::string where = options.root_key.string();
  RESGUARDO_TRY(const Bytes text, read_text_file(options.root_key));
  RESGUARDO_TRY(const auto locked, at(where, open::LockedKey::parse(text)));
  RESGUARDO_TRY(const auto passphrase,
                program::read_passphrase(options.passphrase, "Passphrase of the root key", false));
  RESGUARDO_TRY(const auto root, at(where, open::unlock_key<RootRole>(text, passphrase)));
  RESGUARDO_TRY(const auto shares,
                at(where, RootShare::split(root, locked.notice().label, options.threshold,
                                           options.shares, call.ids)));
  std::vector<std::pair<std::string, std::string>> told;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    files[i].write(shares[i]);
    RESGUARDO_TRY(const auto share, at(where, RootShare::parse(as_bytes(shares[i]))));
    told.emplace_back(files[i].path().string(), share.fingerprint());
  }
  RESGUARDO_CHECK(program::commit_all(std::move(files)));
  tell_split(root.public_key(), options, told, call);
  call.console.note(
      "Write these fingerprints down. A share has no passphrase: give each to one person, on paper "
      "(`key paper`), and destroy the files. The root key itself is still where it was.");
  return Done{};
}

Outcome<Done> root_join(const RootJoinOptions& options, Call& call) {
  RESGUARDO_TRY(const auto cost, cost_of(options.cost, call.console));
  RESGUARDO_TRY(auto secret_file, program::OutputFile::create(options.out));
  RESGUARDO_TRY(auto public_file, program::OutputFile::create(options.out.string() + ".pub"));
  RESGUARDO_TRY(const auto shares, read_shares(options.shares));
  RESGUARDO_CHECK(check_enough(shares));
  RESGUARDO_TRY(const auto root, at("root key", RootShare::join(shares)));
  RESGUARDO_TRY(
      const auto passphrase,
      program::read_passphrase(options.passphrase, "New passphrase for the root key", true));
  RESGUARDO_TRY(const auto locked,
                at("root key", open::lock_key(root, shares.front().label(), passphrase, cost)));
  secret_file.write(locked);
  public_file.write(to_hex(root.public_key().view()) + "\n");
  std::vector<program::OutputFile> files;
  files.push_back(std::move(secret_file));
  files.push_back(std::move(public_file));
  RESGUARDO_CHECK(program::commit_all(std::move(files)));
  print_root(root.public_key(), call);
  return Done{};
}

}  // namespace resguardo::analyst
