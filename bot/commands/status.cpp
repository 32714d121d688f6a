// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <boost/json.hpp>

#include "bot/commands/commands.h"
#include "bot/commands/operations.h"

namespace resguardo::commands {
namespace {

program::Outcome<pb::ControlResult> ask_status(const ConfigOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  pb::ControlRequest request;
  request.mutable_status();
  return perform_or_ask(config, request, [](std::uint32_t) -> Result<std::ostream*> {
    return Error{Fault::kRefused, "a status has no files"};
  });
}

boost::json::object status_json(const pb::ControlResult::Status& status) {
  boost::json::array lines;
  for (const auto& line : status.lines())
    lines.push_back(
        boost::json::object{{"name", line.name()}, {"value", line.value()}, {"mend", line.mend()}});
  return {{"serving", status.serving()}, {"lines", std::move(lines)}};
}

std::string as_page(const pb::ControlResult::Status& status) {
  std::size_t widest = 0;
  for (const auto& line : status.lines()) widest = std::max(widest, line.name().size());
  std::string page;
  for (const auto& line : status.lines()) {
    page.append(line.name()).append(widest + 2 - line.name().size(), ' ').append(line.value());
    page.append("\n");
    if (!line.mend().empty())
      page.append(widest + 2, ' ').append("! ").append(line.mend()).append("\n");
  }
  return page;
}

}  // namespace

program::ExitCode status(const ConfigOptions& options, program::Console& console) {
  const auto looked = ask_status(options);
  if (!looked.ok()) return console.fail(looked.error());
  if (console.json()) {
    console.print(status_json(looked->status()));
  } else {
    console.print(as_page(looked->status()));
  }
  return console.finish();
}

}  // namespace resguardo::commands
