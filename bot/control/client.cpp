// SPDX-License-Identifier: AGPL-3.0-or-later
#include <sys/socket.h>

#include <ostream>

#include "bot/control/control.h"
#include "bot/control/wire.h"

namespace resguardo::control {
namespace {

using program::Outcome;
using program::Problem;

Outcome<Descriptor> connect_to(const std::filesystem::path& directory) {
  Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto name = socket_name(directory);
  const auto* address = reinterpret_cast<const sockaddr*>(&name.address);
  if (!connection.is_open() || ::connect(connection.get(), address, sizeof name.address) != 0)
    return Problem{directory.string(), "another process holds this store, and answers no commands",
                   "if it is another command, wait for its end; if it is the server, see whether "
                   "this user may ask it (the same user, or root)"};
  return connection;
}

Problem cut(const std::filesystem::path& directory) {
  return {directory.string(), "the server ended the connection before the work was done",
          "nothing was written; see the server's log and try again"};
}

Problem told(const pb::ControlProblem& problem) {
  return {problem.where(), problem.what(), problem.mend(),
          problem.usage() ? program::ExitCode::kUsage : program::ExitCode::kFailed};
}

}  // namespace

Outcome<pb::ControlResult> ask(const std::filesystem::path& directory,
                               const pb::ControlRequest& request, const NextPart& next) {
  const WithoutSigpipe quiet;
  RESGUARDO_TRY(const auto connection, connect_to(directory));
  Wire wire(connection.get());
  if (!wire.send(request)) return cut(directory);
  std::ostream* part = nullptr;
  for (pb::ControlFrame frame; wire.receive(frame); frame.Clear()) {
    switch (frame.body_case()) {
      case pb::ControlFrame::kNextPart: {
        const auto opened = next(frame.next_part());
        if (!opened.ok()) return program::problem(opened.error(), "");
        part = *opened;
        break;
      }
      case pb::ControlFrame::kData:
        if (part == nullptr) return cut(directory);
        part->write(frame.data().data(), static_cast<std::streamsize>(frame.data().size()));
        break;
      case pb::ControlFrame::kResult:
        return std::move(*frame.mutable_result());
      case pb::ControlFrame::kProblem:
        return told(frame.problem());
      case pb::ControlFrame::BODY_NOT_SET:
        return cut(directory);
    }
  }
  return cut(directory);
}

}  // namespace resguardo::control
