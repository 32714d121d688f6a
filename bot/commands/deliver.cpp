// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "bot/commands/commands.h"
#include "bot/commands/operations.h"
#include "crypto/mailbox/reply.h"
#include "program/output_file.h"

namespace resguardo::commands {
namespace {

using program::Outcome;

Outcome<pb::ControlResult> send_replies(const InstallOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  RESGUARDO_TRY(const Bytes file, program::read_file(options.file, kMostReplyBundle));
  pb::ControlRequest request;
  request.mutable_deliver()->set_file(to_string(file));
  request.mutable_deliver()->set_name(options.file.string());
  return perform_or_ask(config, request, [](std::uint32_t) -> Result<std::ostream*> {
    return Error{Fault::kRefused, "this command has no files"};
  });
}

std::string delivered_text(const pb::ControlResult::Deliver& said) {
  std::string text = std::to_string(said.added()) + " new, " + std::to_string(said.known()) +
                     " known already, " + std::to_string(said.unknown()) + " for nobody here";
  if (said.full() > 0)
    text += ", " + std::to_string(said.full()) + " not kept: too many wait for that reporter";
  text += ".\n";
  if (said.unknown() > 0)
    text +=
        "For nobody: the report was erased or taken back, or this server was restored from "
        "before it.\n";
  return text;
}

}  // namespace

program::ExitCode deliver(const InstallOptions& options, program::Console& console) {
  const auto done = send_replies(options);
  if (!done.ok()) return console.fail(done.error());
  const auto& said = done->deliver();
  if (console.json()) {
    console.print(boost::json::object{{"new", said.added()},
                                      {"known", said.known()},
                                      {"forNobody", said.unknown()},
                                      {"notKept", said.full()}});
  } else {
    console.print(delivered_text(said));
  }
  return console.finish();
}

}  // namespace resguardo::commands
