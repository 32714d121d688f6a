// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/report_text.h"

#include <boost/json.hpp>

#include "analyst/report/report_json.h"
#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::visible;
using program::visible_block;
constexpr std::size_t kIndent = 4;

const FormTexts* form_of(const ReportView& report, const FormShelf& forms) {
  const auto found = forms.find(report.form);
  return found == forms.end() ? nullptr : &found->second;
}

template <class Codes>
std::string choices_text(const std::string& node, const Codes& codes, const FormTexts* form,
                         const std::string& language) {
  std::string text;
  for (const std::string& code : codes) {
    const std::string label = form == nullptr ? "" : form->choice(node, code, language);
    text += (text.empty() ? "" : ", ") + (label.empty() ? code : label + " [" + code + "]");
  }
  return text;
}

std::string said(const AnswerView& told, const FormTexts* form, const std::string& language) {
  if (told.wordless()) return told_value(told);
  const pb::Answer& answer = told.answer;
  pb::Answer rest = answer;
  rest.clear_codes();
  std::string text = choices_text(answer.node(), answer.codes(), form, language);
  if (!told.taken_back.empty())
    text += (text.empty() ? "taken back: " : "\ntaken back: ") +
            choices_text(answer.node(), told.taken_back, form, language);
  const std::string other = answer_value(rest);
  if (!other.empty()) text += (text.empty() ? "" : "\n") + other;
  if (!answer.raw().empty() && answer.raw() != other) text += "\n\"" + answer.raw() + "\"";
  return text;
}

std::string heading(const AnswerView& told, const FormTexts* form, const std::string& language) {
  const pb::Answer& answer = told.answer;
  std::string text = form == nullptr ? "" : form->question(answer.node(), language);
  text = text.empty() ? answer.node() : text + "  (" + answer.node() + ")";
  for (const std::uint32_t step : answer.instance()) text += " #" + std::to_string(step);
  if (told.place.stream == StreamId::kIdentity) text += "  [identity]";
  if (told.of_unknown) {
    text += "  [correction of a message that is not here]";
  } else if (told.correction) {
    text += "  [correction]";
  }
  if (answer.remark()) text += "  [said here, not an answer]";
  if (told.state != AnswerState::kCurrent)
    text += "  [" + std::string(state_text(told.state)) + "]";
  return text;
}

const char* fate_of(MediaState state) {
  switch (state) {
    case MediaState::kSent:
      return "sent; the server had not fetched it when the newest bundle was made";
    case MediaState::kLost:
      return "lost: over the server's limit, or the messenger did not have it any more";
    case MediaState::kArrived:
      return "its key came, and not all of the file: import the bundle or part that holds it";
    case MediaState::kHere:
      return "here, as it was sent; `export --media` writes it";
    case MediaState::kDamaged:
      return "here and damaged: it does not open; import another copy";
  }
  return "";
}

void add_media(const ReportView& report, std::string& text) {
  for (const MediaView& sent : report.media) {
    const pb::Media& media = sent.media;
    text += "\n" + std::string(media.voice() ? "voice note" : "file") + "  (" +
            visible(media.node()) + ")" +
            (sent.place.stream == StreamId::kIdentity ? "  [identity]" : "") + "\n    " +
            visible(media.mime());
    if (!media.key().empty())
      text += ", " + std::to_string(media.length()) + " bytes, sha256 " +
              to_hex(as_bytes(media.sha256()));
    text += "\n    " + std::string(fate_of(sent.state)) + "\n    id " +
            to_hex(as_bytes(media.media_id())) + "\n";
    if (!media.caption().empty()) text += "    " + visible_block(media.caption(), kIndent) + "\n";
  }
}

std::string head(const ReportView& report, const FormShelf& forms) {
  std::string text = "report    " + to_hex(report.id.view()) + "\nday       " +
                     to_string(report.day) + "\nform      " + visible(form_text(report, forms)) +
                     "\nstatus    " + std::string(status_text(report.status)) + "\n";
  const std::string flags = flags_text(report.flags, " ");
  if (!flags.empty()) text += "flags     " + flags + "\n";
  if (report.flags.contains(Flag::kSealedForQuorum))
    text += "sealed    for a quorum: `quorum request " + short_id(report) + "` asks for it\n";
  std::string consent;
  for (const std::string& purpose : report.final.consent())
    consent += (consent.empty() ? "" : ", ") + purpose;
  if (!consent.empty()) text += "consent   " + visible(consent) + "\n";
  if (!report.final.channel().empty())
    text += "channel   " + visible(report.final.channel()) + "\n";
  return text;
}

}  // namespace

std::string short_id(const ReportView& report) {
  return to_hex(report.id.view()).substr(0, 8);
}

std::string form_text(const ReportView& report, const FormShelf& forms) {
  const FormTexts* form = form_of(report, forms);
  if (form != nullptr) return form->id() + " " + form->version();
  return report.final.form_id().empty()
             ? "unknown"
             : report.final.form_id() + " " + report.final.form_version();
}

boost::json::object summary_json(const ReportView& report, const FormShelf& forms) {
  boost::json::object all = report_json(report, forms);
  boost::json::object summary;
  for (const char* key : {"report", "day", "status", "flags", "form", "language", "consent"})
    summary[key] = all[key];
  summary["answers"] = report.current_answers();
  summary["media"] = report.media.size();
  summary["mediaHere"] = report.files_here();
  return summary;
}

std::string report_text(const ReportView& report, const FormShelf& forms,
                        const std::string& language, bool all) {
  const FormTexts* form = form_of(report, forms);
  std::string text = head(report, forms);
  std::size_t hidden = 0;
  for (const AnswerView& told : report.answers) {
    if (!all && told.state != AnswerState::kCurrent) {
      ++hidden;
      continue;
    }
    const std::string shown_in = language.empty() ? told.answer.language() : language;
    text += "\n" + visible_block(heading(told, form, shown_in), 0) + "\n    " +
            visible_block(said(told, form, shown_in), kIndent) + "\n";
  }
  add_media(report, text);
  for (const EventView& event : report.events)
    text += "\nevent: " + std::string(event_text(event.event.kind())) + " " +
            visible(event.event.detail()) + "\n";
  if (hidden > 0)
    text +=
        "\n" + std::to_string(hidden) + " answers were told anew or taken back: --all shows them\n";
  return text;
}

}  // namespace resguardo::analyst
