// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/log_key_file.h"
#include "bot/commands/operations.h"
#include "storage/store_lock.h"

namespace resguardo::commands {

using program::Outcome;

Outcome<pb::ControlResult> perform(const Owner& owner, const pb::ControlRequest& request,
                                   const control::NextPart& next) {
  switch (request.command_case()) {
    case pb::ControlRequest::kExport:
      return operations::export_reports(owner, request.export_(), next);
    case pb::ControlRequest::kStatus:
      return operations::status(owner);
    case pb::ControlRequest::kInstallAck:
      return operations::install_ack(owner, request.install_ack());
    case pb::ControlRequest::kRetention:
      return operations::retention(owner, request.retention());
    case pb::ControlRequest::kBackup:
      return operations::backup(owner, next);
    case pb::ControlRequest::kCheck:
      return operations::check(owner, request.check());
    case pb::ControlRequest::kRekey:
      return operations::rekey(owner);
    case pb::ControlRequest::kDeliver:
      return operations::deliver(owner, request.deliver());
    case pb::ControlRequest::COMMAND_NOT_SET:
      break;
  }
  return program::Problem{"the server", "does not know this command",
                          "it may be of another release: restart it"};
}

Outcome<pb::ControlResult> perform_or_ask(const config::Config& config,
                                          const pb::ControlRequest& request,
                                          const control::NextPart& next) {
  {
    const auto lock = storage::StoreLock::acquire(config.store.directory);
    if (!lock.ok() && lock.error().fault == Fault::kConflict)
      return control::ask(config.store.directory, request, next);
  }
  SystemRandom ids;
  const TimePoint now = SystemClock().now();
  RESGUARDO_TRY(const auto installation, open_installation(config, now, ids));
  RESGUARDO_TRY(const auto log_key,
                program::at(config.store.directory.string(),
                            open_log_key(config.store.directory, installation.master)));
  return perform({config, installation, log_key, ids, now, {}}, request, next);
}

}  // namespace resguardo::commands
