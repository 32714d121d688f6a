// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "bot/dialogue/expression.h"
#include "bot/dialogue/form.h"
#include "bot/dialogue/reading/lexicon.h"
#include "bot/dialogue/reading/places.h"
#include "bot/dialogue/resources.h"
#include "proto/questionnaire.pb.h"

namespace resguardo::dialogue {

struct QuestionType;
inline constexpr std::size_t kNoIndex = std::numeric_limits<std::size_t>::max();

// What the engine itself says; a form words each in every language.
enum class Say : std::uint8_t {
  kNotUnderstood,
  kNotUnderstoodAgain,
  kOfferSkip,
  kCannotSkip,
  kNoWayBack,
  kNoWhy,
  kCommands,
  kGoodbye,
  kDeleted,
  kNothingKept,
  kPaused,
  kPartTaken,
  kPinTaken,
  kMediaLater,
  kMediaTaken,
  kNotForUs,
  kNotYet,
  kUnavailable,
  kWhatToChange,
  kSkip,
  kSkipShort,
  kSkipHint,
  kDone,
  kContinue,
  kListButton,
  kOneNumber,
  kSeveralNumbers,
  kPickOneByOne,
  kDayOrMonth,
  kDayFirst,
  kMonthFirst,
  kUnfinished,
  kAnotherWord,
  kWillNotVanish,
  kNumberRange,
  kMediaTooLarge,
  kMediaRefused,
  kMediaLost,
  kReceiptReplaced,
};
inline constexpr std::size_t kSayCount = static_cast<std::size_t>(Say::kReceiptReplaced) + 1;
extern const std::array<std::string_view, kSayCount> kSayKeys;

struct CompiledTitle {
  std::string title;
  std::string description;
  std::vector<std::string> names;  // folded: the title and the other ways to say it
};
struct CompiledChoice {
  const pb::Choice* source = nullptr;
  std::string code;
  std::string folded_code;
  Expression relevant;
  std::vector<CompiledTitle> titles;  // by language
  std::size_t goto_node = kNoIndex;
  bool explains = false;  // goto "@explain"
};
struct CompiledText {
  std::string full, brief, why, explain, retry, card;
};
struct CompiledNode {
  const pb::Node* source = nullptr;
  const QuestionType* type = nullptr;
  std::string_view id;  // the source's
  std::size_t section = 0;
  std::size_t group = kNoIndex;       // the repeat of the group it is in
  bool section_repeats = false;       // it is in a section that is asked several times
  bool always = false;                // it stands whatever is answered: no condition, no repeat
  std::size_t after_goto = kNoIndex;  // of a message
  // Places that are asked for within this one's answer: they name it in page_of or within.
  std::vector<std::size_t> places_within;
  Expression relevant;
  std::uint32_t modes = 0;     // bit set; 0: all
  std::uint32_t first_in = 0;  // bit set: in these modes it comes first in its section
  // It decides what else is asked: an expression reads it, or a repeat goes on by it.
  bool read_by_expression = false;
  // The nodes that stand or fall by what this one's answer is, in order; with them what goes by
  // more than answers.
  std::vector<std::size_t> decides;
  bool identity = false;
  std::vector<CompiledText> texts;          // by language
  std::vector<std::string> text_versions;   // by language: digest of all that is shown
  std::vector<std::string> brief_versions;  // the same of what is shown in discreet mode
  std::vector<std::string> card_versions;   // the same of what is printed
  std::vector<CompiledChoice> choices;
  const CompiledChoice* find(std::string_view code) const;
};
struct CompiledSection {
  const pb::Section* source = nullptr;
  std::size_t first = 0;          // its nodes, from here
  std::size_t last = 0;           // to here
  std::size_t repeat = kNoIndex;  // it is asked several times
  Expression relevant;
  std::uint32_t modes = 0;
  std::vector<std::string> titles;  // by language
  CompiledChoice as_choice;         // when the review asks which one to change
  // The same for each time of a section that repeats: "What happened (2)".
  std::vector<CompiledChoice> as_choices;
};
// A section or a group that is asked several times; a group's nodes stand among its section's.
struct CompiledRepeat {
  const pb::Repeat* source = nullptr;
  const pb::Node* group_node = nullptr;  // none: a section
  std::string id;
  std::size_t section = 0;
  bool group = false;
  bool letters = false;
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t while_node = kNoIndex;
  std::size_t for_each = kNoIndex;
  std::uint32_t max = 0;
  Expression relevant;                                 // of the group's own node
  std::uint32_t modes = 0;                             // the same
  bool begins() const { return while_node == first; }  // else it ends with it
};

// What an expression may name beside nodes; as variables they stand before them.
enum class Known : std::size_t { kChannel, kStored, kMedia, kDiscreet };
inline constexpr std::size_t kKnownCount = 4;

// What a word orders.
struct CompiledCommand {
  pb::CommandKind kind = pb::COMMAND_UNSPECIFIED;
  pb::Mode mode = pb::MODE_UNSPECIFIED;  // of COMMAND_MODE and COMMAND_CARD
  std::size_t language = kNoIndex;       // of COMMAND_CARD, where its word is of one
  friend bool operator==(const CompiledCommand&, const CompiledCommand&) = default;
  friend bool operator==(const CompiledCommand& command, pb::CommandKind other) {
    return command.kind == other;
  }
};

using WordSet = std::unordered_set<std::string, NameHash, std::equal_to<>>;
inline constexpr std::size_t kModeCount = std::size_t{pb::Mode_MAX} + 1;

struct Form::Content {
  pb::Questionnaire form;
  Bytes source;
  Digest digest{};
  std::vector<std::string> languages;
  std::vector<CompiledSection> sections;
  std::vector<CompiledNode> nodes;  // as they are written
  std::vector<CompiledRepeat> repeats;
  NameMap<std::size_t> node_index;
  // By mode: the nodes as they come, and the place of each. Sections keep their places.
  std::array<std::vector<std::size_t>, kModeCount> order, place;
  std::array<std::vector<std::string>, kSayCount> phrases;       // by language
  std::array<std::vector<std::string>, kSayCount> phrase_names;  // the same, folded
  NameMap<CompiledCommand> commands;
  Resources resources;
  std::vector<std::size_t> whereabouts;  // nodes, as Landmarks.whereabouts names them
  WordSet row_names;  // folded: each title, other way to say it and code of anything to pick
  std::vector<WordSet> lead_ins;  // by language
  WordSet noise, age_noise, years, yes, no, unknown, between, go_on, ordinal_endings;
  NameMap<std::size_t> number_words;
  Lexicons lexicons;
  PlaceNames places;
  struct Returning {
    std::size_t code = kNoIndex, menu = kNoIndex, confirm = kNoIndex, confirm_all = kNoIndex,
                reply = kNoIndex, no_reply = kNoIndex, add = kNoIndex, erased = kNoIndex,
                changed = kNoIndex, failed = kNoIndex, dropped = kNoIndex, left = kNoIndex,
                waits = kNoIndex, not_kept = kNoIndex;
    // Of phones that are linked: all of them or none.
    std::size_t link_ask = kNoIndex, link_made = kNoIndex, link_failed = kNoIndex,
                link_menu = kNoIndex, link_ended = kNoIndex;
    bool open() const { return menu != kNoIndex; }
    bool links() const { return open() && link_menu != kNoIndex; }
  } returning;
  std::size_t language_node = kNoIndex, safety_node = kNoIndex, consent_node = kNoIndex,
              help_node = kNoIndex, health_node = kNoIndex, menu_node = kNoIndex,
              declined_node = kNoIndex, review_node = kNoIndex, receipt_node = kNoIndex,
              resume_word_node = kNoIndex, team_code_node = kNoIndex;

  std::size_t find(std::string_view node) const;            // kNoIndex: no such node
  std::size_t language_index(std::string_view code) const;  // kNoIndex: not one of ours
  const std::string& phrase(Say say, std::size_t language) const;
};

}  // namespace resguardo::dialogue
