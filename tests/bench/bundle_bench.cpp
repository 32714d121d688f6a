// SPDX-License-Identifier: AGPL-3.0-or-later
//
//   bundle_bench [REPORTS [TURNS]]     default 2000 reports of 25 turns
//
// How fast a bundle is checked and imported. Each line ends with its ratio to reading and checking
// the frames alone, in the same run, by processor time. What the protocol asks of any reader stands
// before the imports: frames and headers, envelopes (X25519), rows (secretstream), chains
// (SHA-256).
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>

#include "analyst/import/bundle_check.h"
#include "analyst/import/importer.h"
#include "crypto/base/initialise.h"
#include "storage/sqlcipher/wiping.h"
#include "tests/analyst/large_bundle.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

// On the wall and of the processor: a machine with other work stretches the first only.
struct Took {
  double wall = 0;
  double processor = 0;
};

Took time_of(const std::function<void()>& work) {
  const auto begun = std::chrono::steady_clock::now();
  const std::clock_t used = std::clock();
  work();
  return {Seconds(std::chrono::steady_clock::now() - begun).count(),
          static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC};
}

template <class T>
T must(Result<T> result) {
  if (!result.ok()) std::fprintf(stderr, "%s\n", result.error().why.c_str());
  return std::move(result).value();
}

template <class T>
T must(program::Outcome<T> outcome) {
  if (!outcome.ok())
    std::fprintf(stderr, "%s: %s\n", outcome.error().where.c_str(), outcome.error().what.c_str());
  return std::move(outcome).value();
}

// Does with a bundle what its protocol asks for, and keeps nothing.
class Floor final : public BundleVisitor {
 public:
  struct Parts {
    bool keys = false, rows = false, chains = false;
  };
  Floor(const open::AnalystKeys& keys, Parts parts) : keys_(keys), parts_(parts) {}

  using Told = program::Outcome<Done>;
  Told header(const pb::BundleHeader&) override { return Done{}; }
  Told roster(ByteView) override { return Done{}; }
  Told questionnaire(ByteView, const Digest&) override { return Done{}; }
  Told media_chunk(const WalkedChunk&) override { return Done{}; }
  Told log_entry(const pb::BundleLogEntry&) override { return Done{}; }
  Told checkpoint(const std::string&) override { return Done{}; }
  Told segment(const WalkedSegment& segment) override {
    const ByteView header = as_bytes(segment.sent.header());
    if (parts_.keys) reader_.emplace(must(open::SegmentReader::begin(segment.head, keys_)));
    if (parts_.chains) chain_ = SegmentChain::begin(header);
    return Done{};
  }
  Told row(ByteView row) override {
    if (parts_.rows) (void)must(reader_->next(row));
    if (chain_) chain_->add(row);
    return Done{};
  }

 private:
  const open::AnalystKeys& keys_;
  Parts parts_;
  std::optional<open::SegmentReader> reader_;
  std::optional<SegmentChain> chain_;
};

class Bench {
 public:
  Bench(std::size_t reports, std::size_t turns) : reports_(reports) {
    testing_support::write_large_bundle(file_, fixture_.roster,
                                        {reports, turns, 100, R"(id: "f" version: "1")"}, now_);
    const auto bytes = fs::file_size(file_);
    std::printf("%zu reports of %zu turns, %.1f MB\n", reports, turns,
                static_cast<double>(bytes) / 1e6);
    megabytes_ = static_cast<double>(bytes) / 1e6;
  }

  void run() {
    frames_ = time_of([&] {
      std::ifstream in(file_, std::ios::binary);
      BundleReader reader(in);
      while (!reader.finished()) (void)must(reader.next());
    });
    line("frames", frames_);
    line("frames and headers", floor({}));
    line("… and envelopes", floor({.keys = true}));
    line("… and rows", floor({.keys = true, .rows = true}));
    line("… and chains: the floor", floor({true, true, true}));
    line("verify", time_of([&] { check(nullptr); }));
    line("check before import", time_of([&] { check(&fixture_.analysts.front()); }));
    Bytes words = to_bytes(as_bytes("a passphrase of a bench"));
    const SecretBytes passphrase = must(SecretBytes::take(words));
    Vault gathered = make("gathered", passphrase);
    line("import", import(gathered, std::nullopt));
    line("import again", import(gathered, std::nullopt));
    Vault one = make("one", passphrase);
    line("import, one report a commit", import(one, 0));
  }

 private:
  Vault make(const char* name, const SecretBytes& passphrase) const {
    return must(Vault::create(directory_.path() / name, fixture_.root.public_key(), passphrase,
                              {1, open::LockCost::kMinMemory}));
  }
  void check(const open::AnalystKeys* keys) {
    RosterShelf shelf(fixture_.root.public_key());
    (void)must(BundleCheck(&shelf, keys).run(file_));
  }
  Took floor(Floor::Parts parts) const {
    Floor visitor(fixture_.analysts.front(), parts);
    return time_of([&] { (void)must(walk_bundle(file_, visitor)); });
  }
  Took import(Vault& vault, std::optional<std::uint64_t> commit_every) {
    RosterShelf shelf(fixture_.root.public_key());
    auto found = must(BundleCheck(&shelf, nullptr).run(file_));
    Importer importer(vault, shelf, fixture_.analysts.front(), std::move(found.log));
    if (commit_every) importer.commit_every(*commit_every);
    return time_of([&] { (void)must(importer.run(file_, std::nullopt)); });
  }
  void line(const char* what, const Took& took) const {
    std::printf("%-30s %7.2f s  %7.2f s of CPU  %7.1f MB and %6.0f reports/s of CPU  x %.2f\n",
                what, took.wall, took.processor, megabytes_ / took.processor,
                static_cast<double>(reports_) / took.processor, took.processor / frames_.processor);
    std::fflush(stdout);
  }

  testing_support::TemporaryDirectory directory_;
  fs::path file_ = directory_.path() / "bundle";
  TimePoint now_ = start_of(Day{20700});
  testing_support::RosterFixture fixture_ =
      testing_support::make_roster({.analysts = 3,
                                    .first_week = week_of(now_),
                                    .weeks = 1,
                                    .reserve = false,
                                    .valid_days = 365,
                                    .log_keys = {},
                                    .log_origin = ""});
  std::size_t reports_;
  double megabytes_ = 0;
  Took frames_;
};

}  // namespace
}  // namespace resguardo::analyst

int main(int count, char** arguments) {
  using resguardo::sqlcipher::SqliteMemory;
  if (!resguardo::sqlcipher::install_library_wiping(SqliteMemory::kLocked).ok()) return 1;
  if (!resguardo::initialise_crypto().ok()) return 1;
  const auto number = [&](int at, std::size_t otherwise) {
    return count > at ? std::strtoull(arguments[at], nullptr, 10) : otherwise;
  };
  resguardo::analyst::Bench(number(1, 2000), number(2, 25)).run();
  return 0;
}
