// SPDX-License-Identifier: AGPL-3.0-or-later
// Steps of conversations, alone and with a copy of the state before, as the intake keeps it until
// the store has the turn. Sizes of what was walked come with the numbers.
#include <benchmark/benchmark.h>

#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/step.h"

namespace resguardo::dialogue {
namespace {

// One conversation after the other: greets, picks what is offered, writes a line where words are
// due; what it does is drawn from a seed, so each run walks the same way.
class Walker {
 public:
  Walker(const Form& form, bool copied) : form_(form), copied_(copied) {
    settings_.organisation = "Org";
  }

  const Step& step() {
    if (ended()) {
      last_ = {};
      ++conversations;
    }
    now_ += std::chrono::seconds(5);
    const Said said = next();
    pb::ConversationState state = copied_ ? last_.state : std::move(last_.state);
    last_ = advance(form_, settings_, std::move(state), true, ChannelKind::kWhatsApp, said, now_);
    return last_;
  }
  std::size_t conversations = 0;

 private:
  bool ended() const {
    return !last_.prompt || last_.effect == Effect::kForget || last_.effect == Effect::kLeave ||
           last_.prompt->node == "review" ||
           last_.state.phase() == pb::ConversationState::PHASE_PAUSED;
  }
  Said next() {
    if (!last_.prompt) return Words{SecretText("hola")};
    const Prompt& prompt = *last_.prompt;
    if (prompt.node == "safety_now") return Tap{"safety_now:safe"};
    if (prompt.node == "consent") return Tap{"consent:all"};
    const bool again = prompt.node == before_;
    before_ = prompt.node;
    if (prompt.choices.empty()) {
      static constexpr std::array<const char*, 5> kWords = {
          "se llevaron todo y nos dejaron en el camino", "ayer", "3", "tijuana", "200 dolares"};
      if (again && pick(3) > 0) return Words{SecretText(pick(2) == 0 ? "listo" : "saltar")};
      return Words{SecretText(kWords[pick(kWords.size())])};
    }
    if (prompt.choices.back().id.ends_with("_done")) return Tap{prompt.choices.back().id};
    return Tap{prompt.choices[pick(prompt.choices.size())].id};
  }
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }

  const Form& form_;
  bool copied_;
  Settings settings_;
  std::mt19937 random_{1};
  TimePoint now_{std::chrono::milliseconds(1'795'000'000'000)};
  Step last_;
  std::string before_;
};

void steps(benchmark::State& state, const Form& form, bool copied) {
  Walker walker(form, copied);
  std::size_t count = 0;
  std::size_t facts = 0;
  for (auto _ : state) {
    const Step& step = walker.step();
    benchmark::DoNotOptimize(&step);
    facts += static_cast<std::size_t>(step.state.facts_size());
    ++count;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
  state.counters["facts"] = static_cast<double>(facts) / static_cast<double>(count);
  state.counters["conversations"] = static_cast<double>(walker.conversations);
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
  for (const bool copied : {false, true}) {
    benchmark::RegisterBenchmark(copied ? "steps, the state before kept" : "steps",
                                 [&form, copied](benchmark::State& state) {
                                   resguardo::dialogue::steps(state, **form, copied);
                                 });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
