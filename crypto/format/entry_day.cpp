// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/entry_day.h"

#include "crypto/format/strict_parse.h"
#include "proto/log.pb.h"

namespace resguardo {

Result<Bytes> entry_on(ByteView entry, Day day) {
  RESGUARDO_TRY(auto parsed, parse_strict<pb::LogEntry>(entry));
  parsed.set_day(day.number);
  return serialize_canonical(parsed);
}

}  // namespace resguardo
