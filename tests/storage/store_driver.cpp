// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the crash tests run and kill: `storage_driver DIR script` plays short_script() on a store in
// DIR, made if it is not there, and writes "ack N" for each turn the store has acknowledged.
// `storage_driver DIR days` does the same and turns the journal over every other turn.
// `storage_driver DIR listed` does the first and lists every turn (docs/adr/142) that is not the
// last. `storage_driver DIR log` logs entries and turns the log over on three days, and writes what
// it has seen done. `storage_driver DIR open` only opens the store. `storage_driver DIR close`
// closes four reports, `storage_driver DIR erase` erases two of them, `storage_driver DIR rekey`
// changes the key twice. `storage_driver DIR media` takes files, fetches them, turns the journal
// over and ends reports, and writes what it has seen done. `storage_driver DIR replace`
// puts a receipt in the place of another, after `close`. `storage_driver DIR replies` delivers
// replies, takes one, changes a consent and erases a report, after `close`. `storage_driver DIR
// burst` lets 64 reporters write at once. Exit 0: all of it is recorded.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "crypto/base/initialise.h"
#include "storage/sqlcipher/engine.h"
#include "storage/sqlcipher/wiping.h"
#include "tests/storage/chain_builder.h"
#include "tests/storage/script.h"
#include "tests/storage/store_setup.h"

