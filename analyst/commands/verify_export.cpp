// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/commands/export_signature.h"
#include "analyst/commands/incidents.h"
#include "analyst/export/export_check.h"
#include "analyst/import/roster_shelf.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::Outcome;
using program::Problem;

boost::json::array names_json(const std::vector<std::string>& names) {
  boost::json::array array;
  for (const std::string& name : names) array.emplace_back(program::json_text(name));
  return array;
}

void print_check(const ExportCheck& check, Call& call) {
  if (call.console.json())
    return call.console.print(boost::json::object{{"format", program::json_text(check.format)},
                                                  {"purpose", program::json_text(check.purpose)},
                                                  {"reports", check.reports},
                                                  {"files", check.files},
                                                  {"changed", names_json(check.changed)},
                                                  {"missing", names_json(check.missing)},
                                                  {"strange", names_json(check.strange)}});
  std::string text = program::visible(check.format) + ", for " + program::visible(check.purpose) +
                     ": " + std::to_string(check.reports) + " reports, " +
                     std::to_string(check.files) + " files\n";
  const auto add = [&](const char* what, const std::vector<std::string>& names) {
    for (const std::string& name : names) text += what + program::visible(name) + "\n";
  };
  add("changed: ", check.changed);
  add("missing: ", check.missing);
  add("not of this export: ", check.strange);
  call.console.print(text);
}

// The name of the member whose own key certified the vault's, by the roster.
Outcome<std::string> signer_of(const CustodySignature& signature, const PublicKey<AnalystRole>& own,
                               const VerifyExportOptions& options, Call& call) {
  if (options.roster.empty()) return to_hex(signature.member.view());
  const std::string where = options.roster.string();
  RESGUARDO_TRY(const Bytes file, read_text_file(options.roster));
  RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
  RESGUARDO_TRY(const auto roster, program::at(where, verify_alone(file, root, call.now)));
  for (const auto& member : roster.members())
    if (member.id == signature.member && member.key == own) return member.label;
  return Problem{where, "names nobody with the key that signed this export",
                 "is it the roster of that organisation?"};
}

Outcome<Done> check_signature(const ExportCheck& check, const VerifyExportOptions& options,
                              Call& call) {
  std::filesystem::path path = manifest_of(options.out);
  path += ".sig";
  std::error_code none;
  if (!std::filesystem::exists(path, none)) {
    if (!options.roster.empty())
      return Problem{path.string(), "is not there: nobody signed this export", ""};
    call.console.note(
        "nobody signed this export: who changed a file can have changed its manifest");
    return Done{};
  }
  RESGUARDO_TRY(const Bytes text, program::read_file(path, kMaxSignatureText));
  RESGUARDO_TRY(const auto signature, program::at(path.string(), parse_signature(as_text(text))));
  RESGUARDO_TRY(const auto own,
                program::at(path.string(), check_custody_signature(signature, Label::kSignExport,
                                                                   check.manifest)));
  RESGUARDO_TRY(const std::string signer, signer_of(signature, own, options, call));
  call.console.note("signed in the vault of " + program::visible(signer) +
                    (options.roster.empty() ? "; whose that is, --roster says" : ""));
  return Done{};
}

}  // namespace

Outcome<Done> verify_export(const VerifyExportOptions& options, Call& call) {
  RESGUARDO_TRY(const ExportCheck check, check_export(options.out, options.media));
  print_check(check, call);
  if (!check.whole())
    return Problem{options.out.string(), "is not as it was written",
                   "take it from whoever exported it, or export again"};
  return check_signature(check, options, call);
}

}  // namespace resguardo::analyst
