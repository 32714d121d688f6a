// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/facts.h"
#include "bot/dialogue/value.h"
#include "crypto/base/clock.h"
#include "proto/conversation.pb.h"

namespace resguardo::dialogue {

// One line a person can pick, in the order in which they are numbered.
struct Row {
  enum class Kind : std::uint8_t { kChoice, kSkip, kDone, kContinue, kDayFirst, kMonthFirst };
  Kind kind = Kind::kChoice;
  std::string_view code;
  const CompiledChoice* choice = nullptr;  // none for the engine's own rows
};

// All that a type may look at. It sees no channel, no clock and no settings.
struct Scene {
  const Form::Content& form;
  const CompiledNode& node;
  std::size_t language;  // kNoIndex: nobody chose one yet
  Seen values;           // what expressions read here
  const pb::ConversationState& state;
  Day today;                        // where the person is
  const pb::Fact* known = nullptr;  // of this node at this time; nullptr: nothing
};

// What was said, prepared. `words` are folded; empty when the text was too long to be a choice.
struct Utterance {
  std::string_view verbatim;
  std::span<const std::string_view> words;
  std::optional<std::string_view> tapped;  // a code; it is hostile
};

// What a type made of it.
struct Heard {
  enum class Kind : std::uint8_t {
    kUnclear,
    kCodes,    // an answer in codes
    kPicking,  // one more pick, not done yet
    kWords,    // an answer in words
    kValue,    // an answer in words that were understood
    kWhich,    // a date that may begin with the day or the month: to be asked
    kPart,     // one message of several
    kGoOn,     // nothing to keep: the next node
    kSkip,
    kExplain,  // wants to know more first
    kChange,   // of the review
    kErase,
  };
  Kind kind = Kind::kUnclear;
  std::vector<std::string> codes;
  const CompiledChoice* choice = nullptr;  // whose goto and switches hold
  Value value{};
  bool of_pending = false;  // read from the date that was asked about, not from these words
};

// What a type finds wrong with a node, in the author's words; nothing: fine.
class TypeProblems {
 public:
  struct Problem {
    Rule rule;
    std::string what;
  };
  void add(Rule rule, std::string what) { all_.push_back({rule, std::move(what)}); }
  void push_back(std::string what) { add(Rule::kQuestionShape, std::move(what)); }
  void emplace_back(std::string what) { push_back(std::move(what)); }
  std::vector<Problem>& all() { return all_; }

 private:
  std::vector<Problem> all_;
};

std::vector<const pb::Choice*> no_choices(const pb::Questionnaire& form, const pb::Node& node);
void no_check(const pb::Questionnaire& form, const pb::Node& node, TypeProblems& problems);

// One arm of pb::Node's oneof. To add a type: the arm, a file here, a line in registry.cpp, cases
// in tests/bot/dialogue.
struct QuestionType {
  pb::Node::BodyCase arm;
  std::string_view name;
  VariableType::Kind variable = VariableType::Kind::kOther;  // what an expression may do with it
  bool asks = true;                                          // false: a message
  bool takes_words = false;                                  // whatever is written is an answer
  bool typed = false;     // in words, and they can be misread: rows beside it are buttons or none
  bool paged = false;     // its choices are rows of several pages, ten at a time
  bool many = false;      // several rows may be picked
  bool location = false;  // a pin is the answer that is asked for
  bool in_parts = false;  // message after message until "done"
  // The form's choices, for compiling.
  std::vector<const pb::Choice*> (*choices)(const pb::Questionnaire& form,
                                            const pb::Node& node) = no_choices;
  // What is wrong with the node, in the author's words; nothing: fine.
  void (*check)(const pb::Questionnaire& form, const pb::Node& node,
                TypeProblems& problems) = no_check;
  std::vector<Row> (*rows)(const Scene& scene);
  Heard (*hear)(const Scene& scene, const Utterance& said);
};

std::span<const QuestionType* const> question_types();
const QuestionType* question_type(pb::Node::BodyCase arm);  // nullptr: none yet
// Arms that the schema has and a later issue will implement; compile() refuses them.
std::span<const pb::Node::BodyCase> reserved_arms();

// Shared by the types.
std::vector<Row> offered(const Scene& scene);          // relevant choices, picks left out
std::vector<Row> offered_or_skip(const Scene& scene);  // the same, and a row to skip where it fits
void add_skip_row(const Scene& scene, std::vector<Row>& rows);
bool may_skip(const Scene& scene);
std::vector<Row> continue_row();
// The row that a tap or words mean; nothing: unclear.
std::optional<Row> pick_one(const Scene& scene, const std::vector<Row>& rows,
                            const Utterance& said);
Heard hear_one(const Scene& scene, const std::vector<Row>& rows, const Utterance& said);
// Whatever is written is the answer, of this kind; a tap is one of the rows.
Heard hear_words(const Scene& scene, const std::vector<Row>& rows, const Utterance& said,
                 Heard::Kind kind);
Heard from_row(const Row& row);

}  // namespace resguardo::dialogue
