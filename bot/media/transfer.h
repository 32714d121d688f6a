// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bot/media/caller.h"
#include "bot/media/waiting_file.h"
#include "crypto/seal/media_writer.h"

namespace resguardo::media {

// A file that came whole and is sealed on disk. The store keeps it as long as this lives.
struct Kept {
  std::unique_ptr<storage::MediaFile> file;
  std::optional<SealedMedia> sealed;  // its key goes as soon as it is in the record
};
struct Transferred {
  gateway::FileOutcome outcome;
  bool answered = false;           // the last call had an answer
  std::optional<Error> ours = {};  // it is we who failed: the disk, locked memory
  std::optional<Kept> kept = {};   // with kWhole
};

struct TransferParts {
  const gateway::FileSource& source;
  const std::string& api_base;
  Caller& caller;
  storage::MediaStore& store;
  std::uint64_t most;  // bytes of a file
  Day today;
};

// One try to bring one file from its messenger to the disk: sealed as it comes, chunk by chunk, in
// constant memory, nothing of it in the clear anywhere but in the piece at hand. What does not turn
// out to be the file is thrown away. Waits for the network.
Transferred transfer(const WaitingFile& file, const TransferParts& parts);

}  // namespace resguardo::media
