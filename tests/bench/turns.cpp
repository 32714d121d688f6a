// SPDX-License-Identifier: AGPL-3.0-or-later
//
//   turns --form FORM --secrets DIR --graph PORT --signal PORT
//         --bot-public PORT --bot-gateway PORT --bot-process PID [--bot-pages FILE]
//         [--ceiling PORT --ceiling-process PID --ceiling-pages FILE]
//         [--people 10000] [--connections 64] [--open-connections 256] [--signal-share 0.2]
//         [--conversations 400] [--seed 1] [--first 0] [--wake N] STAGE…
//
// Leads many people through a form against a running `resguardo-bot serve`, and prints a line of
// JSON for each stage (crowd.h says what the stages' loops are):
//   begin            everybody from hello to consent
//   sealed:S         turns after consent, S seconds, closed loop
//   sealed:S:F       the same, open loop, at F times the turns a second of the best stage so far
//   closing:S        the turns that close a report
//   whole:S:N        N new people at a time, from hello to the receipt
//   ceiling:S[:F]    the same posts, to the ceiling program
// With --wake the people are the first N that `bench_store fill` left on disk, and `begin` is one
// message of each to a bot that was started since; it has the prompt for an answer that they are
// owed. And a last line with what the bot's store must hold now. Its secrets are a directory as
// deploy/demo/installation.py writes it. Exit 1 if any prompt was wrong; one
// that never came is told.
#include <sys/resource.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <map>
#include <sstream>

#include "crypto/base/initialise.h"
#include "tests/bench/arguments.h"
#include "tests/bench/crowd.h"
#include "tests/bench/filled.h"
#include "tests/bench/process_figures.h"

