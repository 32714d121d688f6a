// SPDX-License-Identifier: AGPL-3.0-or-later
// Who answers by card: what must be printed, and that the way leads to the receipt.
#include "bot/dialogue/fold.h"
#include "form/lint/lint.h"
#include "form/walk/longest.h"
#include "form/walk_nodes.h"

namespace resguardo::form {
namespace {

using dialogue::Rule;

bool has_card(const pb::Questionnaire& form) {
  for (const auto& command : form.commands()) {
    if (command.kind() == pb::COMMAND_CARD) return true;
  }
  return false;
}

void check_node(const pb::Questionnaire& form, const pb::Node& node, Findings& findings) {
  const auto& marks = form.landmarks();
  const bool needed = node.id() == marks.language() || node.id() == marks.safety() ||
                      node.id() == marks.consent() || node.id() == marks.review();
  if (needed && node.card_number() == 0)
    findings.add(Rule::kCardWay, node.id(), "needs a card_number");
  if (node.card_number() == 0) return;
  if (!asks(node) || node.has_area() || node.has_receipt())
    findings.add(Rule::kCardWay, node.id(), "cannot be answered by card: no card_number here");
  if (node.has_number() && node.number().min() < 1)
    findings.add(Rule::kCardWay, node.id(), "0 skips by card: min must be 1 or more");
}

void check_words(const dialogue::Form::Content& content, const pb::CardText& text,
                 Findings& findings) {
  for (const auto& line : text.words()) {
    if (line.term().starts_with("{")) continue;
    if (content.commands.contains(dialogue::fold_name(line.term()))) continue;
    findings.add(Rule::kCardWay, in_language("card", text.language()),
                 "\"" + line.term() + "\" orders nothing");
  }
}

void check_texts(const dialogue::Form::Content& content, Findings& findings) {
  for (const auto& language : content.languages) {
    const pb::CardText* found = nullptr;
    for (const auto& text : content.form.card().texts()) {
      if (text.language() == language) found = &text;
    }
    if (found == nullptr || found->steps().empty()) {
      findings.add(Rule::kCardWay, in_language("card", language), "says nothing in this language");
    } else {
      check_words(content, *found, findings);
    }
  }
}

}  // namespace

void lint_card(const std::shared_ptr<const dialogue::Form>& form, Findings& findings) {
  const auto& content = form->content();
  if (!has_card(content.form)) return;
  const std::size_t before = findings.count();
  for (const auto& [section, node] : all_nodes(content.form)) {
    check_node(content.form, *node, findings);
  }
  if (findings.count() > before) return;
  check_texts(content, findings);
  if (!longest_card_path(form)) {
    findings.add(Rule::kCardWay, content.nodes[content.receipt_node].source->id(),
                 "no way by card leads to the receipt");
  }
}

}  // namespace resguardo::form
