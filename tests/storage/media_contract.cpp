// SPDX-License-Identifier: AGPL-3.0-or-later
// What every engine must do for files that reporters send (storage/media_store.h).
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <latch>

#include "tests/storage/script.h"
#include "tests/storage/store_contract.h"
#include "tests/storage/store_kinds.h"
#include "tests/support/faulty_store.h"

namespace resguardo::storage {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;
using testing_support::FaultyStore;

constexpr Day kLater{kDay.number + 3};

class MediaContract : public StoreContract {};

// A conversation that has told of report 1 and taken file 1.
Turn taking(std::uint32_t delivery = 1, std::uint64_t expected = 0) {
  Turn turn = state_turn(delivery, 1, expected, "state");
  add_row(turn, 1, 10, expected, "a file was sent");
  take_media(turn, delivery);
  return turn;
}

Turn closing(std::uint32_t delivery, std::uint64_t expected) {
  Turn turn = state_turn(delivery, 1, expected, "");
  close(turn, 1);
  return turn;
}

std::vector<std::string> references(Store& store) {
  std::vector<std::string> all;
  const auto pending = store.pending_media().value();
  for (const PendingMedia& one : pending) {
    EXPECT_EQ(one.report, report_id(1));
    EXPECT_EQ(one.day, kDay);
    all.push_back(to_string(one.reference));
  }
  return all;
}

std::string file_in(Store& store, std::uint32_t media) {
  std::string all;
  std::uint64_t next = 0;
  const Status read = store.media_chunks(media_id(media), [&](std::uint64_t index, ByteView chunk) {
    EXPECT_EQ(index, next++);
    EXPECT_LE(chunk.size(), kMediaChunk + kMediaChunkOverhead);
    all += to_string(chunk);
    return success();
  });
  if (!read.ok()) return read.error().fault == Fault::kNotFound ? "none" : "unreadable";
  return all;
}

std::size_t segments_stored(Store& store) {
  return store.segments(report_id(1)).value().size();
}

void expect_stored(Store& store, std::uint32_t media) {
  const auto all = store.media(report_id(1)).value();
  const auto at = std::ranges::find(all, media_id(media), &StoredMedia::media);
  ASSERT_NE(at, all.end());
  EXPECT_EQ(at->report, report_id(1));
  EXPECT_EQ(at->bytes, sealed_media(media).size());
  EXPECT_EQ(at->ciphertext, addendum(1, media, 50).report->media->ciphertext);
  EXPECT_EQ(file_in(store, media), sealed_media(media));
}

std::vector<Bytes> entries_to_log(Store& store) {
  auto entries = store.log_entries().value();
  std::ranges::sort(entries);
  return entries;
}

}  // namespace

TEST_P(MediaContract, AFileThatWasTakenWaitsToBeFetched) {
  EXPECT_THAT(references(store()), IsEmpty());
  ASSERT_TRUE(store().record(taking(1, 0)).ok());
  ASSERT_TRUE(store().record(taking(2, 1)).ok());
  for (int look = 0; look < 2; ++look) {
    EXPECT_THAT(references(store()), UnorderedElementsAre("reference of 1", "reference of 2"));
    reopen();
  }
  ASSERT_TRUE(store().record(closing(3, 2)).ok());
  EXPECT_THAT(references(store()), UnorderedElementsAre("reference of 1", "reference of 2"))
      << "also when its report has closed";
  ASSERT_TRUE(store().turn_over_journal(kLater, kLater).ok());
  reopen();
  EXPECT_THAT(references(store()), UnorderedElementsAre("reference of 1", "reference of 2"));
}

TEST_P(MediaContract, AClosingTurnMayTakeAFile) {
  Turn only = taking();
  close(only, 1);
  ASSERT_TRUE(store().record(only).ok());
  EXPECT_THAT(references(store()), UnorderedElementsAre("reference of 1"));
  const auto file = keep_media(store(), 1);
  ASSERT_TRUE(store().record(addendum(1, 1, 50)).ok());
  expect_stored(store(), 1);
}

TEST_P(MediaContract, AnAddendumOfAnOpenReportWaitsWithIt) {
  ASSERT_TRUE(store().record(taking()).ok());
  {
    const auto file = keep_media(store(), 1);
    ASSERT_TRUE(store().record(addendum(1, 1, 50)).ok());
  }
  EXPECT_THAT(references(store()), IsEmpty());
  reopen();
  EXPECT_THAT(store().media(report_id(1)).value(), IsEmpty()) << "its report is open";
  EXPECT_EQ(store().open_contents(report_id(1)).value()->segments.size(), 2U);
  ASSERT_TRUE(store().turn_over_journal(kLater, kLater).ok());
  Turn last = closing(2, 1);
  last.report->day = kLater;
  ASSERT_TRUE(store().record(last).ok());
  for (int look = 0; look < 2; ++look) {
    expect_stored(store(), 1);
    EXPECT_EQ(segments_stored(store()), 2U);
    EXPECT_THAT(entries_to_log(store()),
                UnorderedElementsAre(text("log entry of report 1"), addendum_entry(1, kLater)))
        << "dated when it begins to wait";
    reopen();
  }
}

