// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace resguardo::program {

// `text` as a QR code (ISO/IEC 18004, error correction M, byte mode), drawn as one SVG element with
// a quiet zone. kRefused: too long for one code (2,331 bytes).
Result<std::string> qr_code_svg(std::string_view text);

}  // namespace resguardo::program
