// SPDX-License-Identifier: AGPL-3.0-or-later
// Steps of conversations, alone and with a copy of the state before, as the intake keeps it until
// the store has the turn. Sizes of what was walked come with the numbers.
//
// What is measured: advance() from what was said to the whole prompt, and throwing away the step
// before. What people say is drawn beforehand, in a walk that is not timed; the engine is pure, so
// the same words lead the same way again. Each conversation goes from hello to the receipt, in one
// of the form's languages and in whatever depth, branches and repeats its picks lead to; half on
// WhatsApp, half on Signal. Rows are tapped (on WhatsApp three in five), or their number or title
// is typed; dates, amounts, numbers and places are written as people write them, stories in
// messages of two hundred letters; one reply in twenty asks for help or is not understood. Not
// measured: the gateway before, sealing and storing after.
#include <benchmark/benchmark.h>

#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string_view>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/question_type.h"
#include "bot/dialogue/step.h"

namespace resguardo::dialogue {
namespace {

// What people write in one language where words are due.
struct Writing {
  std::string_view language;
  std::array<const char*, 4> dates;
  std::array<const char*, 2> stories;
  const char* money;
  const char* question;  // no answer to anything
};
constexpr std::array<Writing, 5> kWritings = {{
    {"es",
     {"ayer", "hace 2 semanas", "el 15 de mayo", "fue en marzo del 22 creo"},
     {"Nos bajaron del autobús a todos los que no traíamos papeles y nos llevaron en tres "
      "camionetas "
      "a una casa grande, ahí nos quitaron los teléfonos y nos pidieron el número de un familiar.",
      "una señora con dos niños lloraba"},
     "como 200 dólares",
     "y usted quién es?"},
    {"en",
     {"yesterday", "2 weeks ago", "May 15th", "I think it was in March 22"},
     {"They took everybody without papers off the bus and drove us in three trucks to a big house, "
      "there they took our phones and asked each of us for the number of somebody in the family.",
      "a woman with two children was crying"},
     "about 200 dollars",
     "and who are you?"},
    {"ht",
     {"yè", "sa gen 2 semèn", "15 me", "mwen kwè se te an mas 22"},
     {"Yo fè tout moun ki pa gen papye desann otobis la epi yo mennen nou nan twa kamyon nan yon "
      "gwo "
      "kay, se la yo pran telefòn nou epi yo mande nou chak nimewo yon moun nan fanmi an.",
      "yon madanm ak de timoun t ap kriye"},
     "200 dola konsa",
     "e ou menm kiyès ou ye?"},
    {"fr",
     {"hier", "il y a 2 semaines", "le 15 mai", "je crois que c'était en mars 22"},
     {"Ils ont fait descendre du bus tous ceux qui n'avaient pas de papiers et nous ont emmenés "
      "dans "
      "trois camions jusqu'à une grande maison, là ils ont pris nos téléphones et demandé un "
      "numéro.",
      "une dame avec deux enfants pleurait"},
     "environ 200 dollars",
     "et vous êtes qui?"},
    {"pt",
     {"ontem", "há 2 semanas", "15 de maio", "acho que foi em março de 22"},
     {"Fizeram descer do ônibus todos os que não tinham documentos e nos levaram em três "
      "caminhonetes "
      "para uma casa grande, lá tiraram os telefones e pediram o número de alguém da família.",
      "uma senhora com duas crianças chorava"},
     "uns 200 dólares",
     "e você quem é?"},
}};

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

// Draws what is said from a seed, so each run walks the same way.
class Walker {
 public:
  explicit Walker(const Form& form) : form_(form.content()), whole_(form) {}

  Script write(std::size_t conversations) {
    Script script;
    while (true) {
      const bool first = ended();
      if (first && script.conversations == conversations) break;
      if (first) begin(script);
      now_ += std::chrono::seconds(5);
      Line line{first, channel_, next(), now_};
      last_ = advance(whole_, settings_, std::move(last_.state), true, channel_, line.said, now_);
      script.lines.push_back(std::move(line));
    }
    script.receipts = receipts_;
    return script;
  }

