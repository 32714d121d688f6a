// SPDX-License-Identifier: AGPL-3.0-or-later
//
//   search_bench [REPORTS [RECORDS]]     default 100000 reports of 25 records
//
// How long a search takes in a vault of so many reports. Their words come from a vocabulary of
// 20,000, as often as words come in a language (the n-th one n times more seldom than the first),
// and go in as an import puts them, unsealed: what sealing costs is bundle_bench's.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "analyst/vault/vault_search.h"
#include "crypto/base/initialise.h"
#include "crypto/format/strict_parse.h"
#include "proto/record.pb.h"
#include "storage/sqlcipher/wiping.h"
#include "tests/support/must.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::must;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kVocabulary = 20'000;
constexpr std::size_t kWordsEach = 15;  // of a record

double milliseconds_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

std::string word(std::size_t rank) {
  std::string text = "w";
  for (std::size_t rest = rank * 2'654'435'761U % 1'000'003; rest > 0; rest /= 20)
    text += "abcdefghijklmnopqrst"[rest % 20];
  return text + std::to_string(rank);
}

class Bench {
 public:
  explicit Bench(std::size_t records) : records_(records) {
    for (std::size_t rank = 1; rank <= kVocabulary; ++rank)
      weights_.push_back(1.0 / static_cast<double>(rank));
    ranks_ = std::discrete_distribution<std::size_t>(weights_.begin(), weights_.end());
  }

  void fill(std::size_t reports) {
    constexpr std::size_t kAtOnce = 400;
    const auto begun = Clock::now();
    for (std::size_t number = 0; number < reports;) {
      auto addition = must(vault_.begin());
      for (std::size_t i = 0; i < kAtOnce && number < reports; ++i) add(addition, number++);
      must(addition.commit());
    }
    std::printf("%zu reports of %zu records, filled in %.0f s\n", reports, records_,
                milliseconds_since(begun) / 1000);
  }

  void line(const char* what, std::vector<std::string> words) {
    std::vector<double> took;
    std::size_t hits = 0;
    for (int i = 0; i < 21; ++i) {
      const auto begun = Clock::now();
      hits = must(VaultSearch(vault_).find(words, 50)).hits.size();
      took.push_back(milliseconds_since(begun));
    }
    const double first = took.front();
    std::sort(took.begin(), took.end());
    std::printf("%-34s %3zu hits  first %7.2f ms  median %7.2f ms  worst %7.2f ms\n", what, hits,
                first, took.at(took.size() / 2), took.back());
    std::fflush(stdout);
  }

 private:
  Bytes record() {
    std::string text;
    for (std::size_t i = 0; i < kWordsEach; ++i) text += word(ranks_(random_)) + " ";
    pb::Record record;
    record.set_salt(std::string(16, 's'));
    pb::Answer& answer = *record.add_entries()->mutable_answer();
    answer.set_node("n" + std::to_string(next_node_++ % records_));
    answer.set_text(text);
    return serialize_canonical(record);
  }
  template <std::size_t kSize>
  Bytes numbered(std::size_t number) {
    Bytes bytes(kSize);
    for (std::size_t at = 0; at < kSize; ++at)
      bytes[at] = static_cast<std::uint8_t>((number * 0x9E3779B97F4A7C15U) >> (8 * (at % 8)));
    return bytes;
  }
  void add(Vault::Addition& addition, std::size_t number) {
    StoredSegment segment;
    segment.report = *ReportId::from(numbered<16>(number));
    segment.digest = *Digest::from(numbered<32>(number));
    segment.rows = segment.opened = records_;
    segment.chain = Bytes(32, 1);
    must(addition.begin_report(segment.report, Day{20775}));
    must(addition.begin_segment(segment, as_bytes("header")));
    for (std::size_t row = 0; row < records_; ++row)
      must(addition.add_record(segment.digest, row, StreamId::kTestimony, record()));
    must(addition.end_segment(segment, {}));
    must(VaultSearch(vault_).index(segment.report));
  }
  static SecretBytes passphrase() {
    std::string text = "a passphrase of a bench";
    return must(SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
  }

  std::size_t records_;
  std::size_t next_node_ = 0;
  std::mt19937 random_{1};
  std::vector<double> weights_;
  std::discrete_distribution<std::size_t> ranks_;
  testing_support::TemporaryDirectory directory_;
  Vault vault_ = must(Vault::create(directory_.path() / "vault",
                                    must(open::SecretKey<RootRole>::generate()).public_key(),
                                    passphrase(), {1, open::LockCost::kMinMemory}));
};

int run(std::size_t reports, std::size_t records) {
  Bench bench(records);
  bench.fill(reports);
  bench.line("a word of nearly every report", {word(0)});
  bench.line("two such words", {word(0), word(1)});
  bench.line("four such words", {word(0), word(1), word(2), word(3)});
  bench.line("a word of some reports", {word(2'000)});
  bench.line("a frequent word and a rare one", {word(0), word(kVocabulary - 1)});
  bench.line("two rare words", {word(kVocabulary - 1), word(kVocabulary - 2)});
  bench.line("two words that stand together", {word(0) + " " + word(1)});
  bench.line("what some 50 words begin with", {word(1).substr(0, 3) + "*"});
  bench.line("what some 50 others begin with", {"wab*"});
  bench.line("a word that nobody said", {"nobody"});
  return 0;
}

}  // namespace
}  // namespace resguardo::analyst

int main(int count, char** arguments) {
  using resguardo::sqlcipher::SqliteMemory;
  if (!resguardo::sqlcipher::install_library_wiping(SqliteMemory::kLocked).ok()) return 1;
  if (!resguardo::initialise_crypto().ok()) return 1;
  const auto number = [&](int at, std::size_t otherwise) {
    return count > at ? std::strtoull(arguments[at], nullptr, 10) : otherwise;
  };
  return resguardo::analyst::run(number(1, 100'000), number(2, 25));
}
