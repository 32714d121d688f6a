// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::storage {

// A closed report's segment header at rest: nonce(24) ‖ XChaCha20-Poly1305, under a key derived
// from the report's slot key; report, ordinal and the header's digest are authenticated, so that no
// header opens in another's place. Once the slot key is gone nobody can open it, the analysts for
// whom the envelopes inside are sealed included (docs/adr/133).
struct HeaderPlace {
  ReportId report;
  std::uint32_t ordinal = 0;
  Digest segment;
};
Result<Bytes> wrap_header(ByteView header, const HeaderPlace& place, const SecretBytes& slot_key);
// kUnauthentic: another key, another place, or changed.
Result<Bytes> unwrap_header(ByteView wrapped, const HeaderPlace& place,
                            const SecretBytes& slot_key);

}  // namespace resguardo::storage
