// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/rules.h"

#include <array>
#include <cstddef>

namespace resguardo::dialogue {
namespace {

constexpr Severity kError = Severity::kError;
constexpr Severity kWarning = Severity::kWarning;

constexpr auto kRules = std::to_array<RuleInfo>({
    {Rule::kSyntax, "syntax", kError, "the file is not read at all",
     "proto/questionnaire.proto lists the fields; a brace or quote may be missing just before"},
    {Rule::kFormTooLarge, "form-too-large", kError, "the server does not load it",
     "take out what is not asked"},
    {Rule::kFormIncomplete, "form-incomplete", kError, "nobody can tell what a report answered",
     "give id, version, languages and at least one node"},
    {Rule::kForeignLanguage, "foreign-language", kError, "a text nobody can choose",
     "name the language in languages, or take the text out"},
    {Rule::kLanguageTwice, "language-twice", kError, "its number has two meanings",
     "name each language once"},
    {Rule::kMissingTranslation, "missing-translation", kError,
     "who speaks that language is shown nothing", "write it in this language too"},
    {Rule::kTextTwice, "text-twice", kError, "one of the two is never shown",
     "keep one of the texts"},
    {Rule::kIdMissing, "id-missing", kError, "no answer could name its question",
     "give the node an id"},
    {Rule::kIdTwice, "id-twice", kError, "two questions' answers are mixed", "rename one of them"},
    {Rule::kUnknownType, "unknown-type", kError, "the bot does not know how to ask it",
     "use a type that docs/questionnaire-authors.md lists"},
    {Rule::kUnknownNode, "unknown-node", kError, "a way that leads nowhere",
     "name a node of this form"},
    {Rule::kLandmark, "landmark", kError, "HELP, consent or receipt would have no place",
     "name a node of the right type in landmarks"},
    {Rule::kFirstQuestions, "first-questions", kError,
     "something would be asked before language and safety", "language first, then safety"},
    {Rule::kUnknownPhrase, "unknown-phrase", kError, "it is never said",
     "check the key against docs/questionnaire-authors.md"},
    {Rule::kCommandTwice, "command-twice", kError, "EXIT might do something else",
     "give the word to one command"},
    {Rule::kCommandAsChoice, "command-as-choice", kError,
     "who picks it gives an order instead of an answer", "say the choice in other words"},
    {Rule::kCodeMissing, "code-missing", kError, "the answer could not be kept",
     "give the choice a code"},
    {Rule::kCodeTwice, "code-twice", kError, "two answers become one", "rename one of them"},
    {Rule::kCodeReserved, "code-reserved", kError, "the engine's own rows have such names",
     "begin codes with a letter; no colon"},
    {Rule::kTitleTooLong, "title-too-long", kError, "the messenger refuses the message",
     "shorten it: 20 on up to three buttons, 24 in a list, 72 for a description"},
    {Rule::kTextTooLong, "text-too-long", kError, "the messenger refuses the message",
     "shorten it, or part it in two nodes"},
    {Rule::kTooManyRows, "too-many-rows", kError, "the rows after the tenth are never shown",
     "part the question in two"},
    {Rule::kAmbiguousName, "ambiguous-name", kError, "what was typed has two meanings",
     "give each choice words of its own"},
    {Rule::kNothingToExplain, "nothing-to-explain", kError, "\"tell me more\" tells nothing",
     "write `explain` in every language"},
    {Rule::kNoChoices, "no-choices", kError, "there is nothing to pick",
     "give it choices or a taxonomy"},
    {Rule::kUnknownTaxonomy, "unknown-taxonomy", kError, "there is nothing to pick",
     "name a taxonomy of this form"},
    {Rule::kJumpFromSeveral, "jump-from-several", kError,
     "two picks would lead to two different places", "make the choice exclusive, or do not jump"},
    {Rule::kQuestionShape, "question-shape", kError, "the question cannot work as it stands",
     "see the type in docs/questionnaire-authors.md"},
    {Rule::kSensitiveRequired, "sensitive-required", kError,
     "somebody is forced to tell what hurts", "take `required` out"},
    {Rule::kConsentByDefault, "consent-by-default", kError, "who said nothing would have agreed",
     "take chosen_by_default out"},
    {Rule::kConsentShape, "consent-shape", kError, "consent would not be free, or not be asked",
     "one consent question, required, with purposes, a no to all, and one purpose that opens"},
    {Rule::kPlaceholderDiffers, "placeholder-differs", kError,
     "one language is told something that another is not", "use the same {names} everywhere"},
    {Rule::kPlaceholderUnknown, "placeholder-unknown", kError,
     "it would be shown as an empty place",
     "use the names that docs/questionnaire-authors.md lists"},
    {Rule::kPlaceholderEcho, "placeholder-echo", kError,
     "the chat would show an answer to whoever finds the phone",
     "take it out: nothing is repeated"},
    {Rule::kExpressionSyntax, "expression-syntax", kError, "nobody knows when it is asked",
     "see Relevance in docs/questionnaire-authors.md"},
    {Rule::kUnknownName, "unknown-name", kError, "the condition never holds",
     "name a question of this form"},
    {Rule::kUnknownCode, "unknown-code", kError, "the condition never holds",
     "name a code of that question"},
    {Rule::kForwardReference, "forward-reference", kError, "the answer is not there yet",
     "ask that question earlier, or this one later"},
    {Rule::kNeverAsked, "never-asked", kError, "the condition contradicts itself",
     "change the condition, or take the question out"},
    {Rule::kUnreachable, "unreachable", kError, "nobody is ever asked it",
     "lead a way here, or take it out"},
    {Rule::kDeadEnd, "dead-end", kError, "the conversation never comes to an end",
     "lead a way from here to a last message"},
    {Rule::kRunsOff, "runs-off", kError, "the conversation ends without a word",
     "let the last message be AFTER_END"},
    {Rule::kPathTooLong, "path-too-long", kError, "every minute with the chat open is a risk",
     "ask less, or raise longest_path knowingly"},
    {Rule::kNotPersisted, "not-persisted", kError,
     "after a restart nobody knows which way the person was on", "set persist"},
    {Rule::kIdentityBeforeConsent, "identity-before-consent", kError,
     "a name would be told before anything was agreed to", "ask it after consent"},
    {Rule::kToldBeforeConsent, "told-before-consent", kError,
     "somebody tells what happened before anything was agreed to", "ask it after consent"},
    {Rule::kRepeatShape, "repeat-shape", kError, "the repeat cannot work as it stands",
     "see Repeat in proto/questionnaire.proto"},
    {Rule::kRepeatWithoutMax, "repeat-without-max", kError, "it could go on for ever",
     "give the repeat a max"},
    {Rule::kGazetteer, "gazetteer", kError, "a place that nobody can pick, or that means two",
     "codes once each; pages of at most ten rows whose codes are places or pages"},
    {Rule::kMessageLoop, "message-loop", kError, "messages lead to each other and ask nothing",
     "let one of them end, or lead to a question"},
    {Rule::kSensitiveWord, "sensitive-word", kError,
     "a text that must look harmless says what this is about", "say it without the word"},
    {Rule::kAnswerGivenAway, "answer-given-away", kError,
     "the chat shows what was answered to whoever finds the phone",
     "ask in words that fit every answer"},
    {Rule::kWhyMissing, "why-missing", kWarning, "WHY has no answer at a hard question",
     "write `why` in every language"},
    {Rule::kUnwarned, "unwarned", kWarning, "a hard question comes without a warning",
     "put a message with the flag \"soft_warning\" before it"},
    {Rule::kSensitivePersisted, "sensitive-persisted", kWarning,
     "the server can read the code of a hard question from its disk",
     "take persist out if the flow can do without"},
    {Rule::kResourceUndated, "resource-undated", kError, "nobody knows whether the advice is true",
     "give reviewed_day: days since 1970"},
    {Rule::kResourceOld, "resource-old", kWarning, "old advice can be dangerous",
     "check the advice and set reviewed_day"},
    {Rule::kResourcePlace, "resource-place", kError,
     "who needs help is told of another city's, or of none",
     "one resource for each place, its codes from the gazetteer, and one without places"},
    {Rule::kCardNumberTwice, "card-number-twice", kError,
     "a number on the printed card means two questions", "give each question its own number"},
    {Rule::kCardWay, "card-way", kError,
     "who answers by card agrees to what is not on paper, or never gets to the receipt",
     "print language, safety, consent, review and all that leads to the receipt"},
    {Rule::kCodeReused, "code-reused", kWarning,
     "the same code meant something else in the version before", "give the new meaning a new code"},
    {Rule::kPathOverLimit, "path-over-limit", kError, "every minute with the chat open is a risk",
     "ask less in this mode"},
    {Rule::kHardToRead, "hard-to-read", kWarning, "who reads little does not understand it",
     "shorter sentences, shorter words"},
});

static_assert(static_cast<std::size_t>(Rule::kHardToRead) + 1 == kRules.size());

}  // namespace

std::span<const RuleInfo> rules() {
  return kRules;
}
const RuleInfo& info(Rule rule) {
  return kRules[static_cast<std::size_t>(rule)];
}
std::optional<Rule> rule_named(std::string_view name) {
  for (const RuleInfo& each : kRules) {
    if (each.name == name) return each.rule;
  }
  return std::nullopt;
}

}  // namespace resguardo::dialogue