// Both are queued while a third is being told as recorded: they share a transaction.
TEST_P(MediaContract, AnAddendumMayComeAtTheMomentInWhichItsReportCloses) {
  ASSERT_TRUE(store().record(taking()).ok());
  const auto file = keep_media(store(), 1);
  std::latch told(3);
  std::atomic<int> recorded = 0;
  const auto count = [&](const Result<Recorded>& result) {
    recorded += result.ok();
    told.count_down();
  };
  store().submit(state_turn(7, 7, 0, "another's state"), [&](const Result<Recorded>& first) {
    store().submit(addendum(1, 1, 50), count);
    store().submit(closing(2, 1), count);
    count(first);
  });
  told.wait();
  EXPECT_EQ(recorded, 3);
  for (int look = 0; look < 2; ++look) {
    expect_stored(store(), 1);
    EXPECT_EQ(segments_stored(store()), 2U);
    EXPECT_EQ(entries_to_log(store()).size(), 2U);
    reopen();
  }
}

TEST_P(MediaContract, AnAddendumLeavesAnOpenReportToItsReporter) {
  ASSERT_TRUE(store().record(taking()).ok());
  const auto before = store().open_reports().value().at(0);
  Turn late = addendum(1, 1, 50, Fetched::kLost);
  late.day = late.report->day = kLater;
  ASSERT_TRUE(store().record(late).ok());
  for (int look = 0; look < 2; ++look) {
    const auto now = store().open_reports().value().at(0);
    EXPECT_EQ(now.last_turn, before.last_turn) << "its reporter was as silent as before";
    EXPECT_EQ(now.keep_partial, before.keep_partial);
    EXPECT_NE(now.version, before.version);
    EXPECT_EQ(store().find(tag(1)).value()->counter, 1U);
    reopen();
  }
  Turn on = state_turn(2, 1, 1, "state");
  add_row(on, 1, 10, 1, "and goes on in the same segment");
  ASSERT_TRUE(store().record(on).ok());
  ASSERT_TRUE(store().record(closing(3, 2)).ok());
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  EXPECT_EQ(segments_stored(store()), 2U);
}

TEST_P(MediaContract, AnAddendumReachesAClosedReport) {
  ASSERT_TRUE(store().record(taking()).ok());
  ASSERT_TRUE(store().record(closing(2, 1)).ok());
  const std::vector<ReportAcknowledgement> said = {{report_id(1), MemberId{{7}}, false, kDay}};
  EXPECT_TRUE(store().acknowledge(1, said).value());
  const auto file = keep_media(store(), 1);
  Turn late = addendum(1, 1, 50);
  late.day = late.report->day = kLater;
  ASSERT_TRUE(store().record(late).ok());
  for (int look = 0; look < 2; ++look) {
    expect_stored(store(), 1);
    EXPECT_EQ(segments_stored(store()), 2U);
    EXPECT_EQ(store().segments(report_id(1)).value().at(1).index, addendum_index(media_id(1)));
    EXPECT_THAT(store().acknowledgements().value(), IsEmpty()) << "nobody has opened the file";
    EXPECT_THAT(references(store()), IsEmpty());
    EXPECT_EQ(store().reports().value().at(0).closed, kDay);
    EXPECT_TRUE(store().open_reports().value().empty());
    EXPECT_THAT(entries_to_log(store()),
                UnorderedElementsAre(text("log entry of report 1"), addendum_entry(1, kLater)));
    reopen();
  }
}

TEST_P(MediaContract, AFileThatIsLostLeavesItsAddendum) {
  ASSERT_TRUE(store().record(taking(1, 0)).ok());
  ASSERT_TRUE(store().record(taking(2, 1)).ok());
  ASSERT_TRUE(store().record(addendum(1, 1, 50, Fetched::kLost)).ok());
  ASSERT_TRUE(store().record(closing(3, 2)).ok());
  ASSERT_TRUE(store().record(addendum(1, 2, 51, Fetched::kLost)).ok());
  EXPECT_THAT(references(store()), IsEmpty());
  EXPECT_THAT(store().media(report_id(1)).value(), IsEmpty());
  EXPECT_EQ(segments_stored(store()), 3U);
  EXPECT_EQ(store().log_entries().value().size(), 3U);
}

