// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/logs.h"

#include <boost/json.hpp>

#include "analyst/import/vault_shelf.h"
#include "analyst/vault/vault_log.h"
#include "crypto/log/cosignature.h"
#include "crypto/log/log_extension.h"
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

Outcome<KeptCheckpoint> chosen(const LogShowOptions& options, VaultLog& log) {
  const std::string where = options.vault.vault.string();
  RESGUARDO_TRY(auto all, at(where, log.all()));
  std::string names;
  for (KeptCheckpoint& one : all) {
    if (options.origin.empty() ? all.size() == 1 : one.origin == options.origin) return one;
    names += (names.empty() ? "" : ", ") + one.origin;
  }
  if (names.empty())
    return Problem{where, "has seen no checkpoint of a log", "`import` a bundle that has one"};
  return program::usage_problem("--origin",
                                options.origin.empty() ? "is needed: there are several logs"
                                                       : "names a log that this vault has not seen",
                                "one of: " + names);
}

std::string entries(std::uint64_t size) {
  return std::to_string(size) + (size == 1 ? " entry" : " entries");
}

// What the newest roster's witnesses say of a checkpoint.
struct Witnesses {
  std::vector<std::string> signed_it;  // their labels
  bool any = false;                    // the roster has some
};

Witnesses witnesses_of(const RosterShelf& shelf, const CheckpointNote& note) {
  Witnesses witnesses;
  const RosterShelf::Entry* newest = nullptr;
  for (const RosterShelf::Entry& entry : shelf.entries())
    if (entry.roster.log_origin() == note.checkpoint.origin) newest = &entry;
  if (newest == nullptr) return witnesses;
  for (const auto& witness : newest->roster.witnesses()) {
    witnesses.any = true;
    if (find_witness_signature(note, witness.key)) witnesses.signed_it.push_back(witness.label);
  }
  return witnesses;
}

// Empty: the roster has no witness.
std::string witnesses_text(const Witnesses& witnesses) {
  if (!witnesses.any) return "";
  std::string text;
  for (const std::string& label : witnesses.signed_it)
    text.append(text.empty() ? "witnessed by " : ", ").append(program::visible(label));
  return text.empty() ? "no witness of the roster signed it" : text;
}

json::array witnesses_json(const Witnesses& witnesses) {
  json::array array;
  for (const std::string& label : witnesses.signed_it)
    array.emplace_back(program::json_text(label));
  return array;
}

// Signed by a key that a believed roster names for this log.
Outcome<Done> believed(const std::string& where, const RosterShelf& shelf,
                       const CheckpointNote& note) {
  for (const RosterShelf::Entry& entry : shelf.entries())
    if (names_signer(entry.roster, note)) return Done{};
  return Problem{where, "a checkpoint is signed by a key the roster does not name",
                 "import a bundle with the roster that names it, if there is one"};
}

Outcome<Digest> root_at(VaultLog& log, const std::string& origin, std::uint64_t size) {
  CompactTree tree;
  RESGUARDO_CHECK(at("vault", log.leaves(origin, size, [&](std::uint64_t, const Digest& leaf) {
    tree.append(leaf);
    return success();
  })));
  return tree.root();
}

// The kept checkpoint with the signatures that were added to it.
Outcome<Done> keep(const std::string& where, const KeptCheckpoint& kept, const CheckpointNote& note,
                   VaultLog& log) {
  RESGUARDO_TRY(const auto ours, at("vault", parse_note(kept.note)));
  if (note.note.text != ours.text)
    return Problem{where, "is not the checkpoint that this vault keeps",
                   "have the witness sign what `log show` prints now"};
  KeptCheckpoint more = kept;
  more.note = serialise_note(note.note);
  RESGUARDO_TRY(auto update, at("vault", log.begin(kept.origin)));
  return at("vault", update.commit(more));
}

