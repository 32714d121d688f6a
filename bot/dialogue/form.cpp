// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/form.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/compiler.h"
#include "crypto/base/hash.h"

namespace resguardo::dialogue {
namespace {

constexpr std::size_t kLargestForm = 4U << 20U;
constexpr int kMaxGroupDepth = 40;  // of groups in groups: as the analyst's reader (form_texts.cpp)

class Collector final : public google::protobuf::io::ErrorCollector {
 public:
  explicit Collector(Problems& problems) : problems_(problems) {}
  void AddError(int line, google::protobuf::io::ColumnNumber, const std::string& message) override {
    problems_.add(Rule::kSyntax, "line " + std::to_string(line + 1), message);
  }

 private:
  Problems& problems_;
};

}  // namespace

std::optional<pb::Questionnaire> parse_form(ByteView source, Problems& problems) {
  if (source.size() > kLargestForm) {
    problems.add(Rule::kFormTooLarge, "form", "larger than 4 MiB");
    return std::nullopt;
  }
  Collector collector(problems);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.SetRecursionLimit(kMaxGroupDepth);
  pb::Questionnaire form;
  if (!parser.ParseFromString(to_string(source), &form)) {
    if (!problems.any()) problems.add(Rule::kSyntax, "form", "does not parse");
    return std::nullopt;
  }
  return form;
}

Result<std::shared_ptr<const Form>> Form::compile(ByteView source, std::vector<FormProblem>& list) {
  list.clear();
  Problems problems(list);
  auto form = parse_form(source, problems);
  if (!form) return Error{Fault::kMalformed, "the form does not parse"};
  auto content = std::make_unique<Content>();
  content->form = std::move(*form);
  content->source = to_bytes(source);
  content->digest = blake2b(source);
  build_words(*content, problems);
  build_nodes(*content, problems);
  build_repeats(*content, problems);
  build_row_names(*content);
  build_expressions(*content, problems);
  check_texts(*content, problems);
  check_choices(*content, problems);
  check_landmarks(*content, problems);
  check_flow(*content, problems);
  if (problems.any()) return Error{Fault::kRefused, "the form has problems"};
  return std::shared_ptr<const Form>(new Form(std::move(content)));
}

Form::Form(std::unique_ptr<const Content> content) : content_(std::move(content)) {}
Form::~Form() = default;
const Digest& Form::digest() const {
  return content_->digest;
}
ByteView Form::source() const {
  return content_->source;
}
const std::string& Form::id() const {
  return content_->form.id();
}
const std::string& Form::version() const {
  return content_->form.version();
}
const std::vector<std::string>& Form::languages() const {
  return content_->languages;
}
const Form::Content& Form::content() const {
  return *content_;
}

const CompiledChoice* CompiledNode::find(std::string_view code) const {
  for (const auto& choice : choices) {
    if (choice.code == code) return &choice;
  }
  return nullptr;
}

std::size_t Form::Content::find(std::string_view node) const {
  const auto found = node_index.find(node);
  return found == node_index.end() ? kNoIndex : found->second;
}
std::size_t Form::Content::language_index(std::string_view code) const {
  for (std::size_t i = 0; i < languages.size(); ++i) {
    if (languages[i] == code) return i;
  }
  return kNoIndex;
}
const std::string& Form::Content::phrase(Say say, std::size_t language) const {
  return phrases[static_cast<std::size_t>(say)][language == kNoIndex ? 0 : language];
}

}  // namespace resguardo::dialogue