TEST_P(MediaContract, TheSameAddendumTwiceIsAConflict) {
  for (const bool closed : {false, true}) {
    const auto fresh = GetParam().make();
    const auto store = [&fresh]() -> Store& { return fresh->store(); };
    ASSERT_TRUE(store().record(taking()).ok());
    if (closed) {
      ASSERT_TRUE(store().record(closing(2, 1)).ok());
    }
    ASSERT_TRUE(store().record(addendum(1, 1, 50, Fetched::kLost)).ok());
    Turn again = addendum(1, 1, 51, Fetched::kLost);
    EXPECT_EQ(fault_of(store().record(again)), Fault::kConflict);
    again.report->settles.reset();
    EXPECT_EQ(fault_of(store().record(again)), Fault::kConflict) << "its index is there";
    fresh->reopen();
    EXPECT_EQ(fault_of(store().record(again)), Fault::kConflict);
    if (!closed) {
      ASSERT_TRUE(store().record(closing(2, 1)).ok());
    }
    EXPECT_EQ(fault_of(store().record(again)), Fault::kConflict);
    EXPECT_EQ(segments_stored(store()), 2U);
    EXPECT_EQ(store().log_entries().value().size(), 2U);
  }
}

TEST_P(MediaContract, AnAddendumOfAReportThatIsGoneIsNotFound) {
  EXPECT_EQ(fault_of(store().record(addendum(1, 1, 50, Fetched::kLost))), Fault::kNotFound);
  ASSERT_TRUE(store().record(taking()).ok());
  Turn gone = state_turn(2, 1, 1, "");
  erase(gone, 1);
  ASSERT_TRUE(store().record(gone).ok());
  EXPECT_THAT(references(store()), IsEmpty());
  EXPECT_EQ(fault_of(store().record(addendum(1, 1, 50, Fetched::kLost))), Fault::kNotFound);
  ASSERT_TRUE(store().record(taking(3, 0)).ok());
  ASSERT_TRUE(store().record(closing(4, 1)).ok());
  const Erasure end{report_id(1), kLater, text("EXPIRED")};
  EXPECT_EQ(store().erase({&end, 1}).value(), 1U);
  for (int look = 0; look < 2; ++look) {
    EXPECT_THAT(references(store()), IsEmpty());
    EXPECT_EQ(fault_of(store().record(addendum(1, 3, 50, Fetched::kLost))), Fault::kNotFound);
    reopen();
  }
}

TEST_P(MediaContract, FilesGoWithTheirReport) {
  ASSERT_TRUE(store().record(taking()).ok());
  keep_media(store(), 1);
  const auto file = keep_media(store(), 1);
  ASSERT_NE(file, nullptr) << "what nobody named may be fetched anew";
  ASSERT_TRUE(store().record(addendum(1, 1, 50)).ok());
  Turn gone = state_turn(2, 1, 1, "");
  erase(gone, 1);
  ASSERT_TRUE(store().record(gone).ok());
  EXPECT_EQ(file_in(store(), 1), "none");
  ASSERT_TRUE(store().record(taking(3, 0)).ok());
  ASSERT_TRUE(store().record(closing(4, 1)).ok());
  const auto other = keep_media(store(), 3);
  ASSERT_TRUE(store().record(addendum(1, 3, 51)).ok());
  expect_stored(store(), 3);
  const Erasure end{report_id(1), kLater, text("EXPIRED")};
  EXPECT_EQ(store().erase({&end, 1}).value(), 1U);
  for (int look = 0; look < 2; ++look) {
    EXPECT_EQ(file_in(store(), 3), "none");
    EXPECT_THAT(store().media(report_id(1)).value(), IsEmpty());
    reopen();
  }
}

TEST_P(MediaContract, WhatIsOpenAgainWaitsForItsEnd) {
  ASSERT_TRUE(store().record(taking()).ok());
  ASSERT_TRUE(store().record(closing(2, 1)).ok());
  Turn back = state_turn(3, 2, 0, "state");
  add_row(back, 1, 11, 0, "its reporter is back");
  take_media(back, 3);
  ASSERT_TRUE(store().record(back).ok());
  EXPECT_EQ(fault_of(store().record(addendum(1, 1, 50, Fetched::kLost))), Fault::kUnavailable);
  Turn gone = state_turn(4, 2, 1, "");
  erase(gone, 1);
  ASSERT_TRUE(store().record(gone).ok());
  EXPECT_THAT(references(store()), UnorderedElementsAre("reference of 1")) << "of what had closed";
  ASSERT_TRUE(store().record(addendum(1, 1, 50, Fetched::kLost)).ok());
  EXPECT_EQ(segments_stored(store()), 2U);
}

