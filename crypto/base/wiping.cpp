// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/wiping.h"

#include <malloc.h>
#include <string.h>  // NOLINT(modernize-deprecated-headers): explicit_bzero is not in <cstring>

#include <algorithm>
#include <cstdlib>

namespace resguardo {

void* wiping_malloc(std::size_t size) {
  return std::malloc(size);
}

void wiping_free(void* memory) {
  if (memory == nullptr) return;
  explicit_bzero(memory, malloc_usable_size(memory));
  std::free(memory);
}

void* wiping_realloc(void* memory, std::size_t size) {
  if (memory == nullptr) return wiping_malloc(size);
  if (size == 0) {
    wiping_free(memory);
    return nullptr;
  }
  const std::size_t old_size = malloc_usable_size(memory);
  void* larger = wiping_malloc(size);
  if (larger == nullptr) return nullptr;
  memcpy(larger, memory, std::min(old_size, size));
  wiping_free(memory);
  return larger;
}

}  // namespace resguardo
