// SPDX-License-Identifier: AGPL-3.0-or-later
// `ack install` and `retention`.
#include <boost/json.hpp>

#include "bot/commands/commands.h"
#include "bot/commands/operations.h"
#include "crypto/log/acknowledgement.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::commands {
namespace {

using program::Outcome;
using Page = pb::ControlResult::Retention;

Outcome<pb::ControlResult> ask_without_files(const config::Path& file,
                                             const pb::ControlRequest& request) {
  RESGUARDO_TRY(const auto config, require_config(file));
  return perform_or_ask(config, request, [](std::uint32_t) -> Result<std::ostream*> {
    return Error{Fault::kRefused, "this command has no files"};
  });
}

Outcome<pb::ControlResult> send_ack(const InstallOptions& options) {
  RESGUARDO_TRY(const Bytes file, program::read_file(options.file, kMaxAcknowledgementFile));
  pb::ControlRequest request;
  request.mutable_install_ack()->set_file(to_string(file));
  request.mutable_install_ack()->set_name(options.file.string());
  return ask_without_files(options.config, request);
}

boost::json::object ack_json(const pb::ControlResult::InstallAck& said) {
  return {{"member", said.member()},   {"day", to_string(Day{said.day()})},
          {"reports", said.reports()}, {"withoutIdentity", said.without_identity()},
          {"notWhole", said.partly()}, {"segmentsNotHere", said.unknown()}};
}

std::string ack_text(const pb::ControlResult::InstallAck& said) {
  std::string text = program::visible(said.member()) + " has opened " +
                     std::to_string(said.reports()) + " reports";
  if (said.without_identity() > 0)
    text += ", " + std::to_string(said.without_identity()) + " of them without the identity";
  text += ".\n";
  if (said.partly() > 0)
    text += std::to_string(said.partly()) +
            " reports do not count: not all of what is here was opened, or more has come since.\n";
  if (said.unknown() > 0)
    text +=
        std::to_string(said.unknown()) + " segments are not here: gone, or of another server.\n";
  return text + "`resguardo-bot retention --dry-run` shows what goes when.\n";
}

std::string short_of(const Page& page, std::uint32_t said) {
  return std::to_string(said) + " of " + std::to_string(page.needed());
}

std::string when(const Page& page, const Page::Report& report) {
  if (!report.has_due()) return "waits";
  const int days = report.due() - page.today();
  if (days <= 0) return to_string(Day{report.due()}) + ", due";
  return to_string(Day{report.due()}) + ", in " + std::to_string(days) + " days";
}

std::string rule_of(const Page& page) {
  std::string rule = "A report goes " + std::to_string((page.hours() + 23) / 24) + " days after " +
                     std::to_string(page.needed()) +
                     " members have acknowledged both its streams.\n";
  if (page.active() < page.needed())
    rule += "The roster has " + std::to_string(page.active()) +
            " active analysts: nothing will ever go.\n";
  return rule;
}

std::string retention_text(const Page& page, bool dry_run) {
  std::string text = rule_of(page);
  if (!dry_run) {
    text += "Erased " + std::to_string(page.erased()) + " reports.\n";
    if (page.left() > 0)
      text += std::to_string(page.left()) +
              " are due and stay: damaged, or their reporters are back.\n";
    return text + std::to_string(page.reports_size()) + " reports stay.\n";
  }
  if (page.reports_size() == 0) return text + "There is no report.\n";
  program::Table table({"report", "closed", "testimony", "identity", "goes"});
  for (const auto& one : page.reports())
    table.add({to_hex(as_bytes(one.report())).substr(0, 8), to_string(Day{one.closed()}),
               short_of(page, one.testimony()), short_of(page, one.identity()), when(page, one)});
  return text + "\n" + table.text() + "\nNothing was erased.\n";
}

boost::json::object retention_json(const Page& page, bool dry_run) {
  boost::json::array reports;
  for (const auto& one : page.reports())
    reports.push_back(
        boost::json::object{{"report", to_hex(as_bytes(one.report()))},
                            {"closed", to_string(Day{one.closed()})},
                            {"testimony", one.testimony()},
                            {"identity", one.identity()},
                            {"goes", one.has_due() ? boost::json::value(to_string(Day{one.due()}))
                                                   : boost::json::value(nullptr)}});
  return {{"dryRun", dry_run},
          {"acknowledgements", page.needed()},
          {"hours", page.hours()},
          {"activeAnalysts", page.active()},
          {"erased", page.erased()},
          {"left", page.left()},
          {"reports", std::move(reports)}};
}

}  // namespace

program::ExitCode install_ack(const InstallOptions& options, program::Console& console) {
  const auto done = send_ack(options);
  if (!done.ok()) return console.fail(done.error());
  if (console.json()) {
    console.print(ack_json(done->install_ack()));
  } else {
    console.print(ack_text(done->install_ack()));
  }
  return console.finish();
}

program::ExitCode retention(const RetentionOptions& options, program::Console& console) {
  pb::ControlRequest request;
  request.mutable_retention()->set_dry_run(options.dry_run);
  const auto done = ask_without_files(options.config, request);
  if (!done.ok()) return console.fail(done.error());
  if (console.json()) {
    console.print(retention_json(done->retention(), options.dry_run));
  } else {
    console.print(retention_text(done->retention(), options.dry_run));
  }
  return console.finish();
}

}  // namespace resguardo::commands
