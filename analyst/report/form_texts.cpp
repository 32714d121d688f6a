// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/form_texts.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <limits>

namespace resguardo::analyst {
namespace {

// protobuf's own collector prints the input to stderr.
class Silent final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, int, const std::string&) override {}
  void AddWarning(int, int, const std::string&) override {}
};

using Texts = std::map<std::string, std::string, std::less<>>;

Texts titles_of(const pb::Choice& choice) {
  Texts texts;
  for (const pb::Title& title : choice.titles()) texts.emplace(title.language(), title.title());
  return texts;
}

std::vector<const pb::Choice*> purposes_of(const pb::Consent& consent) {
  std::vector<const pb::Choice*> choices = {&consent.all(), &consent.none(), &consent.more()};
  for (const pb::Purpose& purpose : consent.purposes()) choices.push_back(&purpose.choice());
  return choices;
}

template <class Question>
std::vector<const pb::Choice*> listed(const Question& question, const pb::Questionnaire& form) {
  std::vector<const pb::Choice*> choices;
  for (const pb::Choice& choice : question.choices()) choices.push_back(&choice);
  for (const pb::Taxonomy& taxonomy : form.taxonomies()) {
    if (question.taxonomy().empty() || taxonomy.id() != question.taxonomy()) continue;
    for (const pb::Choice& row : taxonomy.rows()) choices.push_back(&row);
  }
  return choices;
}

std::vector<const pb::Choice*> choices_of(const pb::Node& node, const pb::Questionnaire& form) {
  if (node.has_single_choice()) return listed(node.single_choice(), form);
  if (node.has_multiple_choice()) return listed(node.multiple_choice(), form);
  if (node.has_consent()) return purposes_of(node.consent());
  if (node.has_review())
    return {&node.review().send(), &node.review().change(), &node.review().erase()};
  return {};
}

}  // namespace

Result<FormTexts> FormTexts::parse(ByteView source) {
  if (source.size() > kMaxSource) return Error{Fault::kMalformed, "a questionnaire too large"};
  google::protobuf::io::ArrayInputStream input(source.data(), static_cast<int>(source.size()));
  google::protobuf::TextFormat::Parser parser;
  Silent silent;
  parser.RecordErrorsTo(&silent);
  parser.SetRecursionLimit(40);
  pb::Questionnaire form;
  if (!parser.Parse(&input, &form))
    return Error{Fault::kMalformed, "a questionnaire that cannot be read"};
  FormTexts texts;
  texts.id_ = form.id();
  texts.version_ = form.version();
  if (form.languages_size() > 0) texts.first_language_ = form.languages(0);
  for (const pb::Section& section : form.sections())
    for (const pb::Node& node : section.nodes()) texts.add(node, section.has_repeat(), form);
  for (const pb::GazetteerPlace& place : form.gazetteer().places())
    texts.places_.emplace(place.code(), place);
  return texts;
}

void FormTexts::add(const pb::Node& node, bool repeated, const pb::Questionnaire& form) {
  Node known;
  known.place = nodes_.size();
  known.field = node.maps_to();
  known.repeated = repeated;
  for (const pb::Text& text : node.texts()) known.texts.emplace(text.language(), text.full());
  for (const pb::Choice* choice : choices_of(node, form))
    if (known.choices.emplace(choice->code(), titles_of(*choice)).second)
      known.codes.push_back(choice->code());
  nodes_.emplace(node.id(), std::move(known));
  for (const pb::Node& below : node.group().nodes()) add(below, repeated, form);
}

std::string FormTexts::wording(const Texts& texts, std::string_view language) const {
  for (const std::string_view wanted : {language, std::string_view(first_language_)})
    if (const auto found = texts.find(wanted); found != texts.end()) return found->second;
  return texts.empty() ? "" : texts.begin()->second;
}

std::string FormTexts::question(std::string_view node, std::string_view language) const {
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? "" : wording(found->second.texts, language);
}

std::string FormTexts::choice(std::string_view node, std::string_view code,
                              std::string_view language) const {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return "";
  const auto choice = found->second.choices.find(code);
  return choice == found->second.choices.end() ? "" : wording(choice->second, language);
}

std::string FormTexts::choice_of_field(std::string_view field, std::string_view code,
                                       std::string_view language) const {
  for (const auto& [id, node] : nodes_) {
    std::string known = node.field;
    for (auto at = known.find("[]"); at != std::string::npos; at = known.find("[]"))
      known.erase(at, 2);
    if (known != field) continue;
    const auto choice = node.choices.find(code);
    if (choice != node.choices.end()) return wording(choice->second, language);
  }
  return "";
}

std::string_view FormTexts::field(std::string_view node) const {
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? std::string_view() : found->second.field;
}

bool FormTexts::in_repeat(std::string_view node) const {
  const auto found = nodes_.find(node);
  return found != nodes_.end() && found->second.repeated;
}

const pb::GazetteerPlace* FormTexts::gazetteer(std::string_view place) const {
  const auto found = places_.find(place);
  return found == places_.end() ? nullptr : &found->second;
}

bool FormTexts::knows_place(std::string_view code) const {
  return places_.contains(code) ||
         std::any_of(places_.begin(), places_.end(), [&](const auto& place) {
           return place.second.country() == code || place.second.area() == code;
         });
}

std::vector<std::string> FormTexts::nodes() const {
  std::vector<std::string> ids(nodes_.size());
  for (const auto& [id, node] : nodes_) ids.at(node.place) = id;
  return ids;
}

std::vector<std::string> FormTexts::choices(std::string_view node) const {
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? std::vector<std::string>() : found->second.codes;
}

std::optional<std::size_t> FormTexts::place(std::string_view node) const {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return std::nullopt;
  return found->second.place;
}

}  // namespace resguardo::analyst
