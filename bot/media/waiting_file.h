// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/gateway/files.h"
#include "crypto/base/result.h"
#include "storage/media_store.h"

namespace resguardo::media {

// A file that a turn took for its report and that is still with its messenger: what
// pb::PendingMedia says. No address of a person is in it.
struct WaitingFile {
  MediaId media;
  ReportId report;
  Day day;              // of the turn
  std::string gateway;  // Gateway::name()
  gateway::FileTold told;
  std::string mime;
  std::string file_name;
  std::string node;
  std::vector<std::uint32_t> instance;
  bool voice = false;
  bool forwarded = false;
  bool identity = false;  // what was said of it is in the identity stream, and so will the rest be
  Digest questionnaire;   // of the report
};

// Exact bytes of pb::PendingMedia.
Bytes write_waiting(const WaitingFile& file);
// kMalformed: not written by write_waiting().
Result<WaitingFile> read_waiting(const storage::PendingMedia& row);

}  // namespace resguardo::media
