// SPDX-License-Identifier: AGPL-3.0-or-later
// What who comes back with a receipt meets (docs/adr/157).
#include <algorithm>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {
namespace {

// All or none of them, in a section of their own that only a receipt leads to.
void check_nodes(const Form::Content& content, Problems& problems) {
  if (!content.form.landmarks().has_returning()) return;
  const auto& back = content.returning;
  const auto need = [&](std::size_t node, pb::Node::BodyCase arm, const char* what) {
    if (node == kNoIndex)
      return problems.add(Rule::kLandmark, "landmarks",
                          std::string("returning.") + what + " is missing");
    const auto& at = content.nodes[node];
    const auto add = [&](const char* text) { problems.add(Rule::kLandmark, where(at), text); };
    if (at.source->body_case() != arm) add("of another type than coming back needs");
    const auto& section = content.sections[at.section];
    if (!section.source->entry() || at.group != kNoIndex || section.repeat != kNoIndex)
      add("not in an entry section that is asked once");
    if (back.code != kNoIndex && at.section != content.nodes[back.code].section)
      add("not in the section of the others");
    if (at.modes != 0 || !at.relevant.always())
      add("has a condition: whoever has a receipt meets it in every depth");
  };
  need(back.code, pb::Node::kText, "code");
  need(back.menu, pb::Node::kSingleChoice, "menu");
  need(back.confirm, pb::Node::kSingleChoice, "confirm");
  need(back.confirm_all, pb::Node::kSingleChoice, "confirm_all");
  need(back.reply, pb::Node::kMessage, "reply");
  need(back.no_reply, pb::Node::kMessage, "no_reply");
  need(back.add, pb::Node::kNarrative, "add");
  need(back.erased, pb::Node::kMessage, "erased");
  need(back.changed, pb::Node::kMessage, "changed");
  need(back.failed, pb::Node::kMessage, "failed");
  need(back.dropped, pb::Node::kMessage, "dropped");
  need(back.left, pb::Node::kMessage, "left");
  need(back.waits, pb::Node::kMessage, "waits");
  need(back.not_kept, pb::Node::kMessage, "not_kept");
  const auto links = {back.link_ask, back.link_made, back.link_failed, back.link_menu,
                      back.link_ended};
  if (std::ranges::all_of(links, [](std::size_t node) { return node == kNoIndex; })) return;
  need(back.link_made, pb::Node::kMessage, "link_made");
  need(back.link_failed, pb::Node::kMessage, "link_failed");
  need(back.link_menu, pb::Node::kSingleChoice, "link_menu");
  need(back.link_ended, pb::Node::kMessage, "link_ended");
  if (back.link_ask == kNoIndex)
    return problems.add(Rule::kLandmark, "landmarks", "returning.link_ask is missing");
  const auto& ask = content.nodes[back.link_ask];
  if (ask.source->body_case() != pb::Node::kSingleChoice ||
      (back.menu != kNoIndex && ask.section != content.nodes[back.menu].section))
    problems.add(Rule::kLandmark, where(ask), "a single choice in the section of the others");
}

// A phone that is linked reads, and ends that; whoever adds or withdraws shows the receipt.
void check_link_menu(const Form::Content& content, Problems& problems) {
  if (content.returning.link_menu == kNoIndex) return;
  const auto& menu = content.nodes[content.returning.link_menu];
  const auto offers = [&](pb::ReturnAction action) {
    return std::ranges::count_if(menu.choices, [action](const CompiledChoice& choice) {
             return choice.source->returning() == action;
           }) == 1;
  };
  const bool right = menu.choices.size() == 3 && offers(pb::RETURN_READ) &&
                     offers(pb::RETURN_UNLINK) && offers(pb::RETURN_LEAVE);
  if (!right)
    problems.add(Rule::kLandmark, where(menu),
                 "reading, ending the link and leaving are offered, and nothing else");
}

// What the menu offers, and that a purpose which is withdrawn is one that is asked for.
void check_menu(const Form::Content& content, Problems& problems) {
  if (content.returning.menu == kNoIndex || content.consent_node == kNoIndex) return;
  const auto& menu = content.nodes[content.returning.menu];
  const auto add = [&](std::string what) {
    problems.add(Rule::kLandmark, where(menu), std::move(what));
  };
  bool reads = false;
  bool adds = false;
  bool erases = false;
  bool leaves = false;
  for (const auto& choice : menu.choices) {
    const auto& source = *choice.source;
    const auto action = source.returning();
    reads = reads || action == pb::RETURN_READ;
    adds = adds || action == pb::RETURN_ADD;
    leaves = leaves || action == pb::RETURN_LEAVE;
    erases = erases || (action == pb::RETURN_WITHDRAW && source.withdraws().empty());
    if (action == pb::RETURN_UNLINK) add("ends a link where there is none: " + choice.code);
    if (action == pb::RETURN_UNSPECIFIED) add("a choice that does nothing: " + choice.code);
    if (action != pb::RETURN_WITHDRAW && !source.withdraws().empty())
      add("withdraws without RETURN_WITHDRAW: " + choice.code);
    for (const auto& purpose : source.withdraws())
      if (content.nodes[content.consent_node].find(purpose) == nullptr)
        add("withdraws what nobody is asked for: " + purpose);
  }
  if (!reads || !adds || !erases || !leaves)
    add("reading, adding, withdrawing everything and leaving are all offered");
}

// `placeholder` in every text of `only` but the reasons, once, and nowhere else.
void check_placeholder(const Form::Content& content, std::string_view placeholder, std::size_t only,
                       const char* problem, Problems& problems) {
  for (std::size_t i = 0; i < content.nodes.size(); ++i) {
    const auto& node = content.nodes[i];
    for (const auto& text : node.texts) {
      for (const auto* each : {&text.full, &text.brief, &text.why, &text.explain, &text.retry}) {
        const auto first = each->find(placeholder);
        const bool has = first != std::string::npos;
        const bool twice = has && each->find(placeholder, first + 1) != std::string::npos;
        const bool wrong = i == only ? (!has && !each->empty() && each != &text.why) || twice : has;
        if (wrong) problems.add(Rule::kQuestionShape, where(node), problem);
      }
    }
  }
}

// Who says yes in a hurry has read what to.
void check_confirmations(const Form::Content& content, Problems& problems) {
  const auto& back = content.returning;
  for (const std::size_t node : {back.confirm, back.confirm_all, back.link_ask}) {
    if (node == kNoIndex) continue;
    const auto& choices = content.nodes[node].choices;
    const auto yes = std::count_if(choices.begin(), choices.end(),
                                   [](const auto& choice) { return choice.source->affirms(); });
    const bool says_no = std::any_of(choices.begin(), choices.end(),
                                     [](const auto& choice) { return choice.source->denies(); });
    if (yes != 1 || !says_no)
      problems.add(Rule::kLandmark, where(content.nodes[node]), "one yes, and a no beside it");
  }
  if (back.confirm != kNoIndex && back.confirm == back.confirm_all)
    problems.add(Rule::kLandmark, where(content.nodes[back.confirm]),
                 "one question for everything and for a purpose: a yes would mean either");
}

}  // namespace

void check_return(const Form::Content& content, Problems& problems) {
  check_nodes(content, problems);
  check_menu(content, problems);
  check_link_menu(content, problems);
  check_confirmations(content, problems);
  check_placeholder(content, "{reply}", content.returning.reply,
                    "{reply} stands once in the message that shows one, and nowhere else",
                    problems);
  check_placeholder(content, "{chosen}", content.returning.confirm,
                    "{chosen} stands once where a purpose is confirmed, and nowhere else",
                    problems);
}

}  // namespace resguardo::dialogue
