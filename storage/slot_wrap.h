// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::storage {

// Something of a closed report at rest: nonce(24) ‖ XChaCha20-Poly1305, under a key derived from
// the report's slot key for this `kind` of thing; `place` is authenticated, so that nothing opens
// where it does not belong. Once the slot key is gone nobody can open it (docs/adr/133).
Result<Bytes> wrap_under_slot(ByteView plain, std::string_view kind, ByteView place,
                              const SecretBytes& slot_key);
// kUnauthentic: another key, kind or place, or changed.
Result<Bytes> unwrap_under_slot(ByteView wrapped, std::string_view kind, ByteView place,
                                const SecretBytes& slot_key);

}  // namespace resguardo::storage
