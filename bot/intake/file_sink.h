// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bot/dialogue/step.h"
#include "bot/gateway/event.h"
#include "storage/media_store.h"

namespace resguardo::intake {

// Where files go that people send: to whoever fetches them. All calls return at once; thread-safe.
class FileSink {
 public:
  virtual ~FileSink() = default;
  // The most bytes that are taken of one file that came this way.
  virtual std::uint64_t most_bytes(gateway::Channel channel) const = 0;
  // A turn has taken this file, and is on disk.
  virtual void taken(storage::PendingMedia row) = 0;
  // A file that is not taken: the messenger's own copy is to go.
  virtual void refused(gateway::Channel channel, const std::string& reference) = 0;
};

// Whether a file is taken, by what its message told of it: not if it says itself that it is longer
// than `most`, nor a program. Types are the sender's word: this only spares people a wait.
dialogue::FileRefusal refusal_of(const gateway::Media& file, std::uint64_t most);

}  // namespace resguardo::intake