// What is printed: the note, or the note with the proof that was asked for.
Outcome<std::string> shown_text(const LogShowOptions& options, const KeptCheckpoint& kept,
                                VaultLog& log) {
  if (!options.extends) return kept.note;
  const std::uint64_t old_size = *options.extends;
  if (old_size > kept.size)
    return Problem{"--extends", "this vault's log has " + std::to_string(kept.size) + " entries",
                   "ask a member who has imported a newer bundle"};
  const auto ranges = consistency_ranges(old_size, kept.size);
  ProofMaker maker(ranges);
  RESGUARDO_CHECK(
      at("vault", log.leaves(kept.origin, kept.size, [&](std::uint64_t, const Digest& leaf) {
        maker.add(leaf);
        return success();
      })));
  RESGUARDO_TRY(auto path, at("vault", maker.proof()));
  return log_extension_text({old_size, std::move(path), kept.note});
}

}  // namespace

Outcome<Done> log_show(const LogShowOptions& options, Call& call) {
  RESGUARDO_TRY(auto vault, open_vault_of(options.vault, call));
  VaultLog log(vault);
  RESGUARDO_TRY(const auto kept, chosen(options, log));
  RESGUARDO_TRY(const RosterShelf shelf, at("vault", shelf_of(vault)));
  RESGUARDO_TRY(const auto note, at("vault", parse_checkpoint(kept.note)));
  const auto witnesses = witnesses_of(shelf, note);
  RESGUARDO_TRY(const std::string text, shown_text(options, kept, log));
  if (call.console.json())
    call.console.print(json::object{{"origin", program::json_text(kept.origin)},
                                    {"entries", kept.size},
                                    {"day", to_string(kept.day)},
                                    {"witnesses", witnesses_json(witnesses)},
                                    {"note", text}});
  else
    call.console.print(text);
  const std::string said = witnesses_text(witnesses);
  if (!call.console.json() && !said.empty()) call.console.note(said);
  return Done{};
}

Outcome<Done> log_compare(const LogCompareOptions& options, Call& call) {
  const std::string where = options.note.string();
  RESGUARDO_TRY(const auto text, program::read_file(options.note, kMaxNote));
  RESGUARDO_TRY(const auto note, at(where, parse_checkpoint(as_text(text)),
                                    "give what a colleague's `log show` printed"));
  RESGUARDO_TRY(auto vault, open_vault_of(options.vault, call));
  RESGUARDO_TRY(const RosterShelf shelf, at("vault", shelf_of(vault)));
  RESGUARDO_CHECK(believed(where, shelf, note));
  VaultLog log(vault);
  const Checkpoint& theirs = note.checkpoint;
  RESGUARDO_TRY(const auto kept, at("vault", log.kept(theirs.origin)));
  if (!kept)
    return Problem{where, "is of a log that this vault has not seen: " + theirs.origin,
                   "import a bundle of that server"};
  if (theirs.size > kept->size)
    return Problem{
        where,
        "goes further than this vault: " + entries(theirs.size) + ", here " + entries(kept->size),
        "let your colleague compare your `log show`, or import their bundle"};
  RESGUARDO_TRY(const Digest ours, root_at(log, theirs.origin, theirs.size));
  const auto day = checkpoint_day(theirs);
  const bool one_day_two_sizes = day && *day >= kept->day && theirs.size < kept->size;
  const bool forked = ours != theirs.root || one_day_two_sizes;
  if (call.console.json())
    call.console.print(json::object{{"origin", program::json_text(theirs.origin)},
                                    {"theirs", theirs.size},
                                    {"ours", kept->size},
                                    {"witnesses", witnesses_json(witnesses_of(shelf, note))},
                                    {"forked", forked}});
  if (forked)
    return Problem{where,
                   "THE LOG FORKED: you and your colleague were shown two histories, of " +
                       entries(theirs.size) + " and of " + entries(kept->size),
                   "keep both checkpoints: together they prove it; tell the authority"};
  const std::string said = witnesses_text(witnesses_of(shelf, note));
  if (!call.console.json())
    call.console.print("consistent: their " + entries(theirs.size) + " are the first of the " +
                       std::to_string(kept->size) + " here" + (said.empty() ? "" : "; " + said) +
                       "\n");
  return options.keep ? keep(where, *kept, note, log) : Done{};
}

}  // namespace resguardo::analyst
