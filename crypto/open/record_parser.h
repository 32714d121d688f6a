// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"
#include "proto/record.pb.h"

namespace resguardo::open {

// Bounds of what a record may hold. What this server writes stays far below them.
constexpr int kMaxEntries = 512;
constexpr int kMaxListed = 256;                       // codes, consents, a repeat path's steps
constexpr std::size_t kMaxCode = 512;                 // codes, names of nodes, languages
constexpr std::int64_t kMaxTimeMs = 253402300800000;  // the year 10000

// What an opened record says. Anyone can seal to a public key: `bytes` is hostile input, also on
// the air-gapped machine.
//
// Promises: canonical form; UTF-8 everywhere (NUL and control characters included: showing them
// is the caller's care); ids, keys and digests of their lengths or absent where that is allowed;
// coordinates on the globe; each entry says one thing. kMalformed otherwise.
// WARNING: the message's strings are ordinary memory, wiped only where resguardo::wiping is linked.
Result<pb::Record> parse_record(const SecretBuffer& bytes);

}  // namespace resguardo::open
