// SPDX-License-Identifier: AGPL-3.0-or-later
//
//   bench_store count --config FILE
//       what the store of a stopped bot holds: open and closed reports and their sealed rows
//   bench_store fill --config FILE [--open 1000] [--rows 10000] [--conversations 400] [--seed 1]
//       fills it: so many open conversations, and closed reports until there are so many sealed
//       rows
//   bench_store report --config FILE [--reports 20000] [--seed 1] --regret OUT
//       tells it so many reports, no two alike (reporters.h); OUT: who will take back something
//   bench_store take-back --config FILE --regret OUT --purpose ID
//       and they do
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>

#include "bot/commands/commands.h"
#include "bot/commands/installation.h"
#include "crypto/base/initialise.h"
#include "tests/bench/arguments.h"
#include "tests/bench/filler.h"
#include "tests/bench/reporters.h"
#include "tests/support/must.h"

namespace resguardo::bench {
namespace {

using testing_support::must;

template <class T>
T must_open(program::Outcome<T> outcome) {
  if (!outcome.ok()) throw std::runtime_error(outcome.error().where + ": " + outcome.error().what);
  return std::move(outcome).value();
}

void count(const std::string& file) {
  const auto config = must_open(commands::require_config(file));
  SystemRandom ids;
  const auto site = must_open(commands::open_installation(config, SystemClock().now(), ids));
  std::uint64_t open_rows = 0;
  std::uint64_t closed_rows = 0;
  const auto open = must(site.store->open_reports());
  for (const auto& report : open) {
    const auto contents = must(site.store->open_contents(report.report));
    if (contents) open_rows += contents->rows.size();
  }
  const auto closed = must(site.store->reports());
  for (const auto& report : closed)
    for (const auto& segment : must(site.store->segments(report.report)))
      closed_rows += segment.rows;
  const boost::json::object line({{"open_reports", open.size()},
                                  {"open_rows", open_rows},
                                  {"closed_reports", closed.size()},
                                  {"closed_rows", closed_rows}});
  std::cout << boost::json::serialize(line) << std::endl;
}

void fill(const Arguments& arguments) {
  const auto config = must_open(commands::require_config(arguments.text("config")));
  const std::string source = read_whole(config.form.path);
  std::vector<dialogue::FormProblem> problems;
  const auto form = must(dialogue::Form::compile(as_bytes(source), problems));
  const Recording recording(*form, recording_options(arguments, true));
  Filler filler(config, *form, recording);
  const auto open = static_cast<std::uint64_t>(arguments.number("open", 1000));
  const auto rows = static_cast<std::uint64_t>(arguments.number("rows", 10'000));
  filler.open_conversations(open);
  if (filler.rows() < rows) filler.closed_rows(rows - filler.rows());
  filler.wait();
  const boost::json::object line(
      {{"open_conversations", open}, {"rows", filler.rows()}, {"deliveries", filler.deliveries()}});
  std::cout << boost::json::serialize(line) << std::endl;
}

void report(const Arguments& arguments) {
  const auto config = must_open(commands::require_config(arguments.text("config")));
  const std::string source = read_whole(config.form.path);
  std::vector<dialogue::FormProblem> problems;
  const auto form = must(dialogue::Form::compile(as_bytes(source), problems));
  const auto told =
      report_all(config, *form, static_cast<std::uint64_t>(arguments.number("reports", 20'000)),
                 static_cast<std::uint32_t>(arguments.number("seed", 1)));
  std::ofstream regret(arguments.text("regret"));
  for (const auto& [id, number] : told.regret) regret << id << ' ' << number << '\n';
  const boost::json::object line({{"whole", told.whole},
                                  {"interrupted", told.interrupted},
                                  {"left", told.left},
                                  {"duress", told.duress},
                                  {"regret", told.regret.size()}});
  std::cout << boost::json::serialize(line) << std::endl;
}

void regret(const Arguments& arguments) {
  const auto config = must_open(commands::require_config(arguments.text("config")));
  std::vector<std::pair<std::string, std::uint32_t>> who;
  std::ifstream lines(arguments.text("regret"));
  std::string id;
  for (std::uint32_t number = 0; lines >> id >> number;) who.emplace_back(id, number);
  take_back(config, who, arguments.text("purpose"));
  std::cout << boost::json::serialize(boost::json::object({{"regret", who.size()}})) << std::endl;
}

}  // namespace
}  // namespace resguardo::bench

int main(int argc, char** argv) {
  using namespace resguardo::bench;
  if (!resguardo::initialise_crypto().ok()) return 1;
  try {
    const Arguments arguments(argc, argv);
    const std::string what = arguments.words().empty() ? "" : arguments.words().front();
    if (what == "count") {
      count(arguments.text("config"));
    } else if (what == "fill") {
      fill(arguments);
    } else if (what == "report") {
      report(arguments);
    } else if (what == "take-back") {
      regret(arguments);
    } else {
      throw std::runtime_error("say count, fill, report or take-back");
    }
    return 0;
  } catch (const std::exception& wrong) {
    std::cerr << "bench_store: " << wrong.what() << '\n';
    return 1;
  }
}
