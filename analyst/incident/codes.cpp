// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/codes.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <algorithm>

#include "data/research_codes.h"

namespace resguardo::analyst {
namespace {

class SilentCollector final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, int, const std::string&) override {}
  void AddWarning(int, int, const std::string&) override {}
};

template <class Rows, class Index>
bool index_rows(const Rows& rows, Index& index) {
  return std::all_of(rows.begin(), rows.end(),
                     [&](const auto& row) { return index.emplace(row.code(), &row).second; });
}

template <class Index>
auto found_in(const Index& index, std::string_view code) -> typename Index::mapped_type {
  const auto found = index.find(code);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace

Result<Codes> Codes::built_in() {
  return parse(data::research_codes);
}

Result<Codes> Codes::parse(std::span<const StaticText> sources) {
  Codes codes;
  for (const StaticText& source : sources) {
    google::protobuf::TextFormat::Parser parser;
    SilentCollector silent;
    parser.RecordErrorsTo(&silent);
    pb::ResearchCodes part;
    if (!parser.ParseFromString(std::string(source.view()), &part))
      return Error{Fault::kMalformed, "codes that cannot be read"};
    codes.codes_.MergeFrom(part);
  }
  RESGUARDO_CHECK(codes.index());
  return codes;
}

Status Codes::index() {
  bool once = index_rows(codes_.violations(), violations_) &&
              index_rows(codes_.categories(), categories_) &&
              index_rows(codes_.actors(), actors_) && index_rows(codes_.policies(), policies_) &&
              index_rows(codes_.levels(), levels_);
  for (const pb::PlaceFacts& place : codes_.places())
    once = once && places_.emplace(place.place(), &place).second;
  if (!once) return Error{Fault::kMalformed, "a code stands twice among the codes"};
  for (const pb::ViolationCode& violation : codes_.violations())
    for (const pb::AnswerCodes& trigger : violation.triggers())
      for (const std::string& code : trigger.codes())
        triggers_[{trigger.question(), code}].push_back(&violation);
  return success();
}

const pb::ViolationCode* Codes::violation(std::string_view code) const {
  return found_in(violations_, code);
}
const pb::CategoryCode* Codes::category(std::string_view code) const {
  return found_in(categories_, code);
}
const pb::ActorCode* Codes::actor(std::string_view code) const {
  return found_in(actors_, code);
}
const pb::PolicyCode* Codes::policy(std::string_view code) const {
  return found_in(policies_, code);
}
const pb::LevelCode* Codes::level(std::string_view code) const {
  return found_in(levels_, code);
}
const pb::PlaceFacts* Codes::place(std::string_view code) const {
  return found_in(places_, code);
}

const pb::MappedCode* Codes::mapped(std::string_view map, std::string_view code) const {
  for (const pb::CodeMap& one : codes_.maps()) {
    if (one.id() != map) continue;
    for (const pb::MappedCode& row : one.rows())
      if (row.code() == code) return &row;
  }
  return nullptr;
}

std::vector<const pb::ViolationCode*> Codes::proposed_by(std::string_view question,
                                                         std::string_view code) const {
  const auto found = triggers_.find({std::string(question), std::string(code)});
  return found == triggers_.end() ? std::vector<const pb::ViolationCode*>() : found->second;
}

bool Codes::is_or_is_below(std::string_view actor, std::string_view above) const {
  // No row stands below itself; a longer way than there are rows would be one that does.
  for (int step = 0; step <= codes_.actors_size() && !actor.empty(); ++step) {
    if (actor == above) return true;
    const pb::ActorCode* row = this->actor(actor);
    if (row == nullptr) return false;
    actor = row->parent();
  }
  return false;
}

std::string label_in(const google::protobuf::RepeatedPtrField<pb::CodeLabel>& labels,
                     std::string_view language) {
  for (const std::string_view wanted : {language, std::string_view("en")})
    for (const pb::CodeLabel& label : labels)
      if (label.language() == wanted) return label.text();
  return labels.empty() ? "" : labels[0].text();
}

}  // namespace resguardo::analyst
