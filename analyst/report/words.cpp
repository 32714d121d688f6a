// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/words.h"

#include <algorithm>

namespace resguardo::analyst {
namespace {

void add_line(std::string& words, const std::string& line) {
  if (line.empty()) return;
  if (!words.empty()) words += '\n';
  words += line;
}

// What was typed for a choice is often its number.
bool has_letter(const std::string& text) {
  return std::ranges::any_of(text, [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           static_cast<unsigned char>(byte) >= 0x80;
  });
}

}  // namespace

std::string words_of(const ReportView& report) {
  std::string words;
  for (const AnswerView& told : report.answers) {
    const bool consent = !told.answer.text_version().empty();
    if (told.place.stream != StreamId::kTestimony || told.state != AnswerState::kCurrent || consent)
      continue;
    add_line(words, told.answer.text());
    if (told.answer.raw() != told.answer.text() && has_letter(told.answer.raw()))
      add_line(words, told.answer.raw());
  }
  for (const MediaView& sent : report.media)
    if (sent.place.stream == StreamId::kTestimony) add_line(words, sent.media.caption());
  return words;
}

}  // namespace resguardo::analyst
