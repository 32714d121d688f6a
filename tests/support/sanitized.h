// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

namespace resguardo::testing_support {

// Whether this build runs under a sanitizer, whose memory is its own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace resguardo::testing_support
