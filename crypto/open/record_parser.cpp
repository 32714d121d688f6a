// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/record_parser.h"

#include <cmath>

#include "crypto/format/padding.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"

namespace resguardo::open {
namespace {

constexpr std::size_t kIdSize = 16;
constexpr std::size_t kDigestSize = 32;

bool code(const std::string& text) {
  return text.size() <= kMaxCode;
}
bool named(const std::string& text) {
  return !text.empty() && code(text);
}
bool exactly(const std::string& bytes, std::size_t size) {
  return bytes.size() == size;
}
bool absent_or(const std::string& bytes, std::size_t size) {
  return bytes.empty() || bytes.size() == size;
}

bool codes(const google::protobuf::RepeatedPtrField<std::string>& list) {
  if (list.size() > kMaxListed) return false;
  return std::all_of(list.begin(), list.end(), code);
}

bool within(double value, double bound) {
  return std::isfinite(value) && std::abs(value) <= bound;
}

bool acceptable(const pb::Point& point) {
  return within(point.latitude(), 90) && within(point.longitude(), 180) && code(point.source());
}

bool acceptable_value(const pb::Answer& answer) {
  switch (answer.value_case()) {
    case pb::Answer::kNumber:
    case pb::Answer::VALUE_NOT_SET:
      return true;
    case pb::Answer::kDate:
      return code(answer.date().edtf()) && code(answer.date().precision());
    case pb::Answer::kPlace:
      return code(answer.place().code()) && code(answer.place().precision());
    case pb::Answer::kMoney:
      return code(answer.money().currency());
    case pb::Answer::kPoint:
      return acceptable(answer.point());
  }
  return false;
}

bool acceptable(const pb::Answer& answer) {
  return named(answer.node()) && answer.instance_size() <= kMaxListed && code(answer.language()) &&
         codes(answer.codes()) && code(answer.text_version()) && acceptable_value(answer);
}

bool acceptable(const pb::Correction& correction) {
  return absent_or(correction.of_message(), kIdSize) && correction.has_answer() &&
         acceptable(correction.answer());
}

bool acceptable(const pb::Retraction& retraction) {
  return absent_or(retraction.of_message(), kIdSize) && code(retraction.node()) &&
         retraction.instance_size() <= kMaxListed &&
         !(retraction.of_message().empty() && retraction.node().empty());
}

// With its key, or as one that was sent and is not here: yet, or (`lost`) ever.
bool acceptable(const pb::Media& media) {
  constexpr std::size_t kFileKeySize = 32;
  const bool keyed = exactly(media.key(), kFileKeySize) &&
                     exactly(media.header(), kStreamHeaderSize) &&
                     exactly(media.sha256(), kDigestSize) &&
                     media.length() <= media.padded_length() && !media.lost();
  const bool without = media.key().empty() && media.header().empty() && media.sha256().empty() &&
                       media.padded_length() == 0 && media.chunks() == 0;
  return exactly(media.media_id(), kIdSize) && (keyed || without) && code(media.mime()) &&
         code(media.node()) && media.instance_size() <= kMaxListed;
}

bool acceptable(const pb::Event& event) {
  return event.kind() != pb::EVENT_UNSPECIFIED && code(event.detail());
}

bool acceptable(const pb::Final& last) {
  return exactly(last.testimony_digest(), kDigestSize) &&
         exactly(last.identity_digest(), kDigestSize) &&
         absent_or(last.mailbox_public_key(), kDigestSize) && code(last.form_id()) &&
         code(last.form_version()) && code(last.channel()) && code(last.language()) &&
         codes(last.consent()) && code(last.role());
}

bool acceptable(const pb::Entry& entry) {
  switch (entry.body_case()) {
    case pb::Entry::kAnswer:
      return acceptable(entry.answer());
    case pb::Entry::kCorrection:
      return acceptable(entry.correction());
    case pb::Entry::kRetraction:
      return acceptable(entry.retraction());
    case pb::Entry::kMedia:
      return acceptable(entry.media());
    case pb::Entry::kEvent:
      return acceptable(entry.event());
    case pb::Entry::kFinal:
      return acceptable(entry.final());
    case pb::Entry::kPadding:
    case pb::Entry::kPause:
      return true;
    case pb::Entry::BODY_NOT_SET:
      return false;
  }
  return false;
}

}  // namespace

Result<pb::Record> parse_record(const SecretBuffer& bytes) {
  if (bytes.size() > kMaxRecord) return Error{Fault::kMalformed, "a record that is too long"};
  RESGUARDO_TRY(auto record, parse_strict<pb::Record>(bytes.view()));
  if (!exactly(record.salt(), kRecordSaltSize) || !absent_or(record.message_id(), kIdSize))
    return Error{Fault::kMalformed, "a record's salt or message of another length"};
  if (record.time_ms() < 0 || record.time_ms() >= kMaxTimeMs)
    return Error{Fault::kMalformed, "a record from no time we count"};
  if (record.entries().empty() || record.entries_size() > kMaxEntries)
    return Error{Fault::kMalformed, "a record with too few or too many entries"};
  for (const pb::Entry& entry : record.entries())
    if (!acceptable(entry)) return Error{Fault::kMalformed, "an entry that says no sound thing"};
  return record;
}

}  // namespace resguardo::open
