// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/store_lock.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "tests/support/temporary_directory.h"

namespace resguardo::storage {
namespace {

using testing_support::TemporaryDirectory;

TEST(StoreLockTest, IsHeldByOneAndGoesWithIt) {
  const TemporaryDirectory directory;
  {
    const auto lock = StoreLock::acquire(directory.path());
    ASSERT_TRUE(lock.ok());
    EXPECT_EQ(StoreLock::acquire(directory.path()).error().fault, Fault::kConflict);
  }
  EXPECT_TRUE(StoreLock::acquire(directory.path()).ok());
}

TEST(StoreLockTest, TellsAServerFromACommandFromNobody) {
  const TemporaryDirectory directory;
  EXPECT_EQ(StoreLock::held(directory.path()).value(), std::nullopt);
  {
    const auto lock = StoreLock::acquire(directory.path(), StoreUse::kCommand);
    EXPECT_EQ(StoreLock::held(directory.path()).value(), StoreUse::kCommand);
  }
  {
    const auto lock = StoreLock::acquire(directory.path(), StoreUse::kServer);
    EXPECT_EQ(StoreLock::held(directory.path()).value(), StoreUse::kServer);
    EXPECT_EQ(StoreLock::held(directory.path()).value(), StoreUse::kServer) << "asking takes none";
  }
  EXPECT_EQ(StoreLock::held(directory.path()).value(), std::nullopt);
  EXPECT_EQ(std::filesystem::file_size(directory.path() / "lock"), 0U);
}

TEST(StoreLockTest, NeedsItsDirectory) {
  const TemporaryDirectory directory;
  const auto nowhere = directory.path() / "none";
  EXPECT_EQ(StoreLock::acquire(nowhere).error().fault, Fault::kNotFound);
  EXPECT_EQ(StoreLock::held(nowhere).error().fault, Fault::kNotFound);
}

}  // namespace
}  // namespace resguardo::storage
