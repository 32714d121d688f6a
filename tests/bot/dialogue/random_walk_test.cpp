// SPDX-License-Identifier: AGPL-3.0-or-later
// Conversations with people who say anything, on each of several forms. What must hold in every one
// of them. 5,000 each; 200,000 under the label "walks" (tests/run.sh --label walks), or as many as
// RESGUARDO_WALKS says.
#include <array>
#include <cstdlib>
#include <random>
#include <set>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/step.h"
#include "form/parts.h"
#include "form/transcript/transcript.h"
#include "tests/bot/dialogue/small_form.h"
#include "tests/bot/dialogue/walk_survey.h"
#include "tests/support/paths.h"

namespace resguardo::dialogue {
namespace {

using State = pb::ConversationState;

// To walk another form: a line here.
struct Walked {
  const char* name;
  std::shared_ptr<const Form> (*form)();
  std::size_t patience;  // steps after which an obliging person has come to an end
  std::set<std::string> identity;
  std::vector<std::string> receipts;  // all that one in a hundred walks must end with (Survey)
};
void PrintTo(const Walked& each, std::ostream* out) {
  *out << each.name;
}

class Walk {
 public:
  Walk(const Walked& walked, unsigned seed, Survey& survey)
      : walked_(walked), form_(walked.form()), random_(seed), survey_(survey) {
    settings_.media = pick(2) == 0;
    settings_.organisation = "Org";
    settings_.team_code = [](std::string_view typed) {
      return typed.size() > 2 ? std::optional<std::string>("team-1") : std::nullopt;
    };
    settings_.signal_link = "https://signal.example/u";
    settings_.retention = "5";
    settings_.receipt_fits = form::settings_of_transcripts().receipt_fits;
    if (seed % 4 == 0) shelf_.set("failing yes");
    settings_.links = seed % 3 != 0;
    if (seed % 5 < 2) shelf_.set("linked yes");
    if (pick(2) == 0) settings_.cover_text = {{"es", "Hay sol."}, {"en", "Sunny."}};
    if (pick(4) == 0) settings_.panic_words = {"limón"};
    constexpr std::array<ChannelKind, 3> kChannels = {ChannelKind::kWhatsApp, ChannelKind::kSignal,
                                                      ChannelKind::kPlain};
    channel_ = kChannels[pick(3)];
  }

  std::string run() {
    for (int i = 0; i < 40; ++i) {
      step(random_said());
      if (pick(25) == 0) restart();
      if (pick(15) == 0) now_ += std::chrono::minutes(static_cast<int>(pick(70)));
    }
    for (std::size_t i = 0; i < walked_.patience && !ended_; ++i) step(cooperative());
    EXPECT_TRUE(ended_) << "an obliging person never comes to an end, but to "
                        << (last_.prompt ? last_.prompt->node + ": " + last_.prompt->text
                                         : "silence");
    return std::move(log_);
  }
  bool closed() const { return closed_; }
  bool added() const { return added_; }

 private:
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  void restart() {
    last_.state = durable_part(*form_, last_.state);
    EXPECT_EQ(last_.state.held_size(), 0);
    EXPECT_EQ(last_.state.SerializeAsString().find("CANARY"), std::string::npos);
    awake_ = false;
  }

  Said random_said() {
    static constexpr std::array<const char*, 30> kWords = {
        "hola",     "1",       "2",      "3",      "1 2",     "si",      "no",    "saltar",
        "skip",     "listo",   "done",   "atras",  "idioma",  "why",     "ayuda", "menu",
        "pausa",    "english", "rapido", "guiado", "cuento",  "cambiar", "es",    "ok",
        "discreto", "salud",   "limon",  "todo",   "tarjeta", "15"};
    switch (pick(16)) {
      case 0:
        return Words{SecretText("CANARY " + std::string(pick(2000), 'x') + "\n😀")};
      case 1:
        return Words{SecretText(std::string("\0\xff\xfe CANARY \xed\xa0\x80", 14))};
      case 2:
        return Attachment{pick(2) == 0, SecretText("CANARY caption"), "CANARY/mime", pick(2) == 0,
                          0};
      case 3:
        return Pin{31.5, -106.25, SecretText("CANARY bridge")};
      case 4:
        return pick(2) == 0 ? Said(Rewording{SecretText("CANARY edit")}) : Said(TakenBack{});
      case 5:
        if (pick(60) == 0) return with_a_code();
        return pick(2) == 0 ? Said(NotForUs{}) : Said(Hello{});
      case 6:
        return Tap{pick(2) == 0 ? "CANARY:CANARY" : "review:send"};
      case 7:
        if (pick(12) == 0) return Words{SecretText(pick(2) == 0 ? "salir" : "borrar")};
        return cooperative();
      case 8:
      case 9:
      case 10:
      case 11:
        return cooperative();
      default:
        return Words{SecretText(kWords[pick(kWords.size())])};
    }
  }
  // Presses something that is offered; else says something that goes on.
  Said cooperative() {
    if (!last_.prompt) return Words{SecretText("hola")};
    const auto& choices = last_.prompt->choices;
    if (last_.prompt->node == "wd_code" && pick(3) == 0) return with_a_code();
    if (last_.prompt->node == "@paused" && pick(4) == 0) return with_a_code();
    if (last_.state.adding() && pick(4) == 0)
      return Words{SecretText(pick(2) ? "borrar" : "listo")};
    if (last_.prompt->node == "review" && choices.size() > 1) return Tap{"review:send"};
    const bool in_danger = pick(8) == 0;
    if (last_.prompt->node == "safety_now" && !in_danger) return Tap{"safety_now:safe"};
    if (choices.empty()) {
      static constexpr std::array<const char*, 6> kSomething = {
          "CANARY algo", "listo", "saltar", "3", "1", "15/03/2025"};
      return Words{SecretText(kSomething[pick(kSomething.size())])};
    }
    const auto& last = choices.back();
    return Tap{pick(3) == 0 ? last.id : choices[pick(choices.size())].id};
  }

