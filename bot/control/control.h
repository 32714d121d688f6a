// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>

#include "crypto/base/result.h"
#include "program/problem.h"
#include "proto/control.pb.h"

// One process holds a store (docs/adr/020). A command that needs it asks that process through
// DIR/control.sock: mode 0600, and whoever connects must be the same user or root (SO_PEERCRED,
// unix(7)). Files that a command writes are written by the command, under its own user and beside
// its own working directory; the server sends their bytes. No key, and nothing about a person,
// goes through the socket.
namespace resguardo::control {

// Where a file goes that the work makes: asked for 0, 1, 2 …, each when the one before is whole.
using NextPart = std::function<Result<std::ostream*>(std::uint32_t part)>;
using Handler = std::function<program::Outcome<pb::ControlResult>(const pb::ControlRequest& request,
                                                                  const NextPart& next)>;

class Server {
 public:
  // In a directory whose store this process holds; a socket that is left from another is replaced.
  // `handler` is called on threads of the server's own, at most kAtOnce at a time; who comes then
  // waits. A client that stops reading or writing for half a minute is left.
  static Result<std::unique_ptr<Server>> start(const std::filesystem::path& directory,
                                               Handler handler);
  static constexpr int kAtOnce = 4;
  // Cuts connections off, waits for handlers under way, removes the socket.
  virtual ~Server() = default;
};

// Asks the process that holds the store of `directory`, and waits for it.
program::Outcome<pb::ControlResult> ask(const std::filesystem::path& directory,
                                        const pb::ControlRequest& request, const NextPart& next);

}  // namespace resguardo::control
