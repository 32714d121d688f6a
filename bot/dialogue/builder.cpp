// SPDX-License-Identifier: AGPL-3.0-or-later
// From the form as written to nodes in order, each with its type, texts and choices.
#include <algorithm>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/question_type.h"
#include "crypto/base/hash.h"

namespace resguardo::dialogue {
namespace {

std::uint32_t mode_set(const google::protobuf::RepeatedField<int>& modes) {
  std::uint32_t set = 0;
  for (const int mode : modes) set |= 1U << static_cast<unsigned>(mode);
  return set;
}

class NodeBuilder {
 public:
  NodeBuilder(Form::Content& content, Problems& problems)
      : content_(content), problems_(problems) {}

  void build(const pb::Node& source, std::size_t section, std::size_t group = kNoIndex) {
    CompiledNode node;
    node.source = &source;
    node.id = source.id();
    node.section = section;
    node.group = group;
    node.modes = mode_set(source.modes());
    node.first_in = mode_set(source.first_in());
    node.identity = source.compartment() == pb::COMPARTMENT_IDENTITY;
    find_type(node);
    build_texts(node);
    if (node.type != nullptr) {
      for (const auto* choice : node.type->choices(content_.form, source)) {
        node.choices.push_back(build_choice(node, *choice));
      }
      TypeProblems found;
      node.type->check(content_.form, source, found);
      for (auto& each : found.all()) problems_.add(each.rule, source.id(), std::move(each.what));
    }
    build_versions(node);
    if (source.id().empty())
      problems_.add(Rule::kIdMissing, content_.sections[section].source->id(), "node without id");
    if (!content_.node_index.emplace(source.id(), content_.nodes.size()).second) {
      problems_.add(Rule::kIdTwice, source.id(), "id used twice");
    }
    content_.nodes.push_back(std::move(node));
  }

  // A group's nodes stand among those of its section, and know which group they are of.
  void build_group(const pb::Node& source, std::size_t section) {
    const auto& group = source.group();
    const auto& id = source.id();
    if (id.empty() || content_.find(id) != kNoIndex)
      problems_.add(Rule::kIdTwice, id, "a group needs its own id");
    if (group.nodes().empty())
      return problems_.add(Rule::kRepeatShape, id, "a group without nodes");
    CompiledRepeat repeat;
    repeat.source = &group.repeat();
    repeat.id = id;
    repeat.section = section;
    repeat.group = true;
    repeat.letters = group.letters();
    repeat.modes = mode_set(source.modes());
    repeat.group_node = &source;
    repeat.first = content_.nodes.size();
    for (const auto& node : group.nodes()) {
      if (node.has_group()) problems_.add(Rule::kRepeatShape, node.id(), "a group holds no group");
      build(node, section, content_.repeats.size());
    }
    repeat.last = content_.nodes.size() - 1;
    content_.repeats.push_back(std::move(repeat));
  }

 private:
  void find_type(CompiledNode& node) {
    const auto arm = node.source->body_case();
    node.type = question_type(arm);
    if (node.type != nullptr) return;
    const auto reserved = reserved_arms();
    const bool later = std::find(reserved.begin(), reserved.end(), arm) != reserved.end();
    problems_.add(Rule::kUnknownType, where(node),
                  later ? "this type of question comes with a later issue"
                        : "neither a question nor a message");
  }

  void build_texts(CompiledNode& node) {
    node.texts.resize(content_.languages.size());
    for (const auto& text : node.source->texts()) {
      const auto language = content_.language_index(text.language());
      if (language == kNoIndex) {
        problems_.add(Rule::kForeignLanguage, where(node),
                      "not a language of the form: " + text.language());
        continue;
      }
      auto& compiled = node.texts[language];
      if (!compiled.full.empty())
        problems_.add(Rule::kTextTwice, where(node, text.language()), "text given twice");
      compiled = {text.full(), text.brief(), text.why(), text.explain(), text.retry(), text.card()};
    }
    add_explanations(node);
  }
  // "Tell me more" about consent: what each purpose means, one after the other.
  void add_explanations(CompiledNode& node) {
    for (const auto& purpose : node.source->consent().purposes()) {
      for (const auto& title : purpose.explanations()) {
        const auto language = content_.language_index(title.language());
        if (language == kNoIndex) continue;
        auto& explain = node.texts[language].explain;
        if (!explain.empty()) explain += "\n\n";
        explain += title.description();
      }
    }
  }

