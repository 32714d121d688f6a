// SPDX-License-Identifier: AGPL-3.0-or-later
// Whoever seizes the server's disk and its master key: what that opens, and what not.
#include <gmock/gmock.h>
#include <sodium.h>
#include <algorithm>

#include <fstream>

#include "crypto/base/hash.h"
#include "crypto/base/labels.h"
#include "crypto/format/bundle.h"
#include "crypto/format/strict_parse.h"
#include "crypto/session/sender_memory.h"
#include "proto/envelope.pb.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/files.h"
#include "tests/support/consent.h"
#include "tests/support/world.h"

namespace resguardo::testing_support {
namespace {

using gateway::Channel;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kAna = "526561110001";
const std::string kAddress = "wa:" + kAna;

std::vector<SecretBytes> keys_left(World& world, Day from, Day to) {
  std::vector<SecretBytes> keys;
  for (Day day = from; day <= to; ++day.number) {
    if (auto key = world.keys().day_key(day, false); key.ok())
      keys.push_back(std::move(key).value());
    const auto file = "journal-" + to_string(day) + ".key";
    if (!std::filesystem::exists(world.data() / "keys" / file)) continue;  // asking would make it
    keys.push_back(world.keys().journal_key(day).value());
  }
  keys.push_back(world.keys().store_key().value());
  keys.push_back(world.keys().dedupe_key().value());
  return keys;
}

// Tries a number: its tag under every key that is left, looked for in every file and open table.
std::vector<std::string> search(World& world, const std::string& address, Day from, Day to) {
  const std::vector<SecretBytes> keys = keys_left(world, from, to);
  std::vector<std::string> tags(keys.size());
  std::ranges::transform(keys, tags.begin(), [&](const SecretBytes& key) {
    return to_string(ByteView(sender_tag(key, address)));
  });
  return world.hunt(tags);
}

TEST(FinishedDayTest, NoPhoneNumberIsFoundInIt) {
  World world;
  const Day first = day_of(world.now());
  give_consent(world, kAna);
  EXPECT_THAT(search(world, kAddress, first, first), Not(IsEmpty()));  // while the day key lives
  EXPECT_THAT(search(world, "wa:526561119999", first, first), IsEmpty());
  const SecretBytes day_key = world.keys().day_key(first, false).value();

  world.advance(std::chrono::hours(24 * 5));
  world.upkeep();
  world.restart();
  EXPECT_FALSE(world.keys().day_key(first, false).ok());
  EXPECT_THAT(search(world, kAddress, first, day_of(world.now())), IsEmpty());
  // Nor is the key itself anywhere on the disk.
  day_key.read([&](ByteView key) {
    EXPECT_THAT(world.hunt({to_string(key)}), IsEmpty());
    return 0;
  });
}

// How many of the conversations on the disk open with a number's address, under any key that is
// left.
int states_that_open(World& world, const std::string& address, Day from, Day to) {
  const std::vector<SecretBytes> keys = keys_left(world, from, to);
  int opened = 0;
  for (const Day day : storage::find_journals(world.data()).value().whole) {
    auto db =
        sqlcipher::Connection::open(storage::journal_file(world.data(), day),
                                    world.keys().journal_key(day).value(), {.read_only = true})
            .value();
    auto query = db.prepare("SELECT tag, counter, state FROM turn WHERE tag IS NOT NULL").value();
    auto rows = query.query().value();
    while (rows.next().value()) {
      Tag16 tag{};
      std::ranges::copy(rows.bytes(0), tag.begin());
      const auto counter = static_cast<std::uint64_t>(rows.integer(1));
      for (const SecretBytes& key : keys)
        if (open_state(key, address, tag, counter, rows.bytes(2)).ok()) ++opened;
    }
  }
  return opened;
}

// One wrote on the first day and no more; another goes on. Of two hundred numbers nobody is found
// but who still writes, and they only under the day of their last word.
TEST(FinishedDayTest, OnlyWhoStillWritesIsFound) {
  const std::string beto = "526561110002";
  World world;
  const Day first = day_of(world.now());
  give_consent(world, kAna);
  give_consent(world, beto);
  EXPECT_GT(states_that_open(world, kAddress, first, first), 0) << "while the day key lives";
  EXPECT_GT(states_that_open(world, "wa:" + beto, first, first), 0);
  for (int day = 0; day < 5; ++day) {
    world.advance(std::chrono::hours(24));
    world.upkeep();
    ASSERT_EQ(world.say(Channel::kWhatsApp, beto, "HELP"), 200U);
  }
  const Day today = day_of(world.now());
  ASSERT_EQ(storage::find_journals(world.data()).value().whole, std::vector<Day>{today});
  for (int n = 0; n < 200; ++n) {
    const std::string number = std::to_string(526561110000 + n);
    const int opened = states_that_open(world, "wa:" + number, first, today);
    EXPECT_EQ(opened > 0, number == beto) << number;
  }
  EXPECT_THAT(search(world, kAddress, first, today), IsEmpty());
  EXPECT_THAT(search(world, "wa:" + beto, today, today), Not(IsEmpty()));
  EXPECT_THAT(search(world, "wa:" + beto, first, Day{today.number - 1}), IsEmpty());
}

// Every 32 bytes the server has, tried as every secret a segment knows.
void expect_shut(const pb::StreamHeader& stream, ByteView key) {
  std::array<std::uint8_t, 32> own{};
  if (crypto_scalarmult_base(own.data(), key.data()) != 0) return;
  for (const std::string& envelope : stream.envelopes()) {
    Bytes plain(envelope.size());
    EXPECT_NE(crypto_box_seal_open(plain.data(), as_bytes(envelope).data(), envelope.size(),
                                   own.data(), key.data()),
              0);
  }
  const Digest context = blake2b(as_bytes(stream.context()));
  const Digest as_set_secret = derive_public(key, Label::kSegment, {context.view()});
  for (const ByteView candidate : {key, as_set_secret.view()})
    EXPECT_NE(derive_public(candidate, Label::kCommit, {}).str(), stream.key_commitment());
}

TEST(OfflineTest, WhatTheServersDiskAndMasterKeyGiveOpensNoReport) {
  World world;
  const Day first = day_of(world.now());
  give_consent(world, kAna);
  const auto keys = keys_left(world, first, first);
  ASSERT_GE(keys.size(), 4U);
  world.advance(std::chrono::hours(24 * 5));
  world.upkeep();  // closes the report: now it is in a bundle
  ASSERT_THAT(world.open(0), SizeIs(1));
  const auto file = world.directory() / "bundle";
  world.write_bundle_to(file);

  std::ifstream in(file, std::ios::binary);
  BundleReader bundle(in);
  int segments = 0;
  while (!bundle.finished()) {
    const auto frame = bundle.next();
    ASSERT_TRUE(frame.ok());
    if (!frame->has_segment()) continue;
    ++segments;
    const auto header = parse_strict<pb::SegmentHeader>(as_bytes(frame->segment().header()));
    for (const SecretBytes& key : keys)
      key.read([&](ByteView bytes) {
        expect_shut(header->testimony(), bytes);
        expect_shut(header->identity(), bytes);
        return 0;
      });
  }
  EXPECT_GE(segments, 1);
}

}  // namespace
}  // namespace resguardo::testing_support
