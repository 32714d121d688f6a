// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/words.h"

#include <algorithm>
#include <array>

#include "analyst/report/teller.h"

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

// A stream that a turn says nothing in has a record with one Padding entry: no words, so it need
// not be parsed. False where it looks otherwise, whatever it is.
bool is_padding(ByteView record) {
  constexpr std::array<std::uint8_t, 4> kOneEntry = {0x22, 0x02, 0x32, 0x00};
  constexpr std::uint8_t kSalt = 0x0a, kTime = 0x10, kMessage = 0x1a, kSize = 16;
  constexpr std::size_t kField = 2 + kSize;
  if (record.size() < kField || record[0] != kSalt || record[1] != kSize) return false;
  record = record.subspan(kField);
  if (!record.empty() && record[0] == kTime) {
    std::size_t end = 1;
    while (end < record.size() && (record[end] & 0x80U) != 0) ++end;
    record = record.subspan(std::min(end + 1, record.size()));
  }
  if (record.size() >= kField && record[0] == kMessage && record[1] == kSize)
    record = record.subspan(kField);
  return equal(record, kOneEntry);
}

}  // namespace

ToldWords words_of(const StoredReport& report) {
  ReportView view;
  view.segments = report.segments;
  Teller teller(view, report.new_receipts, Teller::Totals::kIgnored);
  for (const StoredRecord& record : report.records)
    if (!is_padding(record.content.view())) teller.add(record);
  teller.finish();
  return {view.final.language(), words_of(view)};
}

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
