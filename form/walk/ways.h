// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "form/walk/dominance.h"
#include "form/walk/reads.h"
#include "form/walk/stand.h"

namespace resguardo::form {

// The first word that orders it; empty: none.
std::string command_word(const pb::Questionnaire& form, pb::CommandKind kind);
std::string code_of(const dialogue::PromptChoice& choice);
std::string typed(const std::string& words);  // as a line

// One way to answer what was asked: lines of a transcript, each a reply.
using Way = std::vector<std::string>;

// How much there is to tell.
enum class Told : std::uint8_t {
  kOneEvent,    // one code in each question with the flag "event_kind", every repeat once
  kEverything,  // no bound but the form's own
};

// The ways to answer a prompt, one for each that could lead elsewhere: answers that no later
// condition tells apart count as one. Nobody asks for an explanation, goes back, changes what is
// told or is not understood: none of these has an end.
class Ways {
 public:
  Ways(const Stage& stage, const Reads& reads, Told told);

  std::vector<Way> at(const Stand& stand);
  // The same without leaving out those that another answer makes pointless.
  std::vector<Way> every(const Stand& stand) const;
  Told told() const { return told_; }
  // `after` is more than kOneEvent allows.
  bool too_much(const Stand& after) const;

 private:
  struct Answer {
    Way way;
    Left outcome;
  };
  // What can be picked, and the line that picks it: a tap, or by card a number.
  struct Offered {
    std::string code;
    std::string number;
    std::string line;
  };
  std::vector<Offered> offered(const Stand& stand, std::size_t node) const;
  std::vector<Offered> printed(const Stand& stand, std::size_t node) const;
  std::vector<Answer> choices(const Stand& stand, std::size_t node) const;
  std::vector<Answer> picks(const Stand& stand, std::size_t node) const;
  std::vector<Answer> words(const Stand& stand, std::size_t node) const;
  std::vector<Answer> answers(const Stand& stand, std::size_t node) const;
  std::vector<Way> the_longest(const Stand& stand, std::size_t node, std::vector<Answer> all);
  std::vector<std::string> agreed(const Stand& stand, std::size_t node,
                                  const std::string& code) const;
  bool several_events(const Stand& stand) const;
  Use use_of(const Stand& stand, std::size_t node) const;
  std::vector<std::string> answers_of(std::size_t node) const;
  std::string done(const Stand& stand) const;
  bool understood(const Stand& before, const Stand& after) const;

  const Stage& stage_;
  const Reads& reads_;
  Dominance dominance_;
  Told told_;
  std::string done_word_;
  std::string skip_word_;
};

}  // namespace resguardo::form
