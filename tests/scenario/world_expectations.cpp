// SPDX-License-Identifier: AGPL-3.0-or-later
// What must be true after an act, and at the end.
#include <algorithm>

#include "tests/scenario/world_player.h"

namespace resguardo::testing_support {
namespace {

using Fate = ToldReport::Fate;

bool same_records(const std::vector<pb::Record>& a, const std::vector<pb::Record>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.SerializeAsString() == other.SerializeAsString();
  });
}

// All that a transcript calls secret: whole messages, and the words in them.
std::vector<std::string> canaries_in(const Transcript& transcript) {
  std::vector<std::string> canaries = {"CANARY"};
  for (const auto& line : transcript.lines)
    if (line.rest.find("CANARY") != std::string::npos && line.verb != "!~")
      canaries.push_back(line.rest);
  return canaries;
}

}  // namespace

void WorldPlayer::expect(const TranscriptLine& line) {
  if (line.verb == "=") {
    expect_effect(line.rest);
  } else if (line.verb == "sealed") {
    const auto count = std::to_string(sealed());
    if (count != line.rest) fail("sealed " + count);
  } else if (line.verb == "durable") {
    const bool nothing = !world_->remembers(phone_->address());
    if (nothing != (line.rest == "nothing")) fail("durable part is not as expected");
  } else if (line.verb == "silence") {
    if (!shown_.empty()) fail("the bot said " + shown_.back().text);
  } else if (shown_.empty()) {
    fail("the bot said nothing");
  } else {
    expect_shown(line);
  }
}

void WorldPlayer::expect_shown(const TranscriptLine& line) {
  const Shown& shown = shown_.back();
  const bool has = shown.text.find(line.rest) != std::string::npos;
  if (line.verb == "<") {
    // compare_replies() found the twin's prompt shown; choices name their node themselves.
    const std::string node = shown.node.empty() && twin_.prompt ? twin_.prompt->node : shown.node;
    if (node != line.rest) fail("the bot said " + node);
  } else if (line.verb == "~") {
    if (!has) fail("the text is " + shown.text);
  } else if (line.verb == "!~") {
    if (has) fail("the text is " + shown.text);
  } else if (line.verb == "choices") {
    std::string codes;
    for (const auto& choice : shown.choices)
      codes += (codes.empty() ? "" : " ") + choice.id.substr(choice.id.find(':') + 1);
    if (codes != line.rest) fail("the choices are " + codes);
  } else {
    fail("no such verb: " + line.verb);
  }
}

// As far as an effect can be seen from outside: the reports in the store, and who is known.
void WorldPlayer::expect_effect(const std::string& effect) {
  const auto open = static_cast<long>(world_->store().open_reports().value().size());
  const auto closed = static_cast<long>(world_->store().reports().value().size());
  const long opened = effect == "begin" ? 1 : effect == "close" || effect == "erase" ? -1 : 0;
  if (open - static_cast<long>(open_before_) != opened)
    fail("the open reports do not show the effect " + effect);
  if (closed - static_cast<long>(reports_before_) != (effect == "close" ? 1 : 0))
    fail("the closed reports do not show the effect " + effect);
  const bool known = effect == "begin" || effect == "continue" || effect == "leave";
  if (effect != "none" && world_->remembers(phone_->address()) != known)
    fail("the conversation in the store does not show the effect " + effect);
  if (effect_name(twin_.effect) != effect) fail("effect is " + effect_name(twin_.effect));
}

void WorldPlayer::close_account(const Transcript& transcript) {
  const auto before = posted_;
  finish_report();
  world_->let_it_write();  // the row of a receipt that arrived goes while nobody waits
  const std::size_t turns = ledger_.shapes().size();
  for (const std::string& body : before) post(body);
  if (ledger_.shapes().size() != turns) fail("a late delivery was stored once more");
  if (!world_->replies(phone_->who()).empty()) fail("a late delivery was answered");
  const auto reports = ledger_.reports();
  if (reports.size() != told_.size()) return fail("reports were lost or made up");
  for (std::size_t i = 0; i < told_.size(); ++i) check_report(told_[i], reports[i]);
  check_disk(transcript);
}

void WorldPlayer::check_report(const ToldReport& told, const Ledger::Report& sealed) {
  const auto& analysts = world_->roster().analysts;
  const auto opened = open_report(sealed, analysts.front());
  if (opened.entries() != told.entries())
    fail("entries: told " + std::to_string(told.entries()) + ", sealed " +
         std::to_string(opened.entries()));
  if (lines_of(opened.testimony) != told.testimony || lines_of(opened.identity) != told.identity)
    fail("what was sealed is not what was told");
  // A report that has no end has no end of its last segment either.
  const std::uint32_t interrupted = told.interrupted + (opened.whole ? 0 : 1);
  if (opened.segments != told.segments || opened.interrupted != interrupted)
    fail("segments " + std::to_string(opened.segments) + ", interrupted " +
         std::to_string(opened.interrupted));
  if (const auto wrong = wrong_targets(opened, changed_); !wrong.empty()) fail(wrong);
  const bool closed = told.fate == Fate::kClosed;
  if (sealed.closed != closed || sealed.erased != (told.fate == Fate::kErased) ||
      opened.whole != closed)
    fail("the report did not end as it was told to");
  for (std::size_t analyst = 0; analyst < analysts.size(); ++analyst) {
    const auto bundle = world_->open(analyst);
    const auto found = std::find_if(bundle.begin(), bundle.end(), [&](const OpenedReport& one) {
      return one.report == sealed.id;
    });
    if ((found != bundle.end()) != closed) {
      fail("the bundle does not hold what it should");
    } else if (closed && (!same_records(found->testimony, opened.testimony) ||
                          !same_records(found->identity, opened.identity) ||
                          found->segments != opened.segments || !found->whole)) {
      fail("an analyst reads something else than what was sealed");
    }
  }
}

void WorldPlayer::check_disk(const Transcript& transcript) {
  auto canaries = canaries_in(transcript);
  canaries.push_back(phone_->who());
  for (const auto& where : world_->hunt(canaries)) fail("a secret lies in " + where);
  std::size_t left = 0;
  std::size_t turns = 0;
  const auto reports = ledger_.reports();
  for (std::size_t i = 0; i < told_.size(); ++i) {
    if (told_[i].fate != Fate::kLeft) continue;
    ++left;
    turns += reports[i].turns;
  }
  if (world_->store().open_reports().value().size() != left) fail("an open report too many");
  const bool known = world_->remembers(phone_->address());
  const auto values = world_->values_on_disk();
  for (const auto& [column, count] : values) {
    // The file of slots has a key from the beginning.
    const bool of_the_store = column.starts_with("fact.") || column.starts_with("slot_file.") ||
                              column.starts_with("schema");
    if (told_.empty() && !of_the_store) fail("without consent there is something in " + column);
    if (!known && (column == "turn.tag" || column == "turn.state"))
      fail("nobody is known, but there is something in " + column);
    if (column == "turn.sealed" && count != turns)
      fail("the journal holds " + std::to_string(count) + " sealed turns instead of " +
           std::to_string(turns));
  }
}

}  // namespace resguardo::testing_support
