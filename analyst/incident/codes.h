// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "proto/taxonomy.pb.h"

namespace resguardo::analyst {

// What analysts code reports with (proto/taxonomy.proto): kinds of violation, who did it, policies
// of the United States while they were in force. Part of the program, not of a bundle: no server
// decides what an answer proposes.
//
// Codes are never renamed. One that is not here is hostile or newer: it is shown as it is, and
// counts as nothing.
class Codes {
 public:
  // Those this program was built with.
  static Result<Codes> built_in();
  // kMalformed: not protobuf's text format, or a code stands there twice.
  static Result<Codes> parse(std::span<const StaticText> sources);

  // Rows are named by their addresses.
  Codes(const Codes&) = delete;
  Codes& operator=(const Codes&) = delete;
  Codes(Codes&&) = default;
  Codes& operator=(Codes&&) = default;
  ~Codes() = default;

  // nullptr: there is none.
  const pb::ViolationCode* violation(std::string_view code) const;
  const pb::CategoryCode* category(std::string_view code) const;
  const pb::ActorCode* actor(std::string_view code) const;
  const pb::PolicyCode* policy(std::string_view code) const;
  const pb::LevelCode* level(std::string_view code) const;
  const pb::PlaceFacts* place(std::string_view code) const;
  // `code` in a map ("attribution_basis", …), or nullptr.
  const pb::MappedCode* mapped(std::string_view map, std::string_view code) const;

  // Violations that this answer proposes, in the order of the codes.
  std::vector<const pb::ViolationCode*> proposed_by(std::string_view question,
                                                    std::string_view code) const;
  // Whether `actor` is `above` or stands below it ("US-USBP" is "US-CBP" and "US-GOV").
  bool is_or_is_below(std::string_view actor, std::string_view above) const;

  // What there is, in the order in which it is shown.
  const pb::ResearchCodes& all() const { return codes_; }

 private:
  Codes() = default;
  Status index();
  template <class Row>
  using Index = std::map<std::string, const Row*, std::less<>>;

  pb::ResearchCodes codes_;
  Index<pb::ViolationCode> violations_;
  Index<pb::CategoryCode> categories_;
  Index<pb::ActorCode> actors_;
  Index<pb::PolicyCode> policies_;
  Index<pb::LevelCode> levels_;
  Index<pb::PlaceFacts> places_;
  std::map<std::pair<std::string, std::string>, std::vector<const pb::ViolationCode*>> triggers_;
};

// In `language`, else in English, else the first; empty: there is none.
std::string label_in(const google::protobuf::RepeatedPtrField<pb::CodeLabel>& labels,
                     std::string_view language);

}  // namespace resguardo::analyst