  CompiledChoice build_choice(const CompiledNode& node, const pb::Choice& source) {
    CompiledChoice choice;
    choice.source = &source;
    choice.code = source.code();
    choice.folded_code = fold_name(source.code());
    choice.explains = source.goto_node() == "@explain";
    choice.titles.resize(content_.languages.size());
    for (const auto& title : source.titles()) {
      const auto language = content_.language_index(title.language());
      if (language == kNoIndex) {
        problems_.add(Rule::kForeignLanguage, where(node),
                      "not a language of the form: " + title.language());
        continue;
      }
      auto& compiled = choice.titles[language];
      compiled.title = title.title();
      compiled.description = title.description();
      compiled.names.push_back(fold_name(title.title()));
      for (const auto& other : title.also()) compiled.names.push_back(fold_name(other));
    }
    return choice;
  }

  // Consent is worth what was shown: the digest of the question, its choices and its explanation.
  void build_versions(CompiledNode& node) {
    if (node.source->body_case() != pb::Node::kConsent) return;
    for (std::size_t language = 0; language < node.texts.size(); ++language) {
      const CompiledText& text = node.texts[language];
      std::string shown = '\0' + text.explain;
      for (const auto& choice : node.choices) {
        shown += '\0' + choice.code + '\0' + choice.titles[language].title + '\0' +
                 choice.titles[language].description;
      }
      const auto digest = [&](const std::string& words) {
        return to_hex(blake2b(as_bytes(words + shown)).view());
      };
      node.text_versions.push_back(digest(text.full));
      node.brief_versions.push_back(digest(text.brief.empty() ? text.full : text.brief));
      node.card_versions.push_back(digest(text.card.empty() ? text.full : text.card));
    }
  }