namespace resguardo::storage {
namespace {

constexpr int kTries = 4;

bool recorded(const Result<Recorded>& result) {
  return result.ok() || result.error().fault == Fault::kReplayed;
}

// A turnover that cannot be made now is left for the next day.
void begin_day(Store& store, Day day) {
  for (int tries = 0; tries < kTries; ++tries)
    if (store.turn_over_journal(day, Day{0}).ok()) return;
}

int play_script(Store& store, bool by_day) {
  const auto script = short_script();
  for (std::size_t at = 0; at < script.size(); ++at) {
    auto result = play(store, script[at]);
    for (int tries = 1; !recorded(result) && tries < kTries; ++tries)
      result = play(store, script[at]);
    if (!recorded(result)) {
      std::fprintf(stderr, "turn %zu: %s\n", at, result.error().why.c_str());
      return 3;
    }
    std::printf("ack %zu\n", at);
    std::fflush(stdout);
    if (by_day && at % 2 == 1)
      begin_day(store, Day{kDay.number + 1 + static_cast<std::int32_t>(at)});
  }
  return 0;
}

int play_burst(Store& store) {
  std::vector<std::thread> reporters;
  std::vector<int> failures(64, 0);
  for (std::uint32_t n = 0; n < 64; ++n)
    reporters.emplace_back([&, n] {
      for (std::uint32_t at = 0; at < 16; ++at) {
        Turn turn = state_turn(n * 100 + at, n, at, "state");
        add_row(turn, n, n * 10, at, "row");
        failures[n] += store.record(turn).ok() ? 0 : 1;
      }
    });
  for (std::thread& reporter : reporters) reporter.join();
  for (const int count : failures)
    if (count != 0) return 3;
  return 0;
}

// A checkpoint is shown as an export would: by reading the store, whatever the turnover said.
int play_log(Store& store) {
  for (int day = 0; day < 3; ++day) {
    for (int n = 0; n < 3; ++n) {
      const std::string entry = "entry-" + std::to_string(day) + "-" + std::to_string(n);
      Status logged = store.log(Day{kDay.number + day}, text(entry));
      for (int tries = 1; !logged.ok() && tries < kTries; ++tries)
        logged = store.log(Day{kDay.number + day}, text(entry));
      if (!logged.ok()) return 3;
      std::printf("entry %s\n", entry.c_str());
    }
    ChainBuilder builder;
    for (int tries = 0; tries < kTries; ++tries)
      if (store.turn_over_log(Day{kDay.number + day}, builder).ok()) break;
    const auto last = store.last_checkpoint();
    if (!last.ok() || !last.value()) return 3;
    std::printf("checkpoint %zu %s\n", static_cast<std::size_t>(last.value()->size),
                last.value()->note.c_str());
    std::fflush(stdout);
  }
  return 0;
}

int play_close(Store& store) {
  for (std::uint32_t n = 1; n <= 4; ++n) {
    Turn turn = state_turn(n, n, 0, "");
    add_row(turn, n, 10 * n, 0, std::string(5000, 'w'));
    add_row(turn, n, 10 * n, 1, "more");
    close(turn, n);
    if (!recorded(store.record(turn))) return 3;
  }
  return 0;
}

// Each try has entries of its own: the first that reached the disk is the one that counts.
int play_erase(Store& store) {
  SystemRandom random;
  for (int tries = 0; tries < kTries; ++tries) {
    const std::string own = " by " + to_hex(random.make<RowId>().view());
    std::vector<Erasure> ends;
    for (const std::uint32_t n : {2U, 4U})
      ends.push_back({report_id(n), kDay, text("end of " + std::to_string(n) + own)});
    if (!store.erase(ends).ok()) continue;
    std::printf("erased\n");
    return 0;
  }
  return 3;
}

// A report closes before and after it; the second rekey goes back to the usual name.
int play_rekey(Store& store) {
  for (std::uint32_t round = 0; round < 2; ++round) {
    bool done = false;
    for (int tries = 0; tries < kTries && !done; ++tries) done = store.replace_key().ok();
    if (done) std::printf("rekeyed\n");
    const std::uint32_t n = 11 + round;
    Turn turn = state_turn(n, n, 0, "");
    add_row(turn, n, 10 * n, 0, "told after it");
    close(turn, n);
    bool told = false;
    for (int tries = 0; tries < kTries && !told; ++tries) told = recorded(store.record(turn));
    if (!told) return 3;
    std::printf("ack %u\n", n);
    std::fflush(stdout);
  }
  return 0;
}

// As the fetcher does, until nothing waits. File 5 is lost.
bool fetch_all(Store& store) {
  for (int tries = 0; tries < kTries; ++tries) {
    const auto pending = store.pending_media();
    if (!pending.ok()) continue;
    if (pending->empty()) return true;
    for (std::uint32_t n = 1; n <= 5; ++n) {
      const auto at = std::ranges::find(*pending, media_id(n), &PendingMedia::media);
      if (at == pending->end()) continue;
      const auto file = n == 5 ? nullptr : keep_media(store, n);
      if (n != 5 && !file) continue;
      const std::uint32_t report = n <= 2 ? 1 : n - 1;
      const auto told =
          store.record(addendum(report, n, 500 + n, n == 5 ? Fetched::kLost : Fetched::kKept));
      if (told.ok()) std::printf("settled %u\n", n);
    }
    std::fflush(stdout);
  }
  return false;
}

bool take_file(Store& store, Turn turn, std::uint32_t media) {
  take_media(turn, media);
  for (int tries = 0; tries < kTries; ++tries) {
    if (!recorded(store.record(turn))) continue;
    std::printf("taken %u\n", media);
    std::fflush(stdout);
    return true;
  }
  return false;
}

Turn telling(std::uint32_t delivery, std::uint32_t report, std::uint64_t at) {
  Turn turn = state_turn(delivery, report, at, "state");
  add_row(turn, report, 10 * report, at, "a file was sent");
  return turn;
}

// Of four reports the first keeps two files, the second is left, the third erased, the fourth's
// file is lost.
int play_media(Store& store) {
  const auto closing = [](Turn turn, std::uint32_t report) {
    close(turn, report);
    return turn;
  };
  bool done = take_file(store, telling(1, 1, 0), 1) && fetch_all(store);
  begin_day(store, Day{kDay.number + 1});
  done = done && take_file(store, closing(telling(2, 1, 1), 1), 2);
  done = done && take_file(store, telling(3, 2, 0), 3);
  begin_day(store, Day{kDay.number + 2});
  done = done && fetch_all(store);
  Turn gone = state_turn(4, 2, 1, "");
  erase(gone, 2);
  bool left = false;
  for (int tries = 0; tries < kTries && !left; ++tries) left = recorded(store.record(gone));
  done = done && left && take_file(store, closing(telling(5, 3, 0), 3), 4) && fetch_all(store);
  const Erasure end{report_id(3), kDay, text("EXPIRED")};
  bool erased = false;
  for (int tries = 0; tries < kTries && !erased; ++tries) erased = store.erase({&end, 1}).ok();
  done = done && erased && take_file(store, closing(telling(6, 4, 0), 4), 5) && fetch_all(store);
  return done ? 0 : 3;
}

// Replies to two closed reports: of the first's two one is taken, the second's goes with it.
int play_replies(Store& store) {
  const auto again = [](auto attempt) {
    for (int tries = 0; tries < kTries; ++tries)
      if (attempt().ok()) return true;
    return false;
  };
  std::vector<ReplyWrite> replies;
  for (const std::uint32_t n : {1U, 2U, 3U})
    replies.push_back({numbered<ReplyId>(0, n), report_id(n < 3 ? 1 : 2), Bytes(3000, 'r'), kDay});
  if (!again([&] { return store.deliver(replies); })) return 3;
  std::printf("delivered\n");
  std::fflush(stdout);
  const std::vector<ReplyId> taken = {replies[0].id};
  if (!again([&] { return store.forget_replies(report_id(1), taken); })) return 3;
  std::printf("taken\n");
  std::fflush(stdout);
  if (!again([&] { return store.change_consent(report_id(1), kDay, text("CONSENT_CHANGE")); }))
    return 3;
  std::printf("consent\n");
  std::fflush(stdout);
  const Erasure end{report_id(2), kDay, text("WITHDRAWAL")};
  if (!again([&] { return store.erase({&end, 1}); })) return 3;
  std::printf("erased\n");
  return 0;
}

// Report 3's receipt gives way to another one, together with what its person's conversation says.
int play_replacement(Store& store) {
  const auto tries = [](auto attempt) {
    for (int left = kTries; left > 0; --left)
      if (attempt()) return true;
    return false;
  };
  const auto says = [&](std::string_view state) {
    const auto found = store.find(tag(50));
    return found.ok() && *found && (*found)->sealed_state == text(state);
  };
  const ReplyWrite reply{numbered<ReplyId>(0, 9), report_id(3), Bytes(3000, 'r'), kDay};
  if (!tries([&] { return store.deliver({&reply, 1}).ok(); })) return 3;
  const Turn first = state_turn(501, 50, 0, "token 1");
  if (!tries([&] { return says("token 1") || says("token 2") || store.record(first).ok(); }))
    return 3;
  Turn turn = state_turn(502, 50, 1, "token 2");
  add_row(turn, 3, 31, 0, "another receipt");
  turn.report->only_more = true;
  turn.report->change = ReportChange::kClose;
  turn.report->receipt = ReceiptWrite{receipt(31), text("another mailbox"), Bytes(32, 8)};
  turn.report->log_entries.push_back(text("ADDENDUM"));
  if (!tries([&] { return says("token 2") || store.record(turn).ok(); })) return 3;
  std::printf("replaced\n");
  return 0;
}

// A phone is linked to report 1, another to report 2 in the place of the first, and report 3's goes
// with what was made before kDay; then the second's goes.
int play_links(Store& store) {
  const auto again = [](auto attempt) {
    for (int tries = 0; tries < kTries; ++tries)
      if (attempt().ok()) return true;
    return false;
  };
  const auto tag_of = [](std::uint32_t n) { return std::vector{numbered<LinkTag>(7, n)}; };
  const auto made = [&](std::uint32_t n, Day day, const std::vector<LinkTag>& before) {
    const LinkWrite link{tag_of(n)[0], report_id(n), day, Bytes(120, 'k')};
    return again([&] { return store.link(link, before); });
  };
  if (!made(1, kDay, {}) || !made(3, Day{kDay.number - 1}, {})) return 3;
  std::printf("linked\n");
  std::fflush(stdout);
  if (!made(2, kDay, tag_of(1))) return 3;
  std::printf("other\n");
  std::fflush(stdout);
  if (!again([&] { return store.forget_links_before(kDay); })) return 3;
  std::printf("swept\n");
  std::fflush(stdout);
  if (!again([&] { return store.forget_links(tag_of(2)); })) return 3;
  std::printf("unlinked\n");
  return 0;
}

int run(const char* directory, std::string_view what) {
  if (!sqlcipher::install_library_wiping().ok() || !initialise_crypto().ok()) return 2;
  const auto keys = ensure_store(directory);
  if (!keys.ok()) {
    std::fprintf(stderr, "making: %s\n", keys.error().why.c_str());
    return 4;
  }
  SystemRandom random;
  EngineOptions options{.directory = directory, .today = kDay};
  if (what == "listed") options.unlisted_turns = options.listed_at_once = 1;
  const auto store = open_store(options, **keys, random);
  if (!store.ok()) {
    std::fprintf(stderr, "opening: %s\n", store.error().why.c_str());
    return 4;
  }
  if (what == "open") return 0;
  if (what == "close") return play_close(**store);
  if (what == "rekey") return play_rekey(**store);
  if (what == "erase") return play_erase(**store);
  if (what == "replies") return play_replies(**store);
  if (what == "links") return play_links(**store);
  if (what == "replace") return play_replacement(**store);
  if (what == "media") return play_media(**store);
  if (what == "log") return play_log(**store);
  return what == "burst" ? play_burst(**store) : play_script(**store, what == "days");
}

}  // namespace
}  // namespace resguardo::storage

int main(int count, char** arguments) {
  if (count != 3) return 2;
  return resguardo::storage::run(arguments[1], arguments[2]);
}
