// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "crypto/base/secret_text.h"

namespace resguardo::gateway {

// JSON text in which each escaped surrogate without its other half is written \ufffd instead.
// nullopt: there is none, use `text` itself. Messengers do send them (a name cut in the middle of
// an emoji), and Boost.JSON refuses the whole body for one.
std::optional<SecretBuffer> replace_lone_surrogates(ByteView text);

}  // namespace resguardo::gateway
