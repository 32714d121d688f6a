// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {
namespace {

// What a placeholder may become, at most: settings are checked against it when they are loaded.
constexpr std::size_t kPlaceholderLength = 60;
constexpr std::array<std::string_view, 11> kPlaceholders = {
    "org", "signal_link", "retention", "receipt", "parts", "item",
    "min", "max",         "reply",     "replies", "chosen"};

// What other systems offer here, and what this one never will.
constexpr std::array<std::string_view, 6> kEchoes = {"value",   "summary", "answer",
                                                     "answers", "items",   "name"};

std::size_t shown_length(const Form::Content& content, std::string_view text,
                         const std::string& language) {
  std::size_t length = visible_length(text);
  for (const auto& name : placeholders(text)) {
    length += kPlaceholderLength;
    if (!name.starts_with("resources:")) continue;
    length += content.resources.longest(name.substr(10), content.language_index(language));
  }
  return length;
}

class TextCheck {
 public:
  TextCheck(const Form::Content& content, Problems& problems)
      : content_(content), problems_(problems) {}

  void node(const CompiledNode& node) {
    for (std::size_t i = 0; i < content_.languages.size(); ++i) {
      const auto& language = content_.languages[i];
      const auto& text = node.texts[i];
      const std::string place = where(node, language);
      if (text.full.empty()) problems_.add(Rule::kMissingTranslation, place, "no text");
      same(place, "brief", text.brief.empty(), node.texts[0].brief.empty());
      same(place, "why", text.why.empty(), node.texts[0].why.empty());
      same(place, "explain", text.explain.empty(), node.texts[0].explain.empty());
      same(place, "retry", text.retry.empty(), node.texts[0].retry.empty());
      same(place, "card", text.card.empty(), node.texts[0].card.empty());
      known_placeholders(place, text.card);
      if (placeholders(text.full) != placeholders(node.texts[0].full)) {
        problems_.add(Rule::kPlaceholderDiffers, place,
                      "its placeholders are not those of " + content_.languages[0]);
      }
      for (const auto* each : {&text.full, &text.brief, &text.why, &text.explain, &text.retry}) {
        known_placeholders(place, *each);
        item_is_in_a_repeat(node, place, *each);
        range_is_of_a_number(node, place, *each);
        fits(node, place, *each, language);
      }
    }
  }
  void phrase(std::size_t say) {
    const std::string place = "phrase " + std::string(kSayKeys[say]);
    for (std::size_t i = 0; i < content_.languages.size(); ++i) {
      const auto& text = content_.phrases[say][i];
      if (text.empty())
        problems_.add(Rule::kMissingTranslation, place, "no text in " + content_.languages[i]);
      const std::size_t limit = limit_of(static_cast<Say>(say));
      if (visible_length(text) > limit) {
        problems_.add(Rule::kTextTooLong, place + " (" + content_.languages[i] + ")",
                      "longer than " + std::to_string(limit) + " characters");
      }
    }
  }

 private:
  void same(const std::string& place, const char* part, bool missing, bool first_missing) {
    if (missing != first_missing) {
      problems_.add(Rule::kMissingTranslation, place,
                    std::string(part) + ": given in some languages and not in others");
    }
  }
  void known_placeholders(const std::string& place, const std::string& text) {
    for (const auto& name : placeholders(text)) {
      if (std::find(kPlaceholders.begin(), kPlaceholders.end(), name) != kPlaceholders.end()) {
        continue;
      }
      if (std::find(kEchoes.begin(), kEchoes.end(), name) != kEchoes.end()) {
        problems_.add(Rule::kPlaceholderEcho, place, "{" + name + "} would repeat an answer");
        continue;
      }
      const bool resource =
          name.starts_with("resources:") && content_.resources.has(name.substr(10));
      if (!resource)
        problems_.add(Rule::kPlaceholderUnknown, place, "unknown placeholder {" + name + "}");
    }
  }
  void item_is_in_a_repeat(const CompiledNode& node, const std::string& place,
                           const std::string& text) {
    const bool repeats =
        node.group != kNoIndex || content_.sections[node.section].repeat != kNoIndex;
    if (!repeats && text.find("{item}") != std::string::npos) {
      problems_.add(Rule::kPlaceholderUnknown, place,
                    "{item} where nothing is asked several times");
    }
  }
  void range_is_of_a_number(const CompiledNode& node, const std::string& place,
                            const std::string& text) {
    if (node.source->has_number()) return;
    for (const char* name : {"{min}", "{max}"}) {
      if (text.find(name) == std::string::npos) continue;
      problems_.add(Rule::kPlaceholderUnknown, place,
                    std::string(name) + " where no number is asked for");
    }
  }
  void fits(const CompiledNode& node, const std::string& place, const std::string& text,
            const std::string& language) {
    const bool has_rows = node.type == nullptr || !node.type->takes_words || !node.type->asks;
    const std::size_t limit = has_rows ? kBodyWithRows : kBodyAlone;
    if (shown_length(content_, text, language) > limit) {
      problems_.add(Rule::kTextTooLong, place,
                    "longer than " + std::to_string(limit) + " characters");
    }
  }
  static std::size_t limit_of(Say say) {
    switch (say) {
      case Say::kSkipShort:
      case Say::kDone:
      case Say::kContinue:
      case Say::kListButton:
      case Say::kDayFirst:
      case Say::kMonthFirst:
        return kButtonTitle;
      case Say::kSkip:
        return kRowTitle;
      case Say::kOneNumber:
      case Say::kSeveralNumbers:
      case Say::kPickOneByOne:
      case Say::kSkipHint:
        return 120;
      case Say::kUnfinished:
      case Say::kAnotherWord:
      case Say::kWillNotVanish:
      case Say::kNumberRange:
      case Say::kDayOrMonth:
      case Say::kNotUnderstood:
      case Say::kNotUnderstoodAgain:
      case Say::kOfferSkip:
      case Say::kCannotSkip:
      case Say::kNoWayBack:
      case Say::kNoWhy:
      case Say::kCommands:
      case Say::kGoodbye:
      case Say::kDeleted:
      case Say::kNothingKept:
      case Say::kPaused:
      case Say::kPartTaken:
      case Say::kPinTaken:
      case Say::kMediaLater:
      case Say::kMediaTaken:
      case Say::kMediaTooLarge:
      case Say::kMediaRefused:
      case Say::kMediaLost:
      case Say::kReceiptReplaced:
      case Say::kNotForUs:
      case Say::kNotYet:
      case Say::kUnavailable:
      case Say::kWhatToChange:
        break;
    }
    return 600;
  }

  const Form::Content& content_;
  Problems& problems_;
};

}  // namespace

std::vector<std::string> placeholders(std::string_view text) {
  std::vector<std::string> names;
  for (auto open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) break;
    names.emplace_back(text.substr(open + 1, close - open - 1));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void check_texts(const Form::Content& content, Problems& problems) {
  TextCheck check(content, problems);
  for (const auto& node : content.nodes) check.node(node);
  for (std::size_t say = 0; say < kSayCount; ++say) check.phrase(say);
  for (const auto& section : content.sections) {
    for (std::size_t i = 0; i < content.languages.size(); ++i) {
      const auto length = visible_length(section.titles[i]);
      const std::string place = section.source->id() + " (" + content.languages[i] + ")";
      if (length == 0) problems.add(Rule::kMissingTranslation, place, "section without a title");
      if (length > kRowTitle)
        problems.add(Rule::kTitleTooLong, place, "title longer than 24 characters");
    }
  }
}

}  // namespace resguardo::dialogue