TEST_P(MediaContract, ATurnSaysOfFilesWhatFits) {
  ASSERT_TRUE(store().record(taking()).ok());
  const std::string before = dump(store(), {taking()});
  Turn nobodys = state_turn(2, 1, 1, "state");
  take_media(nobodys, 2);
  EXPECT_EQ(fault_of(store().record(nobodys)), Fault::kRefused);
  Turn again = taking(2, 1);
  again.pending_media[0].media = media_id(1);
  EXPECT_EQ(fault_of(store().record(again)), Fault::kConflict);
  EXPECT_EQ(fault_of(store().record(addendum(1, 2, 50, Fetched::kLost))), Fault::kConflict);
  EXPECT_EQ(fault_of(store().record(addendum(1, 1, 50))), Fault::kConflict) << "no such file";
  const auto file = keep_media(store(), 1);
  Turn shorter = addendum(1, 1, 50);
  --shorter.report->media->bytes;
  EXPECT_EQ(fault_of(store().record(shorter)), Fault::kConflict);
  Turn early = addendum(1, 1, 50);
  early.report->segments[0].index = 5;
  EXPECT_EQ(fault_of(store().record(early)), Fault::kRefused);
  Turn talking = addendum(1, 1, 50);
  talking.delivered = {dedupe(9)};
  EXPECT_EQ(fault_of(store().record(talking)), Fault::kRefused);
  Turn unlogged = addendum(1, 1, 50);
  unlogged.report->log_entries = {text("no entry of a log")};
  EXPECT_EQ(fault_of(store().record(unlogged)), Fault::kRefused);
  EXPECT_EQ(dump(store(), {taking()}), before);
  EXPECT_THAT(references(store()), UnorderedElementsAre("reference of 1"));
  EXPECT_TRUE(store().record(addendum(1, 1, 50)).ok());
}

TEST_P(MediaContract, WhatNobodyNamesIsSwept) {
  ASSERT_TRUE(store().record(taking(1, 0)).ok());
  ASSERT_TRUE(store().record(taking(2, 1)).ok());
  auto named = keep_media(store(), 1);
  ASSERT_TRUE(store().record(addendum(1, 1, 50)).ok());
  auto kept = keep_media(store(), 2);
  auto writing = store().begin_media(media_id(3), kDay).value();
  ASSERT_TRUE(writing->write(text("begun")).ok());
  EXPECT_EQ(fault_of(store().begin_media(media_id(3), kDay)), Fault::kConflict);
  EXPECT_EQ(fault_of(store().begin_media(media_id(1), kDay)), Fault::kConflict);
  EXPECT_EQ(store().sweep_media().value(), 0U) << "somebody holds them";
  named.reset();
  kept.reset();
  writing.reset();
  EXPECT_EQ(store().sweep_media().value(), 1U);
  EXPECT_EQ(file_in(store(), 1), sealed_media(1));
  EXPECT_EQ(file_in(store(), 2), "none");
  EXPECT_EQ(file_in(store(), 3), "none");
  EXPECT_EQ(store().sweep_media().value(), 0U);
}

TEST_P(MediaContract, AChunksVisitorCanStop) {
  const auto file = keep_media(store(), 1);
  std::size_t seen = 0;
  const Status stopped = store().media_chunks(media_id(1), [&](std::uint64_t, ByteView) -> Status {
    ++seen;
    return Error{Fault::kRefused, "enough"};
  });
  EXPECT_EQ(stopped.error().fault, Fault::kRefused);
  EXPECT_EQ(seen, 1U);
}

TEST_P(MediaContract, AFailureAtEveryCallBringsAFileOnce) {
  for (const bool closed : {false, true}) {
    for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
      for (std::size_t call = 1; call <= 3; ++call) {
        const auto fresh = GetParam().make();
        Store& inner = fresh->store();
        ASSERT_TRUE(inner.record(taking()).ok());
        if (closed) {
          ASSERT_TRUE(inner.record(closing(2, 1)).ok());
        }
        FaultyStore faulty(inner);
        faulty.fail_at(call, fate);
        for (std::uint32_t tries = 0; tries < 3; ++tries) {  // as the fetcher does
          const auto pending = faulty.pending_media();
          if (!pending.ok() || pending->empty()) continue;
          const auto file = keep_media(faulty, 1);
          if (file) static_cast<void>(faulty.record(addendum(1, 1, 50 + tries)).ok());
        }
        fresh->reopen();
        if (!closed) {
          ASSERT_TRUE(fresh->store().record(closing(2, 1)).ok());
        }
        expect_stored(fresh->store(), 1);
        EXPECT_EQ(segments_stored(fresh->store()), 2U);
        EXPECT_EQ(fresh->store().log_entries().value().size(), 2U);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, MediaContract, testing::ValuesIn(store_kinds()), name_of_kind);

}  // namespace resguardo::storage
