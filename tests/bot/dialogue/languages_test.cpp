// SPDX-License-Identifier: AGPL-3.0-or-later
// The parts that every form shares (proto/forms/languages): they parse, say the same in each
// language, and no word of theirs is an order and something else.
#include <google/protobuf/text_format.h>

#include <map>
#include <set>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/fold.h"
#include "tests/bot/dialogue/form_fixture.h"

namespace resguardo::dialogue {
namespace {

const std::vector<std::string> kLanguages = {"es", "en", "ht", "fr", "pt"};

pb::Questionnaire part(const std::string& name) {
  pb::Questionnaire form;
  const std::string text =
      read_text(testing_support::source_dir() / "proto/forms/languages" / (name + ".txtpb"));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &form)) << name;
  return form;
}
pb::Questionnaire all_parts() {
  pb::Questionnaire all = part("any");
  for (const auto& language : kLanguages) all.MergeFrom(part(language));
  return all;
}

// Values that every language has words for: "2 of relative days" and the like.
std::set<std::string> values(const pb::Understanding& words) {
  std::set<std::string> all;
  const auto add = [&](const auto& meanings, const std::string& what) {
    for (const auto& meaning : meanings) all.insert(what + std::to_string(meaning.value()));
  };
  add(words.months(), "month ");
  add(words.weekdays(), "weekday ");
  add(words.units(), "unit ");
  add(words.seasons(), "season ");
  add(words.ordinals(), "ordinal ");
  return all;
}

TEST(LanguagesTest, EachSaysAllThatTheEngineSays) {
  for (const auto& language : kLanguages) {
    std::set<std::string> keys;
    const auto form = part(language);
    for (const auto& phrase : form.phrases()) {
      for (const auto& wording : phrase.wordings()) EXPECT_EQ(wording.language(), language);
      EXPECT_TRUE(keys.insert(phrase.key()).second) << phrase.key();
    }
    EXPECT_GE(keys.size(), kSayCount) << language;
    for (const auto key : kSayKeys) EXPECT_TRUE(keys.contains(std::string(key))) << language << key;
  }
}

TEST(LanguagesTest, EachHasEveryMonthWeekdayUnitAndSeason) {
  const auto spanish = values(part("es").understanding(0));
  EXPECT_EQ(spanish.size(), 12U + 7 + 5 + 4 + 10);
  for (const auto& language : kLanguages) {
    EXPECT_EQ(values(part(language).understanding(0)), spanish) << language;
  }
}

TEST(LanguagesTest, NoOrderIsAlsoAnAnswer) {
  const auto all = all_parts();
  std::map<std::string, std::pair<int, std::string>> orders;
  for (const auto& command : all.commands()) {
    for (const auto& list : command.words()) {
      for (const auto& word : list.words()) {
        const std::string name = fold_name(word);
        if (name.empty()) continue;
        const auto [entry, is_new] =
            orders.emplace(name, std::pair(static_cast<int>(command.kind()), word));
        EXPECT_TRUE(is_new || entry->second.first == command.kind()) << word;
      }
    }
  }
  for (const auto& understanding : all.understanding()) {
    for (const auto* lists :
         {&understanding.yes(), &understanding.no(), &understanding.unknown()}) {
      for (const auto& list : *lists) {
        for (const auto& word : list.words()) {
          EXPECT_FALSE(orders.contains(fold_name(word))) << word;
        }
      }
    }
  }
}

// "sí" in one language is not "no" in another: both lists hold in every conversation.
TEST(LanguagesTest, NobodysYesIsAnotherOnesNo) {
  std::set<std::string> yes;
  std::set<std::string> no;
  const auto all = all_parts();
  for (const auto& understanding : all.understanding()) {
    for (const auto& list : understanding.yes()) {
      for (const auto& word : list.words()) yes.insert(fold_name(word));
    }
    for (const auto& list : understanding.no()) {
      for (const auto& word : list.words()) no.insert(fold_name(word));
    }
    for (const auto& list : understanding.unknown()) {
      for (const auto& word : list.words()) {
        EXPECT_FALSE(fold_name(word).empty()) << word;
        EXPECT_FALSE(yes.contains(fold_name(word)) || no.contains(fold_name(word))) << word;
      }
    }
  }
  EXPECT_GT(yes.size(), 100U);
  EXPECT_GT(no.size(), 50U);
  for (const auto& word : yes) EXPECT_FALSE(no.contains(word)) << word;
}

}  // namespace
}  // namespace resguardo::dialogue
