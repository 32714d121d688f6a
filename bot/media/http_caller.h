// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "bot/media/caller.h"
#include "crypto/base/result.h"

namespace resguardo::media {

// Over HTTP, with a client of its own: while a piece is sealed and written nothing else waits for
// it, and nothing more of it is read.
class HttpCaller : public Caller {
 public:
  static Result<std::unique_ptr<HttpCaller>> create(const std::string& ca_file);
  // From any thread: what is under way ends without an answer, and so does all that follows.
  virtual void stop() = 0;
};

}  // namespace resguardo::media
