// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/last_export.h"

namespace resguardo::commands {
namespace {

constexpr std::string_view kLastExport = "last_export";

}  // namespace

Result<std::optional<Day>> last_export(storage::Store& store) {
  RESGUARDO_TRY(const auto fact, store.fact(kLastExport));
  if (!fact) return std::optional<Day>();
  const auto day = parse_day(as_text(*fact));
  if (!day) return Error{Fault::kMalformed, "the day of the last export cannot be read"};
  return day;
}

Status note_export(storage::Store& store, Day day) {
  return store.set_fact(kLastExport, as_bytes(to_string(day)));
}

}  // namespace resguardo::commands
