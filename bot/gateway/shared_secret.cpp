// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/shared_secret.h"

namespace resguardo::gateway {

SecretBuffer SharedSecret::copy() const {
  return bytes_.read([](ByteView bytes) { return SecretBuffer(bytes); });
}

}  // namespace resguardo::gateway