namespace resguardo::bench {
namespace {

// A server under load.
struct Target {
  Doors doors;
  int process = 0;
  std::string pages;
};

std::vector<double> numbers_after(const std::string& word) {
  std::vector<double> numbers;
  std::istringstream in(word);
  std::string part;
  std::getline(in, part, ':');
  while (std::getline(in, part, ':')) numbers.push_back(std::stod(part));
  return numbers;
}

std::uint32_t at_share(std::vector<std::uint32_t>& times, double share) {
  if (times.empty()) return 0;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(times.size() - 1));
  const auto at = times.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(times.begin(), at, times.end());
  return *at;
}

boost::json::object milliseconds(std::vector<std::uint32_t>& times) {
  const auto at = [&](double share) { return static_cast<double>(at_share(times, share)) / 1000; };
  return {{"p50", at(0.5)}, {"p99", at(0.99)}, {"p999", at(0.999)}};
}

double own_processor() {
  rusage used = {};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

class Turns {
 public:
  explicit Turns(const Arguments& arguments)
      : form_(compile(arguments.text("form"))),
        recording_(make_recording(*form_, arguments)),
        posts_({read_line(arguments.text("secrets") + "/whatsapp.app"),
                read_line(arguments.text("secrets") + "/signal.token")},
               static_cast<std::uint64_t>(SystemClock().now().time_since_epoch().count()) / 1000),
        crowd_(recording_, posts_, options(arguments)),
        connections_(static_cast<std::size_t>(arguments.number("connections", 64))),
        open_connections_(static_cast<std::size_t>(arguments.number("open-connections", 256))) {
    bot_ = target(arguments, "bot-public", "bot-gateway", "bot");
    ceiling_ = target(arguments, "ceiling", "no-gateway", "ceiling");
  }

  void play(const std::string& word) {
    const std::string name = word.substr(0, word.find(':'));
    const auto numbers = numbers_after(word);
    const auto number = [&](std::size_t at, double otherwise) {
      return at < numbers.size() ? numbers[at] : otherwise;
    };
    static const std::map<std::string, Part> parts = {{"begin", Part::kBegin},
                                                      {"sealed", Part::kSealed},
                                                      {"closing", Part::kClosing},
                                                      {"whole", Part::kWhole},
                                                      {"ceiling", Part::kDummy}};
    const auto part = parts.find(name);
    if (part == parts.end()) throw std::runtime_error("no such stage: " + word);
    Stage stage;
    stage.part = part->second;
    stage.seconds = number(0, 600);
    if (stage.part == Part::kWhole) {
      stage.people = static_cast<std::size_t>(number(1, 200));
    } else if (number(1, 0) > 0) {
      stage.rate = number(1, 0) * best_[name];
    }
    measure(name, stage, stage.part == Part::kDummy ? ceiling_ : bot_);
  }

  // Whether every prompt that came was the right one.
  bool finish() {
    const auto ledger = crowd_.ledger();
    const boost::json::object line({{"stage", "ledger"},
                                    {"open_reports", ledger.open_reports},
                                    {"open_rows", ledger.open_rows},
                                    {"closed_reports", ledger.closed_reports},
                                    {"closed_rows", ledger.closed_rows},
                                    {"unsure", ledger.unsure}});
    std::cout << boost::json::serialize(line) << std::endl;
    return good_;
  }

 private:
  static std::shared_ptr<const dialogue::Form> compile(const std::string& file) {
    std::vector<dialogue::FormProblem> problems;
    const std::string source = read_whole(file);
    const auto form = dialogue::Form::compile(as_bytes(source), problems);
    if (!form.ok()) throw std::runtime_error(file + " does not compile");
    return *form;
  }
  static Recording make_recording(const dialogue::Form& form, const Arguments& arguments) {
    const auto options = recording_options(arguments, arguments.number("wake", 0) > 0);
    Recording recording(form, options);
    if (!options.keep_steps) return recording;
    return wake_all(form, recording, options.now);
  }
  static CrowdOptions options(const Arguments& arguments) {
    CrowdOptions options;
    options.people = static_cast<std::size_t>(arguments.number("people", 10'000));
    options.signal_share = arguments.number("signal-share", 0.2);
    options.graph_port = arguments.port("graph");
    options.signal_port = arguments.port("signal");
    options.first = static_cast<std::uint64_t>(arguments.number("first", 0));
    if (arguments.number("wake", 0) == 0) return options;
    options.people = static_cast<std::size_t>(arguments.number("wake", 0));
    options.signal_share = 0;
    options.first = kFirstFilled;
    return options;
  }
  static Target target(const Arguments& arguments, const std::string& whatsapp,
                       const std::string& signal, const std::string& name) {
    return {{arguments.port(whatsapp), arguments.port(signal)},
            static_cast<int>(arguments.number(name + "-process", 0)),
            arguments.text(name + "-pages", "")};
  }

  void measure(const std::string& name, const Stage& stage, const Target& target) {
    const double own = own_processor();
    const auto before = figures_of(target.process, target.pages);
    Outcome outcome =
        crowd_.run(stage, target.doors, stage.rate > 0 ? open_connections_ : connections_);
    const auto after = figures_of(target.process, target.pages);
    const auto answered = static_cast<double>(std::max<std::size_t>(1, outcome.answered.size()));
    const double rate = static_cast<double>(outcome.turns) / outcome.seconds;
    if (stage.rate == 0) best_[name] = std::max(best_[name], rate);
    if (outcome.wrong > 0) good_ = false;
    const auto each = [&](std::uint64_t now, std::uint64_t then) {
      return static_cast<double>(now - then) / answered;
    };
    const boost::json::object line(
        {{"stage", name},
         {"rate", stage.rate},
         {"seconds", outcome.seconds},
         {"turns", outcome.turns},
         {"turns_per_second", rate},
         {"cpu_us", (after.processor - before.processor) * 1e6 / answered},
         {"own_cpu_us", (own_processor() - own) * 1e6 / answered},
         {"journal_frames", each(after.journal_frames, before.journal_frames)},
         {"report_frames", each(after.report_frames, before.report_frames)},
         {"database_pages", each(after.database_pages, before.database_pages)},
         {"syncs", each(after.syncs, before.syncs)},
         {"resident_kib", after.resident_kib},
         {"post_bytes", static_cast<double>(outcome.bytes) / answered},
         {"answer_ms", milliseconds(outcome.answered)},
         {"prompt_ms", milliseconds(outcome.prompted)},
         {"prompts", outcome.prompts},
         {"refused", outcome.refused},
         {"wrong", outcome.wrong},
         {"missing", outcome.missing},
         {"late", outcome.late}});
    std::cout << boost::json::serialize(line) << std::endl;
    if (!outcome.sample.empty())
      std::cerr << "a prompt that was not due: " << outcome.sample << '\n';
  }

  std::shared_ptr<const dialogue::Form> form_;
  Recording recording_;
  Posts posts_;
  Crowd crowd_;
  std::size_t connections_;
  std::size_t open_connections_;
  Target bot_;
  Target ceiling_;
  std::map<std::string, double> best_;
  bool good_ = true;
};

}  // namespace
}  // namespace resguardo::bench

int main(int count, char** values) {
  using namespace resguardo::bench;
  if (!resguardo::initialise_crypto().ok()) return 1;
  try {
    const Arguments arguments(count, values);
    Turns turns(arguments);
    for (const std::string& stage : arguments.words()) turns.play(stage);
    return turns.finish() ? 0 : 1;
  } catch (const std::exception& wrong) {
    std::cerr << "turns: " << wrong.what() << '\n';
    return 2;
  }
}
