// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "bot/commands/bundle_export.h"
#include "bot/commands/commands.h"
#include "bot/commands/installation.h"
#include "program/output_file.h"

namespace resguardo::commands {
namespace {

using program::Outcome;

Outcome<ExportTotals> run(const ExportOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  RESGUARDO_TRY(auto file, program::OutputFile::create(options.out));
  SystemRandom ids;
  const TimePoint now = SystemClock().now();
  RESGUARDO_TRY(const auto installation, open_installation(config, now, ids));
  RESGUARDO_TRY(const auto totals,
                program::at(options.out.string(),
                            write_bundle(*installation.store, now, ids, file.stream())));
  RESGUARDO_CHECK(file.commit());
  return totals;
}

}  // namespace

program::ExitCode export_bundle(const ExportOptions& options, program::Console& console) {
  const auto totals = run(options);
  if (!totals.ok()) return console.fail(totals.error());
  if (console.json()) {
    console.print(boost::json::object{{"bundle", options.out.string()},
                                      {"reports", totals->reports},
                                      {"segments", totals->segments},
                                      {"rows", totals->rows}});
  } else {
    console.print("Wrote " + options.out.string() + ": " + std::to_string(totals->reports) +
                  " reports, " + std::to_string(totals->segments) + " segments, " +
                  std::to_string(totals->rows) + " sealed rows. It holds ciphertext only.\n");
  }
  return console.finish();
}

}  // namespace resguardo::commands