 private:
  void begin(Script& script) {
    last_ = {};
    channel_ = pick(2) == 0 ? ChannelKind::kWhatsApp : ChannelKind::kSignal;
    ++script.conversations;
  }
  bool ended() {
    if (last_.effect == Effect::kCloseReport) ++receipts_;
    return !last_.prompt || last_.effect == Effect::kForget || last_.effect == Effect::kLeave ||
           last_.effect == Effect::kEraseReport || last_.effect == Effect::kCloseReport ||
           last_.state.phase() == pb::ConversationState::PHASE_PAUSED;
  }
  Said next() {
    if (!last_.prompt) return written("hola");
    const Prompt& prompt = *last_.prompt;
    again_ = prompt.node == before_ ? again_ + 1 : 0;
    before_ = prompt.node;
    if (prompt.node == "safety_now") return row(0);
    if (prompt.node == "consent") return row(0);
    if (prompt.node == "review" && prompt.choices.size() > 1) return row(0);
    if (again_ == 0 && pick(20) == 0) return written(writing().question);
    const std::size_t node = form_.find(prompt.node);
    const bool words = node != kNoIndex && form_.nodes[node].type->typed && pick(4) > 0;
    if (prompt.choices.empty() || (words && again_ == 0)) return in_words(node);
    if (prompt.choices.back().id.ends_with("_done")) return row(prompt.choices.size() - 1);
    return row(pick(prompt.choices.size()));
  }
  // Tapped, or its number or title typed.
  Said row(std::size_t index) {
    const auto& choice = last_.prompt->choices[index];
    const std::size_t how = pick(10);
    if (channel_ == ChannelKind::kWhatsApp && how < 6) return Tap{choice.id};
    if (how < 9 || again_ > 0) return written(std::to_string(index + 1));
    return written(choice.title);
  }
  Said in_words(std::size_t node) {
    const auto arm =
        node == kNoIndex ? pb::Node::BODY_NOT_SET : form_.nodes[node].source->body_case();
    const auto& here = writing();
    if (again_ > 0 && pick(3) > 0) {
      const bool parts = arm == pb::Node::kNarrative || arm == pb::Node::kMedia;
      return written(parts ? "#" : form_.phrase(Say::kSkipShort, language()));
    }
    switch (arm) {
      case pb::Node::kDate:
        return written(here.dates[pick(here.dates.size())]);
      case pb::Node::kMoney:
        return written(here.money);
      case pb::Node::kNumber:
        return written(pick(2) == 0 ? "3" : "27");
      case pb::Node::kPlace:
      case pb::Node::kArea:
        return written(pick(2) == 0 ? "Tijuana" : "reinosa");
      default:
        return written(here.stories[pick(here.stories.size())]);
    }
  }
  static Said written(std::string_view text) { return Words{SecretText(text)}; }
  std::size_t language() const {
    const std::size_t index = form_.language_index(last_.state.language());
    return index == kNoIndex ? 0 : index;
  }
  const Writing& writing() const {
    for (const auto& each : kWritings) {
      if (each.language == form_.languages[language()]) return each;
    }
    return kWritings.front();
  }
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }

  const Form::Content& form_;
  const Form& whole_;
  const Settings settings_ = settings();
  ChannelKind channel_ = ChannelKind::kWhatsApp;
  std::mt19937 random_{1};
  TimePoint now_{std::chrono::milliseconds(1'795'000'000'000)};
  Step last_;
  std::string before_;
  std::size_t again_ = 0;
  std::size_t receipts_ = 0;
};

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
  const auto script = resguardo::dialogue::Walker(**form).write(kConversations);
  for (const bool copied : {false, true}) {
    benchmark::RegisterBenchmark(copied ? "steps, the state before kept" : "steps",
                                 [&form, &script, copied](benchmark::State& state) {
                                   resguardo::dialogue::steps(state, **form, script, copied);
                                 });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
