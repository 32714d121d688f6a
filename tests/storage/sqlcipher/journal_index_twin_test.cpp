// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <map>

#include "storage/sqlcipher/journal_index.h"
#include "tests/storage/script.h"
#include "tests/support/seeded_random.h"

namespace resguardo::storage {
namespace {

TagName named(const ConversationTag& tag) {
  return JournalIndex().name_of(tag);
}
ReportName named(const ReportId& id) {
  return JournalIndex().name_of(id);
}

// Whatever is put, linked and taken out, it says what two plain maps with links would say.
class IndexTwin {
 public:
  void put(std::uint32_t tag_number, ConversationEntry entry) {
    leave(conversations_[tag_number].report);
    conversations_[tag_number] = entry;
    if (!entry.report || !report_of(*entry.report)) {
      conversations_[tag_number].report.reset();
    } else {
      link(tag_number, *report_of(*entry.report));
    }
  }
  void put_report(std::uint32_t number, ReportEntry entry) {
    const auto writer = entry.closing ? std::nullopt : entry.writer;
    leave_report(number);
    entry.writer.reset();
    reports_[number] = entry;
    for (auto& [one, conversation] : conversations_)
      if (writer == named(tag(one))) link(one, number);
  }
  void remove(std::uint32_t tag_number) {
    leave(conversations_[tag_number].report);
    conversations_.erase(tag_number);
  }
  void remove_report(std::uint32_t number) {
    leave_report(number);
    reports_.erase(number);
  }
  void expect_as(const JournalIndex& index, std::uint32_t numbers) const {
    ASSERT_EQ(index.conversations(), conversations_.size());
    ASSERT_EQ(index.reports(), reports_.size());
    for (std::uint32_t n = 0; n < numbers; ++n) {
      const auto conversation = index.conversation(tag(n));
      ASSERT_EQ(conversation.has_value(), conversations_.contains(n));
      if (conversation) {
        ASSERT_EQ(conversation->position, conversations_.at(n).position);
        ASSERT_EQ(conversation->counter, conversations_.at(n).counter);
        ASSERT_EQ(conversation->report, conversations_.at(n).report);
      }
      const auto report = index.report(report_id(n));
      ASSERT_EQ(report.has_value(), reports_.contains(n));
      if (!report) continue;
      ASSERT_EQ(report->position, reports_.at(n).position);
      ASSERT_EQ(report->closing, reports_.at(n).closing);
      ASSERT_EQ(report->writer, reports_.at(n).writer);
      ASSERT_EQ(report->last.next, reports_.at(n).last.next);
    }
  }

 private:
  std::optional<std::uint32_t> report_of(ReportName wanted) const {
    for (const auto& [number, entry] : reports_)
      if (named(report_id(number)) == wanted) return number;
    return std::nullopt;
  }
  void link(std::uint32_t tag_number, std::uint32_t number) {
    leave(conversations_[tag_number].report);
    leave_report(number);
    conversations_[tag_number].report = named(report_id(number));
    reports_[number].writer = named(tag(tag_number));
  }
  void leave(std::optional<ReportName> report) {
    if (report && report_of(*report)) leave_report(*report_of(*report));
  }
  void leave_report(std::uint32_t number) {
    for (auto& [one, conversation] : conversations_)
      if (conversation.report == named(report_id(number))) conversation.report.reset();
    if (reports_.contains(number)) reports_[number].writer.reset();
  }
  std::map<std::uint32_t, ConversationEntry> conversations_;
  std::map<std::uint32_t, ReportEntry> reports_;
};

TEST(JournalIndexTwinTest, IsTwoMapsWithLinksWhateverComesAndGoes) {
  constexpr std::uint32_t kNumbers = 12;
  testing_support::SeededRandom random(13);
  JournalIndex index;
  IndexTwin twin;
  for (std::uint32_t step = 1; step < 3000; ++step) {
    const std::uint32_t one = random.below(kNumbers);
    const std::uint32_t other = random.below(kNumbers);
    const bool with_other = random.below(3) > 0;
    switch (random.below(5)) {
      case 0:
      case 1: {
        ConversationEntry entry{step, step % 7, std::nullopt};
        if (with_other) entry.report = named(report_id(other));
        index.put(tag(one), entry);
        twin.put(one, entry);
        break;
      }
      case 2:
      case 3: {
        ReportEntry entry;
        entry.position = step;
        entry.last_turn = kDay;
        if (with_other) entry.writer = named(tag(other));
        entry.closing = random.below(5) == 0;
        entry.last.next = step;
        index.put(report_id(one), entry);
        twin.put_report(one, entry);
        break;
      }
      default:
        if (with_other) {
          index.remove(tag(one));
          twin.remove(one);
        } else {
          index.remove(report_id(one));
          twin.remove_report(one);
        }
    }
    ASSERT_NO_FATAL_FAILURE(twin.expect_as(index, kNumbers)) << "step " << step;
  }
}

}  // namespace
}  // namespace resguardo::storage