  Said with_a_code() {
    return Words{SecretText(pick(8) == 0 ? form::Shelf::kNoReceipt : form::Shelf::kReceipt)};
  }

  void step(const Said& said) {
    before_was_adding_ = last_.state.adding();
    now_ += std::chrono::seconds(static_cast<int>(pick(60)));
    const auto before = last_.state.phase();
    const bool over_a_paused_one = last_.state.returned().has_before();
    Circumstances around = channel_;
    around.may_link = settings_.links && awake_;
    last_ = shelf_.settle(*form_, settings_, last_.state,
                          advance(*form_, settings_, last_.state, awake_, around, said, now_),
                          awake_, around, now_);
    if (!std::holds_alternative<Hello>(said)) awake_ = true;
    log_ += std::to_string(static_cast<int>(last_.effect)) + '/' +
            std::to_string(last_.given.size()) + ' ';
    survey_.see(last_);
    check_effect(over_a_paused_one ? State::PHASE_PAUSED : before);
    if (last_.prompt) check_prompt(*last_.prompt);
    ended_ = last_.effect == Effect::kForget || last_.effect == Effect::kLeave ||
             last_.effect == Effect::kEraseReport;
  }
  void check_effect(State::Phase before) {
    const bool was_open = before == State::PHASE_OPEN || before == State::PHASE_PAUSED;
    const bool begins =
        last_.effect == Effect::kBeginReport || last_.effect == Effect::kBeginAdding;
    if (!was_open && !begins) {
      EXPECT_TRUE(last_.given.empty()) << "sealed without consent";
    }
    if (begins) {
      EXPECT_FALSE(was_open);
    }
    if (last_.effect == Effect::kContinue) {
      EXPECT_TRUE(was_open);
    }
    const bool addition = last_.effect == Effect::kCloseReport && before_was_adding_;
    if (last_.effect == Effect::kCloseReport && !addition) {
      survey_.receipt(last_.state, channel_);
      closed_ = true;
    }
    added_ = added_ || addition;
    const auto durable = durable_part(*form_, last_.state);
    const auto phase = last_.state.phase();
    const bool nothing = phase == State::PHASE_NEW || phase == State::PHASE_BEFORE_CONSENT ||
                         (phase == State::PHASE_RETURNED && !last_.state.returned().has_before());
    if (nothing) {
      EXPECT_EQ(durable.ByteSizeLong(), 0U) << "kept before consent";
    }
    for (const auto& given : last_.given) {
      if (given.kind == Given::Kind::kAnswer) {
        const bool named = walked_.identity.contains(given.node);
        EXPECT_TRUE(given.identity == named || (given.identity && given.remark)) << given.node;
      }
      log_ += given.node + ' ';
      for (const auto time : given.instance) log_ += std::to_string(time) + ',';
    }
  }
  void check_prompt(const Prompt& prompt) {
    EXPECT_EQ(prompt.text.find("CANARY"), std::string::npos) << prompt.text;
    EXPECT_FALSE(prompt.text.empty()) << prompt.node;
    EXPECT_LE(visible_length(prompt.text), prompt.choices.empty() ? 4096U : 1024U) << prompt.node;
    EXPECT_LE(prompt.choices.size(), 10U);
    for (const auto& choice : prompt.choices) {
      EXPECT_FALSE(choice.title.empty()) << choice.id;
      EXPECT_LE(visible_length(choice.title), 24U);
    }
    const auto mark = prompt.text.find(kReceiptMark);
    const auto& marks = form_->content().form.landmarks();
    const bool receipt =
        prompt.node == marks.receipt() && last_.state.phase() == State::PHASE_CLOSED;
    EXPECT_EQ(mark != std::string::npos, receipt || prompt.node == marks.returning().reply());
    log_ += prompt.node + '\n' + prompt.text + '\n';
  }

