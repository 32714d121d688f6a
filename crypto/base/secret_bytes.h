// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <type_traits>
#include <utility>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo {

// Long-lived bytes whose disclosure would hurt a reporter: keys, passphrases.
//
// They live in sodium_malloc'd pages (guard pages, canary, locked where the system lets us, left
// out of core dumps, wiped on free) that cannot be touched except inside read() and write(). Pages
// that the system does not lock are given all the same, and counted: locked_totals(). Moves only:
// there is no copy, no ==, no <<, and no way to a string. Each costs four memory maps and two
// system calls per use: for what is many or short-lived there are SecretBuffer and LockedSlab.
// https://doc.libsodium.org/memory_management
//
// Any number of threads may read() one object at a time: the pages close when the last of them has
// ended. write(), moves and the destructor need the object alone.
class SecretBytes {
 public:
  static Result<SecretBytes> allocate(std::size_t size);  // zeros; kUnavailable: no memory
  static Result<SecretBytes> random(std::size_t size);    // system randomness
  // Copies out of `source` and wipes it.
  static Result<SecretBytes> take(std::span<std::uint8_t> source);

  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  std::size_t size() const noexcept { return size_; }

  // Opens the pages for one call of `use`, closes them after, also on a throw. `use` gets a span
  // that must not outlive it. A write() has no other call inside it on the same object.
  template <class Use>
  decltype(auto) read(Use&& use) const {
    const Access access(*this, false);
    return std::forward<Use>(use)(ByteView(pages_, size_));
  }
  template <class Use>
  decltype(auto) write(Use&& use) {
    const Access access(*this, true);
    return std::forward<Use>(use)(std::span<std::uint8_t>(pages_, size_));
  }

  Result<SecretBytes> clone() const;  // a second copy, on purpose

 private:
  class Access {
   public:
    Access(const SecretBytes& owner, bool writable);
    ~Access();
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;

   private:
    const SecretBytes& owner_;
  };
  void open(bool writable) const;
  void close() const;
  SecretBytes(std::uint8_t* pages, std::size_t size, bool locked)
      : pages_(pages), size_(size), locked_(locked) {}
  void release() noexcept;

  std::uint8_t* pages_ = nullptr;
  std::size_t size_ = 0;
  bool locked_ = false;
  mutable std::mutex mutex_;  // guards uses_ and the pages' protection; stays where it is in a move
  mutable std::size_t uses_ = 0;
};

// Equality whose time depends on the lengths only.
bool constant_time_equal(ByteView a, ByteView b);

// Overwrites memory in a way the compiler keeps.
void wipe(std::span<std::uint8_t> bytes);

}  // namespace resguardo
