// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "bot/gateway/files.h"

namespace resguardo::media {

// Makes one call at a time, and waits for what comes of it. One thread's.
class Caller {
 public:
  using OnPiece = std::function<bool(ByteView piece)>;  // false: no more is wanted
  virtual ~Caller() = default;
  // With `on_piece` the body of a 2xx goes there as it arrives, and is not kept; calls of it are
  // over when this returns. It may block: then nothing more is read of the answer.
  virtual gateway::CallAnswer call(const std::string& base, gateway::OutboundCall call,
                                   std::size_t answer_limit, OnPiece on_piece) = 0;
};

}  // namespace resguardo::media
