// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/grab/theft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "bot/dialogue/compiled.h"

namespace resguardo::testing_support {
namespace {

using namespace dialogue;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kVoice = "(voice)";
constexpr const char* kEdit = "(edit)";
constexpr const char* kUnsend = "(unsend)";
constexpr int kLongestWay = 90;

Settings with_tag(Settings settings) {
  settings.word_tag = [](std::string_view word) {
    std::string tag(16, 'k');
    for (std::size_t i = 0; i < word.size(); ++i) tag[i % 16] ^= word[i];
    return tag;
  };
  return settings;
}

WorldOptions options_of(Settings settings) {
  WorldOptions options;
  options.settings = std::move(settings);
  options.compiled = whole_form();
  return options;
}

pb::CommandKind command_of(Word word) {
  return word == Word::kExit     ? pb::COMMAND_EXIT
         : word == Word::kDuress ? pb::COMMAND_DURESS
                                 : pb::COMMAND_DELETE;
}
pb::EventKind event_of(Word word) {
  return word == Word::kExit     ? pb::EVENT_EXIT
         : word == Word::kDuress ? pb::EVENT_DURESS
                                 : pb::EVENT_PANIC;
}

std::size_t events_in(const OpenedReport& report, pb::EventKind kind) {
  std::size_t count = 0;
  for (const auto& record : report.testimony)
    for (const auto& entry : record.entries()) count += entry.event().kind() == kind ? 1U : 0U;
  return count;
}

}  // namespace

Theft::Theft(Word word, const Manner& manner, Settings settings)
    : word_(word),
      manner_(manner),
      settings_(with_tag(settings)),
      answers_(quick_answers(manner)),
      world_(options_of(std::move(settings))) {
  if (!settings_.start_words.empty()) answers_[""] = {settings_.start_words.front()};
}

std::string Theft::new_address() {
  std::string number = std::to_string(1000 + ++people_);
  return "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2" + number;
}

std::vector<std::string> Theft::grab(const Moment& moment) {
  Robbed& robbed =
      robbed_.emplace_back(Robbed{moment.name, Reporter(world_, settings_, new_address())});
  Reporter& reporter = robbed.reporter;
  moment.come(reporter, answers_);
  if (::testing::Test::HasFailure()) return {};
  robbed.open = reporter.open();
  robbed.finished = reporter.told().fate == ToldReport::Fate::kClosed;
  robbed.owed = reporter.at().state.cursor();
  const bool own = !reporter.at().state.resume_tag().empty();
  robbed.back = own ? kOwnWord : kCardWord;
  const std::string language = reporter.at().state.language();
  world_.traffic(reporter.who());
  reporter.remark("the phone is grabbed: " + name_of(word_));
  reporter.say(word_ == Word::kPanic
                   ? kPanicWord
                   : word_for(command_of(word_), language.empty() ? "es" : language));
  check_phone(robbed, language);
  reporter.show_phone();
  return world_.traffic(reporter.who());
}

std::string Theft::expected_text(const Robbed& robbed, const std::string& language) const {
  if (word_ == Word::kDelete && !robbed.finished) {
    const auto& form = whole_form()->content();
    const Say say = robbed.open ? Say::kDeleted : Say::kNothingKept;
    const std::size_t spoken = form.language_index(language);
    return spoken == kNoIndex ? std::string() : form.phrase(say, spoken);
  }
  for (const auto& [code, text] : settings_.cover_text)
    if (code == language) return text;
  return settings_.cover_text.front().second;
}

// The messages that the person wrote stay: a bot cannot take those back. The timer does, and on a
// shared phone the person was told to (m_phone_tips).
void Theft::check_phone(const Robbed& robbed, const std::string& language) {
  const auto chat = world_.chat(robbed.reporter.who());
  ASSERT_EQ(chat.size(), 1U) << ::testing::PrintToString(chat);
  const std::string expected = expected_text(robbed, language);
  if (expected.empty()) {
    EXPECT_EQ(robbed.reporter.node(), "@deleted");  // before there is a language: in all of them
  } else {
    EXPECT_EQ(chat.front(), expected);
  }
  EXPECT_EQ(sensitive_word_in(chat.front()), "") << chat.front();
}

// What a thief may try. Agreeing to a report of their own is not in it: that gives the old place
// up.
std::vector<std::string> Theft::probes(const std::string& back) const {
  const std::string& language = manner_.language;
  std::vector<std::string> all = {kUnsend, kEdit, "hola", "menu"};
  for (const std::string& word : settings_.start_words) all.push_back(word);
  for (const auto kind : {pb::COMMAND_MENU, pb::COMMAND_HELP, pb::COMMAND_DELETE}) {
    all.push_back(word_for(kind, language));
  }
  for (const char* words : {"1", "1", "2", "0"}) all.emplace_back(words);
  all.push_back(word_for(pb::COMMAND_DURESS, language));
  all.emplace_back(kVoice);
  for (const char* words : {"help", "continuar", "sí", "seguir", "?", "👍"})
    all.emplace_back(words);
  all.push_back(word_for(pb::COMMAND_EXIT, language));
  for (const auto& [node, words] : answers_) {
    for (const auto& each : words)
      if (!each.starts_with("tap ") && node != "resume_word" && node != "consent")
        all.push_back(each);
  }
  all.emplace_back(kPanicWord);
  // The card's word is known to whoever finds the card: it does not lead to who has their own.
  if (back != kCardWord) all.emplace_back(kCardWord);
  for (const auto kind : {pb::COMMAND_BACK, pb::COMMAND_DONE, pb::COMMAND_PAUSE, pb::COMMAND_EXIT})
    all.push_back(word_for(kind, language));
  return all;
}

Theft::Heard Theft::try_all(Reporter& reporter, const std::vector<std::string>& probes) {
  Heard heard;
  for (const std::string& probe : probes) {
    if (probe == kVoice) {
      Attachment voice;
      voice.voice = true;
      reporter.act(std::move(voice));
    } else if (probe == kEdit) {
      reporter.act(Rewording{SecretText("no era así")});
    } else if (probe == kUnsend) {
      reporter.act(TakenBack{});
    } else {
      reporter.say(probe);
    }
    EXPECT_NE(reporter.at().effect, Effect::kBeginReport) << "a probe that agrees: " << probe;
    heard.push_back(reporter.heard());
  }
  return heard;
}

StoreShape Theft::shape() {
  return world_.shape_on_disk();
}

void Theft::probe() {
  const StoreShape before = shape();
  for (const bool restarted : {false, true}) {
    if (restarted) {
      world_.restart();
      for (Robbed& each : robbed_) each.reporter.restarted();
    }
    for (const char* back : {kCardWord, kOwnWord}) {
      auto words = probes(back);
      if (restarted) words.erase(words.begin() + 10, words.end() - 1);
      Reporter stranger(world_, settings_, new_address());
      const auto expected = try_all(stranger, words);
      for (Robbed& each : robbed_) {
        if (each.back != back) continue;
        SCOPED_TRACE("probing " + each.moment);
        each.reporter.remark(restarted ? "the bot was restarted; probing" : "probing");
        const auto heard = try_all(each.reporter, words);
        for (std::size_t i = 0; i < words.size(); ++i) EXPECT_EQ(heard[i], expected[i]) << words[i];
        if (restarted) continue;
        EXPECT_EQ(world_.chat(each.reporter.who()), world_.chat(stranger.who()));
      }
    }
  }
  const StoreShape after = shape();
  EXPECT_EQ(after.values, before.values) << "a thief's words reached the disk";
}

void Theft::finish(Robbed& robbed) {
  Reporter& reporter = robbed.reporter;
  const auto& form = whole_form()->content();
  reporter.answer(answers_);
  // What was answered and may not be on disk is asked again first, if it decides what is asked.
  EXPECT_LE(form.find(reporter.node()), form.find(robbed.owed)) << reporter.node();
  bool asked_again = reporter.node() == robbed.owed;
  for (int i = 0; i < kLongestWay && reporter.at().effect != Effect::kCloseReport; ++i) {
    reporter.answer(answers_);
    asked_again = asked_again || reporter.node() == robbed.owed;
  }
  EXPECT_EQ(reporter.at().effect, Effect::kCloseReport) << "but " << reporter.node();
  EXPECT_TRUE(asked_again) << robbed.owed << " was not asked again";
}

void Theft::come_back() {
  for (Robbed& each : robbed_) {
    SCOPED_TRACE("coming back to " + each.moment);
    each.reporter.remark("coming back");
    if (word_ == Word::kDelete || !each.open) {
      Reporter other(world_, settings_, new_address());
      EXPECT_EQ(try_all(each.reporter, {each.back, each.back}),
                try_all(other, {each.back, each.back}));
      continue;
    }
    each.reporter.say(each.back);
    ASSERT_EQ(each.reporter.node(), "safety_now");
    ASSERT_NO_FATAL_FAILURE(finish(each));
  }
}

void Theft::open_reports() {
  auto reports = world_.open(0);
  std::size_t expected = 0;
  for (const Robbed& each : robbed_) {
    const ToldReport& told = each.reporter.told();
    if (told.fate != ToldReport::Fate::kClosed) continue;
    SCOPED_TRACE("opening " + each.moment);
    ++expected;
    const auto found = std::find_if(reports.begin(), reports.end(), [&](const auto& report) {
      return lines_of(report.testimony) == told.testimony &&
             lines_of(report.identity) == told.identity;
    });
    ASSERT_NE(found, reports.end()) << "what was told is in no report";
    EXPECT_TRUE(found->whole);
    for (const auto kind : {pb::EVENT_EXIT, pb::EVENT_PANIC, pb::EVENT_DURESS}) {
      const bool marked = kind == event_of(word_) && !each.finished;
      EXPECT_EQ(events_in(*found, kind), marked ? 1U : 0U) << pb::EventKind_Name(kind);
    }
    reports.erase(found);
  }
  EXPECT_THAT(reports, IsEmpty()) << "reports that nobody told, beside " << expected;
  EXPECT_THAT(world_.store().open_reports().value(), IsEmpty());
}

}  // namespace resguardo::testing_support
