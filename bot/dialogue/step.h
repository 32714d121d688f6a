// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bot/dialogue/form.h"
#include "bot/dialogue/value.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/secret_text.h"
#include "proto/conversation.pb.h"

namespace resguardo::dialogue {

// What a person did, as far as a conversation is concerned.
struct Words {
  SecretText text;
};
struct Tap {
  std::string id;  // of a choice we offered, or anything: it is hostile
};
// Why a file is not taken; what was said with it is.
enum class FileRefusal : std::uint8_t { kNone, kTooLarge, kKind };
struct Attachment {
  bool voice = false;
  SecretText caption;
  std::string mime{};
  bool forwarded = false;   // it was somebody else's before: the analyst is told, the chat is not
  std::uint32_t index = 0;  // the caller's own: which of its attachments
  FileRefusal refusal = FileRefusal::kNone;
};
struct Pin {
  double latitude = 0;
  double longitude = 0;
  SecretText name;
};
struct Rewording {  // an edited message
  SecretText text;
  bool of_own_word = false;  // the message was the one that gave the word to come back with
};
struct TakenBack {};  // a deleted message
struct NotForUs {};   // sticker, contact card: wants a kind answer, is no answer
struct Hello {};      // nothing was said: the owed prompt is wanted (after a restart)
// What became of what a step asked of the shelf of closed reports: never said by a person.
struct Tried {  // after Effect::kTryReceipt, with the state that was there before it
  enum class Verdict : std::uint8_t { kWrong, kRight, kLater };
  Verdict verdict = Verdict::kWrong;  // kLater: it could not be looked at now
  std::uint32_t replies = 0;          // that wait to be read
};
struct ReplyRead {  // after Effect::kReadReply
  enum class Found : std::uint8_t { kNone, kOne, kUnknown };
  Found found = Found::kNone;  // kUnknown: nobody could look
  std::uint32_t left = 0;      // after this one
};
struct LinkFound {            // after Effect::kFindLink
  std::uint32_t replies = 0;  // that wait; none: no phone is linked, or there is none
};
struct LinkMade {  // after Effect::kLinkPhone
  bool done = false;
};
struct Withdrawn {    // after Effect::kWithdraw
  bool done = false;  // nothing changed otherwise
};
// A receipt took the place of one that may not have arrived (docs/adr/161): the state is of a
// conversation whose report is closed. The step shows it, and asks nothing of the store.
struct ReceiptReplaced {};
using Said = std::variant<Words, Tap, Attachment, Pin, Rewording, TakenBack, NotForUs, Hello, Tried,
                          ReplyRead, Withdrawn, ReceiptReplaced, LinkFound, LinkMade>;

enum class ChannelKind : std::uint8_t { kWhatsApp, kSignal, kPlain };

// A file that was sent, without its bytes.
struct MediaRef {
  std::string mime{};
  bool voice = false;
  bool forwarded = false;
  SecretText caption;
  std::uint32_t index = 0;  // Attachment::index
};

// How a message came.
struct Circumstances {
  Circumstances(ChannelKind by) : channel(by) {}  // NOLINT: the rest is rarely known
  Circumstances(ChannelKind by, std::optional<bool> will_vanish)
      : channel(by), vanishes(will_vanish) {}
  ChannelKind channel;
  // Whether what is said disappears from the phone by itself. Nothing: this messenger has no timer.
  std::optional<bool> vanishes;
  // Too many wrong team codes were tried: every one is refused, like a wrong one.
  bool refuses_codes = false;
  // Too many words were tried by this sender, who left: none leads back, like a wrong one.
  bool refuses_words = false;
  // The receipt that was shown last can still be linked with this phone (docs/adr/162).
  bool may_link = false;
};

// What the operator chose; the same for all conversations.
struct Settings {
  std::vector<std::pair<std::string, std::string>> cover_text;  // language, text
  std::vector<std::string> start_words;  // empty: anything opens the questionnaire
  std::vector<std::string> panic_words;
  std::string organisation;
  std::string signal_link;
  std::string retention;
  std::vector<std::string> resume_words;  // lead back who has no word of their own
  // A keyed hash of a folded word, 16 bytes, always the same for the same word; thread-safe. Empty:
  // nobody can have a word of their own.
  std::function<std::string(std::string_view)> word_tag;
  // The handle of a team code, sealed in its place; nothing: it is none. Always the same for the
  // same text, and as slow whatever is wrong with it; thread-safe. Empty: nobody has a code.
  std::function<std::optional<std::string>(std::string_view)> team_code;
  // Whether 24 digits are a receipt as far as its check digit tells. Empty: nobody comes back.
  std::function<bool(std::string_view)> receipt_fits;
  // Whether phones can be linked on this server (docs/adr/162).
  bool links = false;
  // Whether this server can keep files. Where it cannot, who sends one is told so, and nobody is
  // asked for one.
  bool media = false;
  std::chrono::minutes silence{30};  // after which safety is asked again
  // From UTC to the time of the border, the whole year: "yesterday" is a day there.
  std::chrono::minutes utc_offset{-360};
};

// One thing to seal. `entry` says which arm of pb::Entry it becomes.
struct Given {
  enum class Kind : std::uint8_t { kAnswer, kEvent, kCorrection, kRetraction, kMedia };
  Kind kind = Kind::kAnswer;
  bool identity = false;  // which of the two streams
  std::string node;
  std::vector<std::uint32_t> instance;
  std::string language;
  bool skipped = false;
  std::vector<std::string> codes;
  SecretText text;  // verbatim words
  SecretText raw;   // what was typed when it was understood as codes
  std::uint32_t part = 0;
  bool remark = false;       // words that came at the question and are no answer to it
  std::string text_version;  // consent: digest of the text that was shown
  Value value{};             // what the words were understood to say
  std::optional<Pin> point;
  std::optional<MediaRef> media;  // of kMedia
  std::uint32_t event = 0;        // pb::EventKind
  std::string event_detail;       // a code
};

// Views are into the form, which must outlive them.
struct PromptChoice {
  std::string id;  // the code, prefixed with the node: "node:code"
  std::string_view title;
  std::string_view description;
};
// What to say next; one message. Never holds anything the person told. Views are into the form,
// which must outlive them.
struct Prompt {
  std::string node;
  std::string text;  // may hold kReceiptMark, once: of a receipt, or of a reply that is read
  std::vector<PromptChoice> choices;
  bool multiple = false;
  bool asks_location = false;  // a pin is an answer; words are too
  std::string_view list_button;
  std::string_view numbers_hint;
  std::string_view list_hint;
};
// Where intake puts the receipt's digits. No text of a person can contain it: it is not UTF-8.
inline constexpr std::string_view kReceiptMark = "\xFFreceipt\xFF";

// What a step asks of the store, beyond keeping the state.
enum class Effect : std::uint8_t {
  kNone,
  kForget,       // the conversation ends and nothing of it is kept (before consent, cover text)
  kBeginReport,  // consent was given: from this turn on everything is stored
  kContinue,     // a turn of an open report
  kCloseReport,  // the report is whole; a receipt is due, but not of an addition
  kEraseReport,  // `delete`: the unfinished report goes; of an addition, only that
  kLeave,        // exit: what was sealed stays, the sender becomes a stranger
  // Of who comes back with a receipt (docs/adr/157). For the first and the next two the step says
  // nothing: advance() is to be called with what came of it, Tried, ReplyRead or Withdrawn.
  kTryReceipt,   // Step::receipt; the state is untouched
  kReadReply,    // the next one
  kWithdraw,     // Step::withdraws
  kFindLink,     // whether this phone is linked, and replies wait: LinkFound
  kLinkPhone,    // with the report whose receipt was shown last: LinkMade
  kBeginAdding,  // from this turn on, more of the report that the receipt is of is stored
};

// Which of our messages are taken back, where the messenger can: those sent before this step.
enum class TakeBack : std::uint8_t {
  kNothing,
  kQuestions,   // all but the receipt
  kEverything,  // the receipt too
};

enum class TriedCode : std::uint8_t { kNone, kRight, kWrong };  // a team code

struct Step {
  pb::ConversationState state;
  std::vector<Given> given;      // to seal, in order; all earlier ones too on kBeginReport
  std::optional<Prompt> prompt;  // nothing: the bot stays silent
  Effect effect = Effect::kNone;
  TakeBack take_back = TakeBack::kNothing;
  TriedCode tried_code = TriedCode::kNone;
  bool wrong_word = false;  // of somebody who left: it could have led back, and does not
  // The message was meant as a word to come back with, taken or not: an edit of it is one too.
  bool meant_as_word = false;
  bool left = false;        // by a word: whoever has the phone next is to be shown nothing
  SecretText receipt = {};  // of kTryReceipt: 24 digits
  std::vector<std::string> withdraws = {};  // of kWithdraw: purposes; none: everything
  // Whatever the effect: this phone's link goes first, if there is one. They leave, or erase, or
  // the phone turns out to be shared.
  bool unlink = false;
  // The gateway is asked to forget the person as after kForget, whatever the effect: right and
  // wrong receipts do not differ in that.
  bool forget_contact = false;
};

// One turn of a conversation. Pure: no I/O, no clock, no randomness, so a transcript replays to
// the same steps on any machine. Total: any state and anything said give a step.
//
// `state` is what the last step returned, or what durable_part() kept of it and `awake` is false:
// then what is said is answered with the owed prompt (conversation.md §3), and taken as an answer
// only where that loses nothing. A default state is a new conversation. Of a report that runs on
// another form (forms.h) nothing is asked: what is said is kept, and leaving and erasing work.
// What is answered to Tried is as long, in the messenger's JSON, whatever came of it: one message
// without buttons, filled up with spaces. (A cover text that is not there cannot be filled up.)
// Whether that step is stored must not depend on what came of it either: it seals nothing.
Step advance(const Form& form, const Settings& settings, pb::ConversationState state, bool awake,
             const Circumstances& around, const Said& said, TimePoint now);

// What may be written to disk, sealed: the state without the facts that the form does not mark
// `persist` and without answers held back before consent.
pb::ConversationState durable_part(const Form& form, const pb::ConversationState& state);

}  // namespace resguardo::dialogue
