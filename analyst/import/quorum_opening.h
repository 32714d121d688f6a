// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "analyst/vault/vault.h"
#include "crypto/open/analyst_keys.h"
#include "crypto/open/quorum.h"
#include "crypto/open/quorum_files.h"

namespace resguardo::analyst {

// Streams of a report in a vault that only a quorum opens and that nobody opened here yet, in the
// order of a request's items.
Result<std::vector<open::QuorumItem>> sealed_streams(Vault& vault, const ReportId& report);

// Of a segment that is in the vault. kNotFound: it is not, or the stream is for no quorum.
Result<open::QuorumStream> quorum_stream(Vault& vault, const open::QuorumItem& item);

// Opens the rows of one stream with the key that a quorum made, puts the records into the vault as
// an import would, and keeps the key. Within the transaction of the Vault::Addition.
struct StreamOpened {
  std::uint64_t rows = 0;    // that opened
  std::uint64_t sealed = 0;  // that are here; more than opened: unreadable from there
};
Result<StreamOpened> open_stream(Vault& vault, Vault::Addition& into, const open::QuorumItem& item,
                                 const SecretBytes& key, const open::AnalystKeys& keys);

}  // namespace resguardo::analyst
