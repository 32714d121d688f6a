// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/words.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/analyst/report_samples.h"

namespace resguardo::analyst {
namespace {

using testing_support::sample_answer;
using testing_support::SampleReport;

// Somebody who says anything, in any order, in both compartments.
class Talker {
 public:
  explicit Talker(unsigned seed) : random_(seed) {}

  SampleReport report() {
    SampleReport told;
    for (std::uint32_t index = 0; index <= below(3); ++index) {
      told.segment(static_cast<std::uint8_t>(1 + index), below(5) == 0 ? 0 : index);
      for (std::uint32_t row = 0; row < 12; ++row)
        told.row(entries(), entries(), below(3) == 0 ? "" : message());
    }
    if (below(4) == 0) told.stored.records.at(below(5)).content = SecretBuffer(as_bytes("none"));
    return told;
  }

 private:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  std::string message() { return std::string(16, static_cast<char>('a' + below(6))); }
  pb::Answer answer() {
    pb::Answer answer = sample_answer("node" + std::to_string(below(4)),
                                      "word" + std::to_string(below(1000)), below(3));
    answer.set_remark(below(5) == 0);
    if (below(4) == 0) answer.set_raw("typed");
    return answer;
  }
  std::vector<pb::Entry> entries() {
    std::vector<pb::Entry> entries;
    if (below(2) == 0) return entries;  // one Padding
    pb::Entry& entry = entries.emplace_back();
    switch (below(7)) {
      case 0:
        entry.mutable_correction()->set_of_message(message());
        *entry.mutable_correction()->mutable_answer() = answer();
        break;
      case 1:
        entry.mutable_retraction()->set_of_message(message());
        break;
      case 2:
        entry.mutable_retraction()->set_node("node" + std::to_string(below(4)));
        break;
      case 3:
        entry.mutable_final()->set_testimony_digest(std::string(32, 'd'));
        entry.mutable_final()->set_identity_digest(std::string(32, 'd'));
        entry.mutable_final()->set_language(below(2) == 0 ? "es" : "");
        break;
      case 4:
        entry.mutable_media()->set_media_id(std::string(16, 'm'));
        entry.mutable_media()->set_caption("caption" + std::to_string(below(100)));
        break;
      default:
        *entry.mutable_answer() = answer();
    }
    return entries;
  }
  std::mt19937 random_;
};

TEST(WordsTest, AreThoseOfTheWholeViewWhateverWasTold) {
  std::size_t with_words = 0;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const SampleReport told = Talker(seed).report();
    const ReportView view = view_of(told.stored);
    const ToldWords words = words_of(told.stored);
    ASSERT_EQ(words.words, words_of(view)) << seed;
    ASSERT_EQ(words.language, view.final.language()) << seed;
    with_words += words.words.empty() ? 0U : 1U;
  }
  EXPECT_GT(with_words, 1000U);
}

}  // namespace
}  // namespace resguardo::analyst
