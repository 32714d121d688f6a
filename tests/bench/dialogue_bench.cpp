// SPDX-License-Identifier: AGPL-3.0-or-later
// Steps of conversations, alone and with a copy of the state before, as the intake keeps it until
// the store has the turn. Sizes of what was walked come with the numbers.
//
// What is measured: advance() from what was said to the whole prompt, and throwing away the step
// before. What people say (walker.h) is drawn beforehand, in a walk that is not timed; the engine
// is pure, so the same words lead the same way again. Half of it is on WhatsApp, half on Signal.
// Not measured: the gateway before, sealing and storing after.
#include <benchmark/benchmark.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/step.h"
#include "tests/bench/walker.h"

namespace resguardo::dialogue {
namespace {

Settings settings() {
  Settings settings;
  settings.organisation = "Org";
  settings.team_code = [](std::string_view) { return std::optional<std::string>("team-1"); };
  settings.signal_link = "https://signal.example/u";
  settings.retention = "5";
  return settings;
}

// One message of a person, as the gateway gave it.
struct Line {
  bool first = false;  // of its conversation
  ChannelKind channel = ChannelKind::kWhatsApp;
  Said said;
  TimePoint now;
};
struct Script {
  std::vector<Line> lines;  // whole conversations, one after the other
  std::size_t conversations = 0;
  std::size_t receipts = 0;
};

Script write_script(const Form& form, std::size_t conversations) {
  const Settings settings = dialogue::settings();
  bench::Walker walker(form, 1);
  Script script;
  TimePoint now{std::chrono::milliseconds(1'795'000'000'000)};
  while (script.conversations < conversations) {
    const auto channel = walker.pick(2) == 0 ? ChannelKind::kWhatsApp : ChannelKind::kSignal;
    walker.begin(channel);
    ++script.conversations;
    Step last;
    for (bool first = true; first || !bench::Walker::ended(last); first = false) {
      now += std::chrono::seconds(5);
      Line line{first, channel, walker.next(last), now};
      last = advance(form, settings, std::move(last.state), true, channel, line.said, now);
      script.lines.push_back(std::move(line));
    }
    if (last.effect == Effect::kCloseReport) ++script.receipts;
  }
  return script;
}

void steps(benchmark::State& state, const Form& form, const Script& script, bool copied) {
  const Settings settings = dialogue::settings();
  Step last;
  std::size_t count = 0;
  std::size_t facts = 0;
  const auto step = [&](pb::ConversationState&& before, const Line& line) {
    return advance(form, settings, std::move(before), true, line.channel, line.said, line.now);
  };
  for (auto _ : state) {
    const Line& line = script.lines[count++ % script.lines.size()];
    if (line.first) last = {};
    last =
        copied ? step(pb::ConversationState(last.state), line) : step(std::move(last.state), line);
    benchmark::DoNotOptimize(&last);
    facts += static_cast<std::size_t>(last.state.facts_size());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
  state.counters["facts"] = static_cast<double>(facts) / static_cast<double>(count);
  state.counters["conversations"] = static_cast<double>(script.conversations);
  state.counters["receipts"] = static_cast<double>(script.receipts);
  state.counters["lines"] = static_cast<double>(script.lines.size());
  state.counters["nodes"] = static_cast<double>(form.content().nodes.size());
}

std::string read(const char* file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace
}  // namespace resguardo::dialogue

// dialogue_bench FORM [benchmark's options]; FORM as `resguardo-form join` writes it.
int main(int argc, char** argv) {
  using resguardo::dialogue::Form;
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::cerr << "dialogue_bench: give one form; `resguardo-form join` makes one of its parts\n";
    return 2;
  }
  std::vector<resguardo::dialogue::FormProblem> problems;
  const auto form =
      Form::compile(resguardo::as_bytes(resguardo::dialogue::read(argv[1])), problems);
  if (!form.ok()) {
    for (const auto& each : problems) std::cerr << each.where << ": " << each.what << '\n';
    return 1;
  }
  constexpr std::size_t kConversations = 1000;
  const auto script = resguardo::dialogue::write_script(**form, kConversations);
  for (const bool copied : {false, true}) {
    benchmark::RegisterBenchmark(copied ? "steps, the state before kept" : "steps",
                                 [&form, &script, copied](benchmark::State& state) {
                                   resguardo::dialogue::steps(state, **form, script, copied);
                                 });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
