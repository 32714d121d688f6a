// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "bot/commands/commands.h"
#include "bot/commands/operations.h"

namespace resguardo::commands {
namespace {

program::Outcome<pb::ControlResult> ask_rekey(const ConfigOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  pb::ControlRequest request;
  request.mutable_rekey();
  return perform_or_ask(config, request, [](std::uint32_t) -> Result<std::ostream*> {
    return Error{Fault::kRefused, "a rekey has no files"};
  });
}

}  // namespace

program::ExitCode rekey(const ConfigOptions& options, program::Console& console) {
  const auto done = ask_rekey(options);
  if (!done.ok()) return console.fail(done.error());
  if (console.json()) {
    console.print(boost::json::object{{"server_running", done->rekey().serving()}});
  } else {
    console.print(std::string_view(
        "The report store has another key; the one before is destroyed. On flash that is best "
        "effort."
        "\nBackups of before this moment hold the key of before, under the master key: make a new "
        "one,\nand destroy those that need not be kept.\n"));
  }
  return console.finish();
}

}  // namespace resguardo::commands
