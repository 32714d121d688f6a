// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>
#include <filesystem>

#include "analyst/commands/custody.h"
#include "analyst/commands/logs.h"
#include "analyst/proof/proof.h"
#include "crypto/base/hash.h"
#include "program/json_output.h"
#include "program/output_file.h"

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;

constexpr std::size_t kMaxProofFile = std::size_t{256} << 20U;
constexpr std::size_t kMaxProofFiles = 10'000;

// The folder appears whole: written beside its place, then named.
Outcome<Done> write_folder(const fs::path& out, const ProofFiles& files) {
  std::error_code failed;
  if (fs::exists(fs::symlink_status(out, failed)))
    return Problem{out.string(), "exists already", "give another name"};
  fs::path draft = out;
  if (!draft.has_filename()) draft = draft.parent_path();
  const fs::path target = draft;
  draft += ".new";
  fs::remove_all(draft, failed);
  if (!fs::create_directory(draft, failed) || failed)
    return Problem{draft.string(), "cannot be made", "does the folder around it exist?"};
  fs::permissions(draft, fs::perms::owner_all, failed);
  for (const auto& [name, content] : files) {
    const auto written = program::write_new_file(draft / name, content);
    if (written.ok()) continue;
    fs::remove_all(draft, failed);
    return written.error();
  }
  fs::rename(draft, target, failed);
  if (!failed) return Done{};
  fs::remove_all(draft, failed);
  return Problem{target.string(), "cannot be named", "is something there already?"};
}

Outcome<ProofFiles> read_folder(const fs::path& folder) {
  std::error_code failed;
  ProofFiles files;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file(failed) || name == "README.txt") continue;
    if (files.size() == kMaxProofFiles) return Problem{folder.string(), "holds too many files", ""};
    RESGUARDO_TRY(files[name], program::read_file(entry.path(), kMaxProofFile));
  }
  if (failed) return Problem{folder.string(), "cannot be read", "give the folder of a proof"};
  return files;
}

void print_proof(const ProvenReport& proven, const std::string& what, Call& call) {
  if (call.console.json()) {
    json::array records;
    for (const std::string& name : proven.records) records.emplace_back(name);
    json::array witnesses;
    for (const std::string& label : proven.witnesses)
      witnesses.emplace_back(program::json_text(label));
    call.console.print(json::object{{"report", to_hex(proven.report.view())},
                                    {"origin", program::json_text(proven.origin)},
                                    {"entry", proven.index},
                                    {"entries", proven.size},
                                    {"logged", to_string(proven.logged)},
                                    {"checkpoint", to_string(proven.checkpoint)},
                                    {"segments", proven.segments},
                                    {"rows", proven.rows},
                                    {"records", std::move(records)},
                                    {"witnesses", std::move(witnesses)}});
    return;
  }
  call.console.print(what + ": report " + to_hex(proven.report.view()) + " is entry " +
                     std::to_string(proven.index) + " of " + std::to_string(proven.size) +
                     " in the log of " + proven.origin + ", no later than " +
                     to_string(proven.checkpoint) + "\n" + "its " + std::to_string(proven.rows) +
                     " sealed rows are those that were logged; " +
                     std::to_string(proven.records.size()) + " records shown; " +
                     std::to_string(proven.witnesses.size()) + " witnesses signed\n");
}

Outcome<Done> check(const ProveOptions& options, Call& call) {
  if (options.root.empty())
    return program::usage_problem("--root", "is needed to check a proof",
                                  "ask the organisation for its root key");
  RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
  RESGUARDO_TRY(const auto files, read_folder(options.check));
  const auto proven = check_proof(files, root);
  if (!proven.ok()) {
    Problem told = proven.error();
    told.where = (options.check / told.where).string();
    return told;
  }
  print_proof(*proven, "holds", call);
  return Done{};
}

// Its files by their names and digests.
Outcome<Done> note_proof(const ProveOptions& options, Vault& vault, const ReportId& report,
                         const ProofFiles& files, Call& call) {
  Bytes named;
  for (const auto& [name, content] : files) {
    const Digest digest = sha256(content);
    named.insert(named.end(), name.begin(), name.end());
    named.push_back(0);
    named.insert(named.end(), digest.view().begin(), digest.view().end());
  }
  JournalFact fact = journal_fact(JournalKind::kProofMade, {report});
  fact.subject = sha256(named);
  return keep_in_journal(vault, options.vault.as, fact, call);
}

}  // namespace

Outcome<Done> prove(const ProveOptions& options, Call& call) {
  if (!options.check.empty()) return check(options, call);
  if (options.id.empty() || options.vault.vault.empty() || options.out.empty())
    return program::usage_problem("prove", "needs ID, --vault and --out, or --check FOLDER");
  RESGUARDO_TRY(auto vault, open_vault_of(options.vault, call));
  RESGUARDO_TRY(const auto report, find_report(vault, options.id));
  const ShownRecords shown{options.records, options.identity};
  RESGUARDO_TRY(const auto files, options.file.empty()
                                      ? make_proof(vault, report, shown)
                                      : make_file_proof(vault, report, options.file, shown));
  RESGUARDO_CHECK(note_proof(options, vault, report, files, call));
  RESGUARDO_CHECK(write_folder(options.out, files));
  RESGUARDO_TRY(const auto proven, check_proof(files, vault.root()));
  print_proof(proven, "wrote " + options.out.string(), call);
  return Done{};
}

}  // namespace resguardo::analyst