  Form::Content& content_;
  Problems& problems_;
};

CompiledChoice choice_of(const pb::Section& section, const std::vector<std::string>& titles) {
  CompiledChoice choice;
  choice.source = &pb::Choice::default_instance();
  choice.code = section.id();
  choice.folded_code = fold_name(section.id());
  for (const auto& title : titles) choice.titles.push_back({title, {}, {fold_name(title)}});
  return choice;
}

void resolve_gotos(Form::Content& content, Problems& problems) {
  const auto resolve = [&](const CompiledNode& node, const std::string& target) {
    if (target.empty() || target == "@explain") return kNoIndex;
    const auto found = content.find(target);
    if (found == kNoIndex)
      problems.add(Rule::kUnknownNode, node.source->id(), "goes to an unknown node: " + target);
    return found;
  };
  for (auto& node : content.nodes) {
    node.after_goto = resolve(node, node.source->message().go_to());
    for (auto& choice : node.choices) {
      choice.goto_node = resolve(node, choice.source->goto_node());
    }
  }
}

void resolve_places(Form::Content& content) {
  for (std::size_t i = 0; i < content.nodes.size(); ++i) {
    const pb::Node& source = *content.nodes[i].source;
    for (const auto* names :
         {&source.place().page_of(), &source.place().within(), &source.area().page_of()}) {
      for (const auto& name : *names) {
        const std::size_t outer = content.find(name);
        if (outer != kNoIndex && outer != i) content.nodes[outer].places_within.push_back(i);
      }
    }
  }
}

void resolve_landmarks(Form::Content& content, Problems& problems) {
  const auto& marks = content.form.landmarks();
  const auto resolve = [&](const std::string& id, std::size_t& node) {
    node = id.empty() ? kNoIndex : content.find(id);
    if (!id.empty() && node == kNoIndex)
      problems.add(Rule::kUnknownNode, "landmarks", "unknown node: " + id);
  };
  resolve(marks.language(), content.language_node);
  resolve(marks.safety(), content.safety_node);
  resolve(marks.consent(), content.consent_node);
  resolve(marks.help(), content.help_node);
  resolve(marks.health(), content.health_node);
  resolve(marks.menu(), content.menu_node);
  resolve(marks.declined(), content.declined_node);
  resolve(marks.review(), content.review_node);
  resolve(marks.receipt(), content.receipt_node);
  resolve(marks.resume_word(), content.resume_word_node);
  resolve(marks.team_code(), content.team_code_node);
  const auto& back = marks.returning();
  auto& nodes = content.returning;
  resolve(back.code(), nodes.code);
  resolve(back.menu(), nodes.menu);
  resolve(back.confirm(), nodes.confirm);
  resolve(back.confirm_all(), nodes.confirm_all);
  resolve(back.reply(), nodes.reply);
  resolve(back.no_reply(), nodes.no_reply);
  resolve(back.add(), nodes.add);
  resolve(back.erased(), nodes.erased);
  resolve(back.changed(), nodes.changed);
  resolve(back.failed(), nodes.failed);
  resolve(back.dropped(), nodes.dropped);
  resolve(back.left(), nodes.left);
  resolve(back.waits(), nodes.waits);
  resolve(back.not_kept(), nodes.not_kept);
  resolve(back.link_ask(), nodes.link_ask);
  resolve(back.link_made(), nodes.link_made);
  resolve(back.link_failed(), nodes.link_failed);
  resolve(back.link_menu(), nodes.link_menu);
  resolve(back.link_ended(), nodes.link_ended);
  for (const auto& id : marks.whereabouts()) resolve(id, content.whereabouts.emplace_back());
}

}  // namespace

std::string where(const CompiledNode& node, std::string_view language) {
  std::string text = node.source->id();
  if (!language.empty()) text.append(" (").append(language).append(")");
  return text;
}

namespace {

CompiledSection begin_section(const Form::Content& content, const pb::Section& source) {
  CompiledSection compiled;
  compiled.source = &source;
  compiled.modes = mode_set(source.modes());
  compiled.titles.resize(content.languages.size());
  for (const auto& title : source.titles()) {
    const auto language = content.language_index(title.language());
    if (language != kNoIndex) compiled.titles[language] = title.title();
  }
  compiled.as_choice = choice_of(source, compiled.titles);
  compiled.first = content.nodes.size();
  return compiled;
}

void build_section(Form::Content& content, Problems& problems, const pb::Section& source) {
  NodeBuilder builder(content, problems);
  const std::size_t index = content.sections.size();
  content.sections.push_back(begin_section(content, source));
  for (const auto& node : source.nodes()) {
    if (node.has_group()) {
      builder.build_group(node, index);
    } else {
      builder.build(node, index);
    }
  }
  auto& section = content.sections[index];
  if (section.first == content.nodes.size())
    return problems.add(Rule::kFormIncomplete, source.id(), "no nodes");
  section.last = content.nodes.size() - 1;
  if (!source.has_repeat()) return;
  CompiledRepeat repeat;
  repeat.source = &source.repeat();
  repeat.id = source.id();
  repeat.section = index;
  repeat.first = section.first;
  repeat.last = section.last;
  section.repeat = content.repeats.size();
  content.repeats.push_back(std::move(repeat));
}

}  // namespace

void build_nodes(Form::Content& content, Problems& problems) {
  if (content.form.id().empty()) problems.add(Rule::kFormIncomplete, "form", "no id");
  if (content.form.version().empty()) problems.add(Rule::kFormIncomplete, "form", "no version");
  for (const auto& section : content.form.sections()) build_section(content, problems, section);
  if (content.nodes.empty()) problems.add(Rule::kFormIncomplete, "form", "no nodes");
  resolve_gotos(content, problems);
  resolve_places(content);
  resolve_landmarks(content, problems);
}

}  // namespace resguardo::dialogue