  const Walked& walked_;
  std::shared_ptr<const Form> form_;
  std::mt19937 random_;
  Survey& survey_;
  Settings settings_;
  ChannelKind channel_ = ChannelKind::kPlain;
  TimePoint now_{std::chrono::milliseconds(1'795'000'000'000)};
  Step last_;
  bool awake_ = true;
  bool ended_ = false;
  bool closed_ = false;
  bool added_ = false;
  bool before_was_adding_ = false;
  form::Shelf shelf_;
  std::string log_;
};

class RandomWalkTest : public ::testing::TestWithParam<Walked> {};

unsigned walks() {
  const char* wanted = std::getenv("RESGUARDO_WALKS");
  return wanted == nullptr ? 5000 : static_cast<unsigned>(std::atoi(wanted));
}

TEST_P(RandomWalkTest, EndsNeverEchoesAndNeverKeepsWithoutConsent) {
  ASSERT_NE(GetParam().form(), nullptr);
  const unsigned count = walks();
  std::size_t closed = 0;
  std::size_t added = 0;
  Survey survey(*GetParam().form());
  for (unsigned seed = 0; seed < count && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Walk walk(GetParam(), seed, survey);
    const std::string log = walk.run();
    if (walk.closed()) ++closed;
    if (walk.added()) ++added;
    if (seed % 10 == 0) {
      EXPECT_EQ(Walk(GetParam(), seed, survey).run(), log) << "the same inputs, another transcript";
    }
  }
  EXPECT_GT(added, 0U) << "nobody came back and added";
  EXPECT_GT(closed, count / 10) << "the walks do not get far enough to mean anything";
  if (count < 5000) return;
  EXPECT_THAT(survey.never_seen(), ::testing::IsEmpty());
  for (const auto& what : GetParam().receipts) {
    const auto found = survey.receipts().find(what);
    EXPECT_GE(found == survey.receipts().end() ? 0 : found->second, count / 100) << what;
  }
}

// Repeats, groups by pick and by letter, depths, files.
std::shared_ptr<const Form> artificial_form() {
  static const std::shared_ptr<const Form> kForm = [] {
    std::string sections = kRepeatingSections;
    const std::string at = "  nodes { id: \"detail\" ";
    sections.replace(sections.find(at), at.size(),
                     "  nodes { id: \"files\" modes: MODE_GUIDED @text(Files {item}) media { "
                     "max_count: 2 } }\n  nodes { id: \"tale\" first_in: MODE_STORY_FIRST "
                     "@text(Tale {item}) narrative {} }\n" +
                         at);
    sections += R"(
commands { kind: COMMAND_MODE mode: MODE_QUICK words { words: "RAPIDO" } }
commands { kind: COMMAND_MODE mode: MODE_GUIDED words { words: "GUIADO" } }
commands { kind: COMMAND_MODE mode: MODE_STORY_FIRST words { words: "CUENTO" } }
)";
    return compiled(small_form_source(sections));
  }();
  return kForm;
}

std::shared_ptr<const Form> whole_form() {
  static const std::shared_ptr<const Form> kForm = [] {
    const auto source =
        form::FormSource::read(testing_support::source_dir() / "proto/forms/border_abuse");
    return source.ok() ? compiled(std::string(as_text(source->bytes()))) : nullptr;
  }();
  return kForm;
}

INSTANTIATE_TEST_SUITE_P(
    Forms, RandomWalkTest,
    ::testing::Values(
        Walked{"short", short_form, 120, {"contact_how", "contact_value"}, {"es", "en"}},
        Walked{"artificial", artificial_form, 400, {}, {"MODE_QUICK", "MODE_STORY_FIRST"}},
        Walked{"whole",
               whole_form,
               2000,
               {"int_code", "contact_how", "contact_value", "contact_when", "contact_name"},
               {"MODE_GUIDED", "MODE_STORY_FIRST", "MODE_QUICK", "MODE_MINOR", "MODE_INTERVIEWER",
                "MODE_VOICE", "card", "discreet", "signal", "whatsapp", "es", "en", "ht", "fr",
                "pt"}}),
    [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace resguardo::dialogue
