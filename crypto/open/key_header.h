// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/result.h"
#include "crypto/open/locked_key.h"
#include "proto/key_file.pb.h"

namespace resguardo::open {

// Between what a key file's header says on the wire and KeyNotice. Each kind has exactly its
// fields: any other combination is kMalformed.
pb::KeyFileHeader header_of(const KeyNotice& notice);
Result<KeyNotice> notice_of(const pb::KeyFileHeader& header);

bool locked_by_passphrase(KeyKind kind);  // or under a wrapping key
std::size_t secret_size(KeyKind kind);

}  // namespace resguardo::open
