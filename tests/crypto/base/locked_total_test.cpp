// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/locked_total.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "crypto/base/locked_slab.h"
#include "crypto/base/secret_bytes.h"
#include "tests/support/sanitized.h"

namespace resguardo {
namespace {

constexpr std::size_t kPage = 4096;

// Nothing more can be locked from here on, also by root.
bool forbid_locking() {
  const rlimit none{0, 0};
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> no_rights{};
  return ::setrlimit(RLIMIT_MEMLOCK, &none) == 0 &&
         ::syscall(SYS_capset, &header, no_rights.data()) == 0;
}

// What cannot be undone is tried in a child: what it returns.
template <class Work>
int in_child(const Work& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status)
             ? WEXITSTATUS(status)
             : 255;
}

TEST(LockedTotalTest, KeysAreCountedWhileTheyLive) {
  const auto before = locked_totals();
  std::optional<SecretBytes> key = SecretBytes::random(32).value();
  const auto with_it = locked_totals();
  EXPECT_EQ(with_it.locked + with_it.unlocked, before.locked + before.unlocked + kPage);
  SecretBytes moved = std::move(*key);
  key.reset();
  EXPECT_EQ(locked_totals().locked, with_it.locked) << "moved, not gone";
  moved = SecretBytes::random(2 * kPage).value();
  EXPECT_EQ(locked_totals().locked + locked_totals().unlocked,
            before.locked + before.unlocked + 3 * kPage)
      << "with what the allocator adds";
}

TEST(LockedTotalTest, ASlabIsCountedAsAWhole) {
  const auto before = locked_totals();
  {
    const auto slab = LockedSlab::create(100, 1000).value();
    EXPECT_EQ(locked_totals().locked - before.locked, LockedSlab::size_of(100, 1000));
    EXPECT_GE(LockedSlab::size_of(100, 1000), std::size_t{1000} * 104);
  }
  EXPECT_EQ(locked_totals().locked, before.locked);
}

TEST(LockedTotalTest, WhatCannotBeLockedIsCounted) {
  if (testing_support::kSanitized) GTEST_SKIP() << "not run: a sanitizer's mlock() does nothing";
  EXPECT_EQ(in_child([] {
              if (!forbid_locking()) return 1;
              const auto before = locked_totals();
              const auto key = SecretBytes::random(32);
              if (!key.ok()) return 2;
              if (locked_totals().unlocked != before.unlocked + kPage) return 3;
              return locked_totals().locked == before.locked ? 0 : 4;
            }),
            0);
}

TEST(LockedTotalTest, ASlabThatCannotBeLockedIsRefusedUnlessAskedFor) {
  EXPECT_EQ(in_child([] {
              if (!forbid_locking()) return 1;
              const auto before = locked_totals();
              if (LockedSlab::create(100, 10).ok()) return 2;
              if (locked_totals().unlocked != before.unlocked) return 3;
              const auto slab = LockedSlab::create(100, 10, LockedSlab::Locking::kTried);
              if (!slab.ok()) return 4;
              auto cell = (*slab)->acquire();
              if (!cell.ok() || cell->bytes().size() != 104) return 5;
              return locked_totals().unlocked == before.unlocked + LockedSlab::size_of(100, 10) ? 0
                                                                                                : 6;
            }),
            0);
}

}  // namespace
}  // namespace resguardo
