// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "analyst/vault/vault_custody.h"
#include "program/problem.h"

namespace resguardo::analyst {

// The signature of a vault over the manifest of an export, as it lies beside it
// (OUT.manifest.json.sig): one line of JSON, bytes in hexadecimal. With it anybody can see which
// member's vault the export was made of, and that no file of it was changed since, without the
// vault.
constexpr const char* kSignatureSuffix = "manifest.json.sig";
constexpr const char* kSignatureSchema = "resguardo-export-signature/1";
constexpr std::size_t kMaxSignatureText = 65'536;

std::string signature_text(const CustodySignature& signature);
// kMalformed: no such text, in the one way in which it is written. Everything in it is hostile.
Result<CustodySignature> parse_signature(std::string_view text);

}  // namespace resguardo::analyst
