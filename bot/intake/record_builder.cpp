// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/record_builder.h"

#include "crypto/format/record_writer.h"
#include "proto/record.pb.h"

namespace resguardo::intake {
namespace {

using dialogue::Given;

RecordWriter begin(TimePoint time, ByteView message, RandomSource& salts) {
  std::array<std::uint8_t, 16> salt{};
  salts.fill(salt);
  return {salt, time, message};
}

struct ValueWriter {
  WireWriter& answer;
  void operator()(std::monostate) const {}
  void operator()(std::int64_t number) const {
    answer.present_varint(pb::Answer::kNumberFieldNumber, static_cast<std::uint64_t>(number));
  }
  void operator()(const dialogue::DateValue& value) const {
    WireWriter date;
    date.text(pb::ApproximateDate::kEdtfFieldNumber, value.edtf);
    date.text(pb::ApproximateDate::kPrecisionFieldNumber, value.precision);
    answer.message(pb::Answer::kDateFieldNumber, date);
  }
  void operator()(const dialogue::PlaceValue& value) const {
    WireWriter place;
    place.text(pb::Place::kCodeFieldNumber, value.code);
    place.text(pb::Place::kPrecisionFieldNumber, value.precision);
    answer.message(pb::Answer::kPlaceFieldNumber, place);
  }
  void operator()(const dialogue::MoneyValue& value) const {
    WireWriter money;
    money.varint(pb::Money::kMinorUnitsFieldNumber, static_cast<std::uint64_t>(value.minor_units));
    money.text(pb::Money::kCurrencyFieldNumber, value.currency);
    answer.message(pb::Answer::kMoneyFieldNumber, money);
  }
};

WireWriter answer_of(const Given& given) {
  WireWriter answer;
  answer.text(pb::Answer::kNodeFieldNumber, given.node);
  if (!given.instance.empty()) answer.packed(pb::Answer::kInstanceFieldNumber, given.instance);
  answer.text(pb::Answer::kLanguageFieldNumber, given.language);
  answer.varint(pb::Answer::kSkippedFieldNumber, given.skipped ? 1 : 0);
  for (const std::string& code : given.codes)
    answer.element(pb::Answer::kCodesFieldNumber, as_bytes(code));
  answer.text(pb::Answer::kTextFieldNumber, given.text.reveal());
  std::visit(ValueWriter{answer}, given.value);
  if (given.point) {
    WireWriter point;
    point.fixed_double(pb::Point::kLatitudeFieldNumber, given.point->latitude);
    point.fixed_double(pb::Point::kLongitudeFieldNumber, given.point->longitude);
    point.text(pb::Point::kSourceFieldNumber, "pin");
    answer.message(pb::Answer::kPointFieldNumber, point);
  }
  answer.varint(pb::Answer::kPartFieldNumber, given.part);
  answer.text(pb::Answer::kTextVersionFieldNumber, given.text_version);
  answer.text(pb::Answer::kRawFieldNumber, given.raw.reveal());
  answer.varint(pb::Answer::kRemarkFieldNumber, given.remark ? 1 : 0);
  return answer;
}

// What was said of a file. What opens its bytes comes with its addendum (bot/media/addendum.h).
WireWriter media_of(const Given& given, const TurnStamp& stamp) {
  WireWriter media;
  if (!given.media) return media;
  if (stamp.media) media.bytes(pb::Media::kMediaIdFieldNumber, stamp.media->view());
  media.text(pb::Media::kMimeFieldNumber, given.media->mime);
  media.text(pb::Media::kNodeFieldNumber, given.node);
  if (!given.instance.empty()) media.packed(pb::Media::kInstanceFieldNumber, given.instance);
  media.text(pb::Media::kCaptionFieldNumber, given.media->caption.reveal());
  media.varint(pb::Media::kForwardedFieldNumber, given.media->forwarded ? 1 : 0);
  media.varint(pb::Media::kVoiceFieldNumber, given.media->voice ? 1 : 0);
  return media;
}

void add(RecordWriter& record, const Given& given, const TurnStamp& stamp) {
  WireWriter content;
  const ByteView target = stamp.target ? ByteView(*stamp.target) : ByteView();
  switch (given.kind) {
    case Given::Kind::kAnswer:
      record.entry(pb::Entry::kAnswerFieldNumber, answer_of(given));
      return;
    case Given::Kind::kEvent:
      content.varint(pb::Event::kKindFieldNumber, given.event);
      content.text(pb::Event::kDetailFieldNumber, given.event_detail);
      record.entry(pb::Entry::kEventFieldNumber, content);
      return;
    case Given::Kind::kCorrection:
      content.bytes(pb::Correction::kOfMessageFieldNumber, target);
      content.message(pb::Correction::kAnswerFieldNumber, answer_of(given));
      record.entry(pb::Entry::kCorrectionFieldNumber, content);
      return;
    case Given::Kind::kMedia:
      record.entry(pb::Entry::kMediaFieldNumber, media_of(given, stamp));
      return;
    case Given::Kind::kRetraction:
      content.bytes(pb::Retraction::kOfMessageFieldNumber, target);
      content.text(pb::Retraction::kNodeFieldNumber, given.node);
      if (!given.instance.empty())
        content.packed(pb::Retraction::kInstanceFieldNumber, given.instance);
      record.entry(pb::Entry::kRetractionFieldNumber, content);
      return;
  }
}

WireWriter final_of(const FinalFacts& facts, bool identity) {
  WireWriter content;
  content.varint(pb::Final::kRowsFieldNumber, facts.rows);
  content.varint(pb::Final::kSegmentsFieldNumber, facts.segments);
  content.bytes(pb::Final::kTestimonyDigestFieldNumber, facts.testimony_digest);
  content.bytes(pb::Final::kIdentityDigestFieldNumber, facts.identity_digest);
  if (!identity) {
    content.bytes(pb::Final::kMailboxPublicKeyFieldNumber, facts.mailbox_public_key);
    content.text(pb::Final::kFormIdFieldNumber, facts.form_id);
    content.text(pb::Final::kFormVersionFieldNumber, facts.form_version);
  } else {
    content.text(pb::Final::kChannelFieldNumber, facts.channel);
  }
  content.text(pb::Final::kLanguageFieldNumber, facts.language);
  if (!identity)
    for (const std::string& purpose : facts.consent)
      content.element(pb::Final::kConsentFieldNumber, as_bytes(purpose));
  content.varint(pb::Final::kFirstSegmentFieldNumber, facts.first_segment);
  return content;
}

TurnRecords both(std::uint32_t field, const WireWriter& testimony, const WireWriter& identity,
                 TimePoint time, RandomSource& salts) {
  RecordWriter first = begin(time, {}, salts);
  first.entry(field, testimony);
  RecordWriter second = begin(time, {}, salts);
  second.entry(field, identity);
  return {first.finish(), second.finish()};
}

}  // namespace

TurnRecords records_of(const std::vector<Given>& given, const TurnStamp& stamp,
                       RandomSource& salts) {
  RecordWriter testimony = begin(stamp.time, stamp.message, salts);
  RecordWriter identity = begin(stamp.time, stamp.message, salts);
  for (const Given& one : given) add(one.identity ? identity : testimony, one, stamp);
  return {testimony.finish(), identity.finish()};
}

TurnRecords padding_records(TimePoint time, RandomSource& salts) {
  return both(pb::Entry::kPaddingFieldNumber, {}, {}, time, salts);
}

TurnRecords pause_records(TimePoint time, RandomSource& salts) {
  return both(pb::Entry::kPauseFieldNumber, {}, {}, time, salts);
}

TurnRecords final_records(const FinalFacts& facts, TimePoint time, RandomSource& salts) {
  return both(pb::Entry::kFinalFieldNumber, final_of(facts, false), final_of(facts, true), time,
              salts);
}

}  // namespace resguardo::intake
