// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "proto/questionnaire.pb.h"

namespace resguardo::analyst {

// A questionnaire as far as a reader of answers needs it: what was asked, what a code means, in
// which order questions stand. Nothing of it is run or checked: bot/dialogue does that.
class FormTexts {
 public:
  static constexpr std::size_t kMaxSource = 8UL * 1024 * 1024;

  // `source`: exact bytes of the form (protobuf text format). Hostile input, like all of a bundle.
  static Result<FormTexts> parse(ByteView source);

  const std::string& id() const { return id_; }
  const std::string& version() const { return version_; }

  // In `language`, else in the form's first language; empty: there is no such question or code.
  std::string question(std::string_view node, std::string_view language) const;
  std::string choice(std::string_view node, std::string_view code, std::string_view language) const;
  // What a code means as a value of a field of the research schema ("victim.gender"), whichever
  // question asks it; empty: no question of that field has it.
  std::string choice_of_field(std::string_view field, std::string_view code,
                              std::string_view language) const;

  // The field of the research schema that an answer to `node` is ("act[].type"); empty: it is none.
  std::string_view field(std::string_view node) const;
  // Whether it is asked once for each of several events: an answer's instance begins with which.
  bool in_repeat(std::string_view node) const;
  // A place of the form's gazetteer; nullptr: it has none of that code.
  const pb::GazetteerPlace* gazetteer(std::string_view place) const;
  // A place of it, or the country or area of one.
  bool knows_place(std::string_view code) const;

  // All questions, and the codes of one's answers, in the order of the form.
  std::vector<std::string> nodes() const;
  std::vector<std::string> choices(std::string_view node) const;

  // Where a question stands among all of the form; nullopt: it is not in it.
  std::optional<std::size_t> place(std::string_view node) const;

 private:
  struct Node {
    std::size_t place = 0;
    std::string field;
    bool repeated = false;
    std::map<std::string, std::string, std::less<>> texts;  // by language
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> choices;
    std::vector<std::string> codes;  // of the choices, in order
  };
  void add(const pb::Node& node, bool repeated, const pb::Questionnaire& form);
  std::string wording(const std::map<std::string, std::string, std::less<>>& texts,
                      std::string_view language) const;

  std::string id_;
  std::string version_;
  std::string first_language_;
  std::map<std::string, Node, std::less<>> nodes_;
  std::map<std::string, pb::GazetteerPlace, std::less<>> places_;
};

// The questionnaires of a vault or bundle by the digest that reports pin.
using FormShelf = std::map<Digest, FormTexts>;

}  // namespace resguardo::analyst
