// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>
#include <optional>

#include "analyst/commands/bundles.h"
#include "analyst/commands/damage_text.h"
#include "analyst/commands/log_text.h"
#include "analyst/import/bundle_check.h"
#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::Outcome;

std::string counted(std::uint64_t number, const char* what) {
  return std::to_string(number) + " " + what;
}

void print_json(const BundleFindings& found, bool root_given, Call& call) {
  json::object object{{"bundle", to_hex(as_bytes(found.bundle_id))},
                      {"part", found.part},
                      {"origin", program::json_text(found.origin)},
                      {"made", to_string(found.made)},
                      {"whole", !found.damage.has_value()},
                      {"rosters", found.rosters},
                      {"questionnaires", found.forms},
                      {"reports", found.reports},
                      {"segments", found.segments},
                      {"rows", found.rows},
                      {"logEntries", found.log_entries},
                      {"files", found.files},
                      {"mediaChunks", found.media_chunks},
                      {"filesThatDidNotCome", found.files_absent},
                      {"addendaThatDidNotCome", found.addenda_absent},
                      {"filesOfNobody", found.nobodys_files},
                      {"reportsThatFitTheLog", found.logged},
                      {"reportsNotInTheLog", found.not_logged},
                      {"reportsThatDifferFromTheLog", found.log_differs},
                      {"reportsThatGoOnInAnotherPart", found.goes_on_elsewhere},
                      {"lastPart", found.last_part},
                      {"reportsThatDidNotCome", found.absent.size()},
                      {"log", log_json(found.log)}};
  object["rostersChecked"] = root_given;
  object["segmentsUnderUnknownRosters"] =
      root_given ? json::value(found.unknown_roster) : json::value(nullptr);
  object["segmentsForOtherMembers"] =
      root_given ? json::value(found.other_members) : json::value(nullptr);
  if (found.damage) object["damage"] = damage_json(*found.damage);
  call.console.print(object);
}

void print_text(const BundleFindings& found, bool root_given, Call& call) {
  std::string text;
  const bool split = !found.damage && (found.part > 0 || !found.last_part);
  text += "frames         " + std::string(found.damage ? "damaged" : "whole") + ": " +
          (split ? "part " + std::to_string(std::uint64_t{found.part} + 1) +
                       (found.last_part ? ", the last, " : " of several, ")
                 : "") +
          counted(found.reports, "reports, ") + counted(found.segments, "segments, ") +
          counted(found.rows, "rows, made on ") + to_string(found.made) + "\n";
  text += "log            " + counted(found.logged, "reports fit, ") +
          counted(found.not_logged, "are not in it, ") + counted(found.log_differs, "differ") +
          (found.goes_on_elsewhere > 0
               ? counted(found.goes_on_elsewhere, "go on in another part").insert(0, ", ")
               : "") +
          "; " + counted(found.absent.size(), "that it names are not in this file\n");
  text += "               " + log_line(found.log) + "\n";
  for (const std::string& line : restart_lines(found.log)) text += "               " + line + "\n";
  for (const std::string& line : broken_promises(found.log))
    text += "               " + line + "\n";
  if (found.files + found.files_absent + found.addenda_absent > 0)
    text += "files          " + counted(found.files, "in ") +
            counted(found.media_chunks, "chunks; ") +
            counted(found.addenda_absent,
                    split ? "are not in this part, " : "that the log names did not come, ") +
            counted(found.files_absent, "addenda not compared with the log\n");
  if (root_given)
    text += "rosters        " + counted(found.rosters, "signed by this root; ") +
            counted(found.unknown_roster, "segments under others, ") +
            counted(found.other_members, "sealed for other members\n");
  else
    text += "rosters        " + counted(found.rosters, "not checked: give --root\n");
  text += "not checked    whether it opens (no key was used)\n";
  call.console.print(text);
}

Outcome<BundleFindings> walk_bundle(const std::filesystem::path& bundle, RosterShelf* shelf,
                                    Call& call) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(bundle, failed);
  auto progress =
      call.console.progress("checking " + bundle.filename().string(), failed ? 0 : size);
  BundleCheck check(shelf, nullptr);
  check.tell([&](const BundlePlace& place) { progress.at(place.offset); });
  return check.run(bundle);
}

}  // namespace

Outcome<Done> verify_bundle(const VerifyOptions& options, Call& call) {
  std::optional<RosterShelf> shelf;
  if (!options.root.empty()) {
    RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
    shelf.emplace(root);
  }
  RESGUARDO_TRY(const BundleFindings found,
                walk_bundle(options.bundle, shelf ? &*shelf : nullptr, call));
  if (call.console.json())
    print_json(found, shelf.has_value(), call);
  else
    print_text(found, shelf.has_value(), call);
  const auto bad = [&](std::string what, std::string mend) {
    return program::Problem{options.bundle.string(), std::move(what), std::move(mend)};
  };
  if (found.nobodys_place)
    return bad(counted(found.nobodys_files, "files are named by no segment, the first at ") +
                   place_text(*found.nobodys_place),
               "keep it, and tell your colleagues: no server writes this");
  if (found.damage) return bad(damage_text(*found.damage), "get it again");
  if (found.log_differs > 0)
    return bad(counted(found.log_differs, "reports are not what the log says"),
               "keep it, and tell your colleagues: the server or the way here changed them");
  if (found.unknown_roster + found.other_members > 0)
    return bad(counted(found.unknown_roster + found.other_members,
                       "segments are sealed for others than the roster says"),
               "ask the authority which rosters it signed");
  return Done{};
}

}  // namespace resguardo::analyst
