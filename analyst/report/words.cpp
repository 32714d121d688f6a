// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/words.h"

#include <algorithm>
#include <array>

#include "analyst/report/teller.h"
#include "crypto/format/wire_fields.h"
#include "proto/record.pb.h"

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
  constexpr std::array<std::uint8_t, 2> kPadding = {0x32, 0x00};  // pb::Entry's, which is empty
  constexpr std::size_t kSize = 16;  // of a salt, and of a message's id
  WireFields fields(record);
  const auto salt = fields.bytes(pb::Record::kSaltFieldNumber);
  static_cast<void>(fields.number(pb::Record::kTimeMsFieldNumber));
  const auto message = fields.bytes(pb::Record::kMessageIdFieldNumber);
  const auto entry = fields.bytes(pb::Record::kEntriesFieldNumber);
  return salt && salt->size() == kSize && (!message || message->size() == kSize) && entry &&
         equal(*entry, kPadding) && fields.ended();
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
