// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"
#include "storage/key_ring.h"

namespace resguardo::storage {

SecretBytes test_master_key();  // the same at every call

// The keys of a store in `directory`; keys and store are made as far as they are not there, also
// after a run that was cut short.
Result<std::unique_ptr<KeyRing>> ensure_store(const std::filesystem::path& directory);

}  // namespace resguardo::storage
