// SPDX-License-Identifier: AGPL-3.0-or-later
// Keys are added and destroyed, also while the machine fails.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <map>

#include "crypto/open/key_directory.h"
#include "crypto/seal/epoch_list.h"
#include "proto/roster.pb.h"
#include "tests/crypto/open/fixed.h"
#include "tests/support/fault_run.h"
#include "tests/support/key_samples.h"
#include "tests/support/paths.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::open {
namespace {

namespace fs = std::filesystem;
using testing_support::fast_cost;
using testing_support::secret_of;

Week week(int after) {
  return Week{kWeek.number + after};
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

EpochListContent list_in(const fs::path& dir) {
  const auto half = read_public(dir).value();
  pb::SignedMessage message;
  message.ParseFromArray(half.epoch_list.data(), static_cast<int>(half.epoch_list.size()));
  return verify_epoch_list(message, half.key).value();
}

class KeyRenewalTest : public ::testing::Test {
 protected:
  KeyRenewalTest() {
    EXPECT_TRUE(
        create_key_directory(keys(), {"an analyst", kWeek, 3, fast_cost()}, secret_of(kWords), ids_)
            .ok());
  }
  fs::path keys() const { return root_.path() / "keys"; }
  AnalystKeys unlocked(const fs::path& dir) const {
    auto keys = unlock_key_directory(dir, secret_of(kWords));
    if (!keys.ok()) throw std::runtime_error(keys.error().why.c_str());
    return std::move(keys).value();
  }
  Status retire(int after) { return retire_week(keys(), secret_of(kWords), week(after), ids_); }
  Result<MemberPublic> extend(int after, std::uint32_t weeks) {
    return extend_key_directory(keys(), secret_of(kWords), week(after), weeks);
  }
  // Every file of the directory by its name inside it.
  static std::map<std::string, std::string> files(const fs::path& dir) {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(dir))
      if (entry.is_regular_file())
        all[fs::relative(entry.path(), dir).string()] = content(entry.path());
    return all;
  }

  testing_support::TemporaryDirectory root_;
  testing_support::SeededRandom ids_{1};
};

TEST_F(KeyRenewalTest, ExtendsAListThatFollows) {
  const auto before = list_in(keys());
  const std::string first_half = content(keys() / "public.txt");
  const auto half = extend(1, 5);
  ASSERT_TRUE(half.ok()) << half.error().why.view();
  const auto after = list_in(keys());
  EXPECT_EQ(after.number, 2U);
  EXPECT_EQ(after.previous, before.digest);
  EXPECT_EQ(after.reserve, before.reserve);
  EXPECT_EQ(after.keys.begin()->first, week(1));  // what is over leaves the list
  EXPECT_EQ(after.keys.rbegin()->first, week(5));
  EXPECT_EQ(after.keys.at(week(2)), before.keys.at(week(2)));
  const auto now = unlocked(keys());
  EXPECT_NE(now.epoch(kWeek), nullptr);  // and its key stays
  for (const auto& [at, key] : after.keys) EXPECT_EQ(now.epoch(at)->public_key(), key);
  EXPECT_EQ(content(keys() / "lists/public-1.txt"), first_half);
  struct stat status{};
  ASSERT_EQ(::stat((keys() / "epochs/2026-W52.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(extend(1, 5).error().fault, Fault::kConflict);
  ASSERT_TRUE(extend(1, 6).ok());
  EXPECT_EQ(list_in(keys()).number, 3U);
}

TEST_F(KeyRenewalTest, AListThatRanOutGoesOnFromNow) {
  ASSERT_TRUE(extend(10, 2).ok());
  const auto list = list_in(keys());
  EXPECT_EQ(list.keys.size(), 2U);
  EXPECT_EQ(list.keys.begin()->first, week(10));
  EXPECT_NE(unlocked(keys()).epoch(week(2)), nullptr);
}

TEST_F(KeyRenewalTest, ExtendsNothingWhenRefused) {
  const auto before = files(keys());
  EXPECT_EQ(extend_key_directory(keys(), secret_of("five other words"), week(1), 9).error().fault,
            Fault::kUnauthentic);
  EXPECT_EQ(extend(0, 0).error().fault, Fault::kRefused);
  EXPECT_EQ(extend(0, 3).error().fault, Fault::kConflict);
  EXPECT_EQ(extend(0, 161).error().fault, Fault::kRefused);
  EXPECT_EQ(files(keys()), before);
}

TEST_F(KeyRenewalTest, ARetiredWeekIsGoneAndTheOthersLive) {
  const auto old = files(keys());
  const auto before = unlocked(keys());
  ASSERT_TRUE(retire(1).ok());
  const auto after = unlocked(keys());
  EXPECT_EQ(after.epoch(week(1)), nullptr);
  for (const int other : {0, 2})
    EXPECT_EQ(after.epoch(week(other))->public_key(), before.epoch(week(other))->public_key());
  EXPECT_EQ(after.reserve()->public_key(), before.reserve()->public_key());
  EXPECT_EQ(retire(1).error().fault, Fault::kNotFound);
  // Nothing of the old wrapping is left: no key file is what it was, and the old ones do not open.
  auto now = files(keys());
  EXPECT_FALSE(now.contains("epochs/2026-W48.key"));
  for (const auto& [name, text] : now)
    if (name.ends_with(".key") && name != "identity.key") {
      EXPECT_NE(text, old.at(name)) << name;
    }
  EXPECT_EQ(now.at("identity.key"), old.at("identity.key"));
  std::ofstream(keys() / "epochs/2026-W48.key") << old.at("epochs/2026-W48.key");
  EXPECT_FALSE(unlock_key_directory(keys(), secret_of(kWords)).ok());
}

TEST_F(KeyRenewalTest, AWrongPassphraseRetiresNothing) {
  const auto before = files(keys());
  EXPECT_EQ(retire_week(keys(), secret_of("five other words"), kWeek, ids_).error().fault,
            Fault::kUnauthentic);
  EXPECT_EQ(files(keys()), before);
}

class KeyFaultTest : public KeyRenewalTest {
 protected:
  testing_support::FaultRun change(const fs::path& dir, std::vector<std::string> what,
                                   const std::string& kind, long at) const {
    what.insert(what.begin(),
                {(testing_support::bin_dir() / "change_keys").string(), dir.string(), kWords});
    return testing_support::run_with_faults(what, {kind, at, dir});
  }
  fs::path fresh() const {
    const fs::path copy = root_.path() / "copy";
    fs::remove_all(copy);
    fs::copy(keys(), copy, fs::copy_options::recursive);
    return copy;
  }
  long calls(const std::vector<std::string>& what) const {
    const auto run = change(fresh(), what, "", 0);
    EXPECT_EQ(run.status, 0) << run.errors;
    return run.counts.at("total");
  }
  // Death is tried before every call, the rest before some: each run stretches a passphrase thrice.
  static long step(const std::string& kind) { return kind == "kill" ? 1 : 3; }
  static bool settled(const fs::path& dir) {
    return !fs::exists(dir / "next") && !fs::exists(dir / "next.partial");
  }
};

TEST_F(KeyFaultTest, ARetireCutShortAnywhereLosesNoOtherKey) {
  const std::vector<std::string> what = {"retire", "2026-W48"};
  const auto before = unlocked(keys());
  const long total = calls(what);
  ASSERT_GT(total, 15);
  int gone = 0;
  for (const char* kind : {"kill", "torn", "eio"}) {
    for (long at = 1; at <= total; at += step(kind)) {
      const fs::path dir = fresh();
      const auto run = change(dir, what, kind, at);
      const auto after = unlocked(dir);
      for (const int other : {0, 2})
        ASSERT_EQ(after.epoch(week(other))->public_key(), before.epoch(week(other))->public_key())
            << kind << at;
      ASSERT_EQ(after.reserve()->public_key(), before.reserve()->public_key()) << kind << at;
      ASSERT_TRUE(settled(dir)) << kind << at;
      if (run.status == 0) {
        ASSERT_EQ(after.epoch(week(1)), nullptr) << kind << at;
      }
      if (after.epoch(week(1)) == nullptr) {
        ++gone;
        ASSERT_FALSE(fs::exists(dir / "epochs/2026-W48.key")) << kind << at;
      }
    }
  }
  EXPECT_GT(gone, 0);          // some were decided,
  EXPECT_LT(gone, 2 * total);  // and some were not
}

TEST_F(KeyFaultTest, AnExtensionCutShortAnywhereIsWholeOrNotThere) {
  const std::vector<std::string> what = {"extend", "2026-W48", "4"};
  const auto before = files(keys());
  const long total = calls(what);
  ASSERT_GT(total, 10);
  int whole = 0;
  for (const char* kind : {"kill", "torn", "eio"}) {
    for (long at = 1; at <= total; at += step(kind)) {
      const fs::path dir = fresh();
      const auto run = change(dir, what, kind, at);
      const auto after = unlocked(dir);
      ASSERT_TRUE(settled(dir)) << kind << at;
      const auto list = list_in(dir);
      for (const auto& [at_week, key] : list.keys)
        ASSERT_EQ(after.epoch(at_week)->public_key(), key) << kind << at;
      if (run.status == 0) {
        ASSERT_EQ(list.number, 2U) << kind << at;
      }
      whole += list.number == 2 ? 1 : 0;
      if (list.number == 1) {
        ASSERT_EQ(files(dir), before) << kind << at;
      }
    }
  }
  EXPECT_GT(whole, 0);
  EXPECT_LT(whole, 2 * total);
}

}  // namespace
}  // namespace resguardo::open
