// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace resguardo::dialogue {

// Every rule a form is held to. The compiler asks the first group when a server loads a form;
// `resguardo-form lint` asks all of them. Each has a form that breaks it and nothing else in
// tests/form/faults/<name>.
enum class Rule : std::uint8_t {
  // what the compiler refuses
  kSyntax,
  kFormTooLarge,
  kFormIncomplete,
  kForeignLanguage,
  kLanguageTwice,
  kMissingTranslation,
  kTextTwice,
  kIdMissing,
  kIdTwice,
  kUnknownType,
  kUnknownNode,
  kLandmark,
  kFirstQuestions,
  kUnknownPhrase,
  kCommandTwice,
  kCommandAsChoice,
  kCodeMissing,
  kCodeTwice,
  kCodeReserved,
  kTitleTooLong,
  kTextTooLong,
  kTooManyRows,
  kAmbiguousName,
  kNothingToExplain,
  kNoChoices,
  kUnknownTaxonomy,
  kJumpFromSeveral,
  kQuestionShape,
  kSensitiveRequired,
  kConsentByDefault,
  kConsentShape,
  kPlaceholderDiffers,
  kPlaceholderUnknown,
  kPlaceholderEcho,
  kExpressionSyntax,
  kUnknownName,
  kUnknownCode,
  kForwardReference,
  kNeverAsked,
  kUnreachable,
  kDeadEnd,
  kRunsOff,
  kPathTooLong,
  kNotPersisted,
  kIdentityBeforeConsent,
  kToldBeforeConsent,
  kRepeatShape,
  kRepeatWithoutMax,
  kNumberRange,
  kGazetteer,
  // what only lint asks
  kNameShape,
  kSensitivityUnknown,
  kMessageLoop,
  kSensitiveWord,
  kAnswerGivenAway,
  kWhyMissing,
  kUnwarned,
  kSensitivePersisted,
  kResourceUndated,
  kResourceOld,
  kResourcePlace,
  kCardNumberTwice,
  kCardWay,
  kCodeReused,
  kPathOverLimit,
  kHardToRead,
};

enum class Severity : std::uint8_t { kError, kWarning };

struct RuleInfo {
  Rule rule;
  std::string_view name;  // "title-too-long"
  Severity severity = Severity::kError;
  std::string_view danger;  // what happens to a reporter, or to the report, otherwise
  std::string_view mend;
};

std::span<const RuleInfo> rules();  // in the order of the enum
const RuleInfo& info(Rule rule);
std::optional<Rule> rule_named(std::string_view name);

}  // namespace resguardo::dialogue
