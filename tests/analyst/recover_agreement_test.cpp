// SPDX-License-Identifier: AGPL-3.0-or-later
// Bundles that no honest server writes, and that each reader could take in its own way: the words,
// their places and order, and what is told of the report must be the same.
#include <gtest/gtest.h>

#include <limits>

#include "tests/analyst/recover_fixture.h"

namespace resguardo::testing_support {
namespace {

using Frames = std::vector<pb::BundleFrame>;

// A segment's frames among all, by how many segments come before it.
std::pair<std::size_t, std::size_t> segment_at(const Frames& frames, std::size_t which) {
  std::size_t begin = 0;
  while (!frames.at(begin).has_segment() || which-- > 0) ++begin;
  std::size_t end = begin + 1;
  while (end < frames.size() && frames[end].has_row()) ++end;
  return {begin, end};
}

Frames segment_of(const Frames& frames, std::size_t which) {
  const auto [begin, end] = segment_at(frames, which);
  return {frames.begin() + static_cast<std::ptrdiff_t>(begin),
          frames.begin() + static_cast<std::ptrdiff_t>(end)};
}

Frames before_segments(const Frames& frames) {
  return {frames.begin(),
          frames.begin() + static_cast<std::ptrdiff_t>(segment_at(frames, 0).first)};
}

// The segments in this order; some may be missing, or come twice.
Frames ordered(const Frames& frames, const std::vector<std::size_t>& order) {
  Frames result = before_segments(frames);
  for (const std::size_t which : order)
    for (const auto& frame : segment_of(frames, which)) result.push_back(frame);
  return result;
}

// The first `rows` of a segment, announced as all of it.
Frames shortened(Frames segment, std::size_t rows) {
  segment.resize(rows + 1);
  segment.front().mutable_segment()->set_rows(rows);
  return segment;
}

Frames joined(Frames one, const Frames& more) {
  one.insert(one.end(), more.begin(), more.end());
  return one;
}

std::string message(char of) {
  return std::string(16, of);
}

pb::Entry correction(const std::string& of, const std::string& node, const std::string& text) {
  pb::Entry entry;
  entry.mutable_correction()->set_of_message(of);
  *entry.mutable_correction()->mutable_answer() = answer_entry(node, text).answer();
  return entry;
}

pb::Entry retraction(const std::string& of) {
  pb::Entry entry;
  entry.mutable_retraction()->set_of_message(of);
  return entry;
}

ScriptTurn turn(std::vector<pb::Entry> entries, std::string of = "") {
  return {std::move(entries), {}, std::move(of)};
}

class RecoverAgreementTest : public RecoverTest {
 protected:
  // Three segments of one report; the last one says that it ended.
  Frames three() const {
    BundleMaker bundle = maker();
    bundle.add({{{{say("story", "a"), say("story", "b"), say("story", "c")}, true},
                 {{say("what", "d", {"x"}), say("story", "e")}, true},
                 {{say("name", "f"), {}}, true}},
                true,
                true});
    return bundle.frames();
  }
  Frames of_one(const std::vector<ScriptTurn>& turns) const {
    BundleMaker bundle = maker();
    bundle.add({{{turns, true}}, true, true});
    return bundle.frames();
  }
  // `more`: what only the second reader says, which looks at the log before it has a key.
  void expect_agreement(const std::string& name, const Frames& frames,
                        const std::set<std::string>& flags,
                        const std::set<std::string>& more = {}) {
    SCOPED_TRACE(name);
    const auto file = put(name, write_bundle(frames));
    const auto theirs = opened(file, "ana", {"--out", path(name + "-python")});
    ASSERT_TRUE(std::filesystem::exists(path(name + "-python"))) << theirs.out << theirs.err;
    (void)import(file, "ana", name + "-vault");
    ASSERT_TRUE(std::filesystem::exists(path(name + "-vault")));
    expect_same(by_cplusplus(name + "-vault"), by_python(name + "-python"));
    EXPECT_EQ(flags_by_cplusplus(name + "-vault"), flags);
    std::set<std::string> theirs_too = flags;
    theirs_too.insert(more.begin(), more.end());
    EXPECT_EQ(flags_by_python(name + "-python"), theirs_too) << theirs.out;
  }
};

TEST_F(RecoverAgreementTest, SegmentsInAnyOrderTwiceOrInPart) {
  const Frames whole = three();
  expect_agreement("sound", whole, {});
  expect_agreement("reversed", ordered(whole, {2, 1, 0}), {});
  expect_agreement("twice", ordered(whole, {0, 1, 1, 2, 0}), {});
  expect_agreement("missing", ordered(whole, {0, 2}), {"missing-segment", "log-differs"});
  expect_agreement("first-missing", ordered(whole, {1, 2}), {"missing-segment", "log-differs"});
  const Frames part = shortened(segment_of(whole, 0), 1);
  expect_agreement(
      "part-then-whole",
      joined(joined(before_segments(whole), part),
             joined(segment_of(whole, 0), joined(segment_of(whole, 1), segment_of(whole, 2)))),
      {});
  expect_agreement("whole-then-part", joined(whole, part), {});
  expect_agreement("part-only",
                   joined(joined(before_segments(whole), part),
                          joined(segment_of(whole, 1), segment_of(whole, 2))),
                   {"interrupted", "totals-differ", "log-differs"});
}

TEST_F(RecoverAgreementTest, RowsThatAreForgedMovedOrDoubled) {
  const Frames whole = three();
  const auto at = segment_at(whole, 0).first;
  Frames forged = whole;
  forged.at(at + 2).mutable_row()->mutable_row()->back() ^= 1;
  expect_agreement("forged", forged, {"unreadable", "log-differs"});
  Frames moved = whole;
  std::swap(moved.at(at + 2), moved.at(at + 3));
  expect_agreement("moved", moved, {"unreadable", "log-differs"});
  Frames doubled = whole;
  doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(at) + 2, whole.at(at + 1));
  doubled.at(at).mutable_segment()->set_rows(4);
  expect_agreement("doubled", doubled, {"unreadable", "log-differs"});
  Frames after_the_end = whole;
  after_the_end.insert(after_the_end.begin() + static_cast<std::ptrdiff_t>(at) + 4,
                       whole.at(at + 3));
  after_the_end.at(at).mutable_segment()->set_rows(4);
  expect_agreement("after-the-end", after_the_end, {"unreadable", "log-differs"});
  Frames foreign = whole;  // rows of another segment
  foreign.at(at + 1) = whole.at(segment_at(whole, 1).first + 1);
  foreign.push_back(whole.at(at));  // and a segment without any
  foreign.back().mutable_segment()->set_rows(0);
  expect_agreement("foreign", foreign, {"unreadable", "log-differs"});
}

TEST_F(RecoverAgreementTest, TwoHistoriesOfOneReport) {
  BundleMaker bundle = maker();
  const ReportId report = bundle.add({{{{say("story", "one")}, true}}, true, true});
  const ReportId other = bundle.add(small_report());
  bundle.add_segment(report, 0, {{say("story", "another"), {}}, true});
  bundle.add_segment(other, 7, {{say("story", "from nowhere")}, false});
  bundle.add_segment(ReportId::from(Bytes(16, 3)).value(), 0xffffffff, {{{}, {}}, true});
  expect_agreement("histories", bundle.frames(),
                   {"two-of-one-segment", "missing-segment", "interrupted", "log-differs",
                    "not-logged", "incomplete"});
}

TEST_F(RecoverAgreementTest, AnswersThatReplaceCorrectAndTakeBackOneAnother) {
  pb::Entry remark = answer_entry("story", "aparte");
  remark.mutable_answer()->set_remark(true);
  pb::Entry skipped = answer_entry("name", "");
  skipped.mutable_answer()->set_skipped(true);
  pb::Entry later_part = answer_entry("story", "y más");
  later_part.mutable_answer()->set_part(2);
  pb::Entry of_question = retraction("");
  of_question.mutable_retraction()->set_node("story");
  of_question.mutable_retraction()->add_instance(2);
  const ScriptTurn same = turn({answer_entry("story", "uno")}, message('a'));
  expect_agreement(
      "answers",
      of_one({same, same, turn({answer_entry("story", "dos")}, message('b')),
              turn({correction(message('a'), "story", "tres"), correction("", "none", "x")}),
              turn({retraction(message('a')), retraction(message('z')), of_question}),
              turn({remark, skipped, later_part, answer_entry("story", "")}, message('a'))}),
      {});
}

// As the bot writes them: the node is where the conversation stood, the words may lie with the
// identity, and a question that fell is named with its time.
TEST_F(RecoverAgreementTest, EditsAndDeletionsAsTheBotSealsThem) {
  const auto part = [](const std::string& text, std::uint32_t number, char of) {
    pb::Entry entry = answer_entry("story", text);
    entry.mutable_answer()->set_part(number);
    return turn({entry}, message(of));
  };
  pb::Entry consent = answer_entry("consent", "", {"research"});
  consent.mutable_answer()->set_text_version("ab");
  pb::Entry fell = retraction("");
  fell.mutable_retraction()->set_node("doers");
  fell.mutable_retraction()->add_instance(2);
  pb::Entry second = answer_entry("doers", "", {"gang"});
  second.mutable_answer()->add_instance(2);
  pb::Entry picks = answer_entry("what", "", {"robbery"});
  picks.mutable_answer()->set_remark(true);
  pb::Entry more = picks;
  more.mutable_answer()->add_codes("threats");
  const std::vector<ScriptTurn> turns = {
      turn({answer_entry("language", "", {"es"}), consent}, message('a')),
      part("uno", 0, 'b'),
      part("dos", 1, 'c'),
      part("tres", 2, 'd'),
      turn({correction(message('c'), "what", "DOS")}, message('e')),
      turn({correction(message('e'), "what", "Dos")}, message('f')),
      turn({answer_entry("what", "", {"kidnapping"})}, message('g')),
      turn({picks}, message('h')),
      turn({more}, message('i')),
      turn({answer_entry("doers", "", {"police"}), second}, message('j')),
      turn({fell, answer_entry("who", "nadie")}, message('k')),
      turn({retraction(message('d'))}, message('l')),
      turn({correction(message('a'), "who", "solo investigación")}, message('m')),
      turn({correction(message('x'), "who", "de antes")}, message('n')),
      turn({correction(message('z'), "who", "llegó antes")}, message('o')),
      turn({answer_entry("who", "llega tarde")}, message('z')),
      {{correction(message('b'), "name", "")},
       {correction(message('b'), "name", "Ana: uno")},
       message('p')},
      {{retraction(message('g'))}, {retraction(message('g'))}, message('q')}};
  expect_agreement("changes", of_one(turns), {});
  std::vector<std::string> story;
  for (const auto& each : by_python("changes-python"))
    if (each.at("node") == "story")
      story.push_back(std::string(each.at("text").as_string()) + ":" +
                      std::string(each.at("state").as_string()));
  EXPECT_EQ(story, (std::vector<std::string>{"uno:superseded", ":superseded", "Ana: uno:current",
                                             "dos:superseded", "DOS:superseded", "Dos:current",
                                             "tres:retracted"}));
}

TEST_F(RecoverAgreementTest, ValuesAtTheirLimits) {
  std::vector<pb::Entry> entries;
  const auto add = [&]() -> pb::Answer& {
    entries.push_back(answer_entry("what", ""));
    return *entries.back().mutable_answer();
  };
  for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                    std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    add().set_number(number);
    add().mutable_money()->set_minor_units(number);
  }
  for (const double degrees : {-0.0, 5e-324, 89.999999999999986, -90.0, 0.1 + 0.2}) {
    add().mutable_point()->set_latitude(degrees);
    add().mutable_point()->set_longitude(2 * degrees);
  }
  add().mutable_date();
  add().mutable_place()->set_code(std::string(512, 'p'));
  add().mutable_date()->set_edtf("2026-1X~/..");
  for (int i = 0; i < 256; ++i) entries.front().mutable_answer()->add_codes("");
  for (int i = 0; i < 256; ++i)
    entries.back().mutable_answer()->add_instance(std::numeric_limits<std::uint32_t>::max());
  add().set_part(std::numeric_limits<std::uint32_t>::max());
  expect_agreement("values", of_one({turn(entries)}), {});
}

TEST_F(RecoverAgreementTest, TextsOfEveryKind) {
  std::vector<pb::Entry> entries;
  const std::vector<std::string> texts = {
      std::string(3, '\0'),
      "\r",
      "\xE2\x80\xA8\xE2\x80\xA9\xC2\x85",
      "e\xCC\x81 \xC3\xA9",                    // decomposed and composed: not the same
      "\xEF\xBF\xBD\xEF\xBF\xBE\xEF\xBB\xBF",  // U+FFFD, a noncharacter, a mark of byte order
      "\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80",
      "\\u0041\\\"</script>{{7*7}}${x}%00",
      std::string(20'000, '\x7f')};
  for (const std::string& text : texts) {
    entries.push_back(answer_entry("n" + text.substr(0, 400), text, {text.substr(0, 512), ""}));
    entries.back().mutable_answer()->set_raw(text);
    entries.back().mutable_answer()->set_text_version(text.substr(0, 512));
    entries.back().mutable_answer()->set_language(text.substr(0, 512));
  }
  expect_agreement("texts", of_one({turn(entries)}), {});
}

TEST_F(RecoverAgreementTest, RecordsThatOpenAndAreNone) {
  const std::string too_long(513, 'x');
  expect_agreement("code",
                   of_one({turn({answer_entry("what", "", {too_long})}), say("story", "b")}),
                   {"malformed-record"});
  const pb::Entry one = answer_entry("what", "x");
  expect_agreement("entries-512", of_one({turn(std::vector<pb::Entry>(512, one)), {}}), {});
  expect_agreement("entries-513", of_one({turn(std::vector<pb::Entry>(513, one)), {}}),
                   {"malformed-record"});
  pb::Entry many = one;  // more parts than any writer makes, within every bound
  for (int i = 0; i < 200; ++i) many.mutable_answer()->add_codes("");
  expect_agreement("parts", of_one({turn(std::vector<pb::Entry>(300, many)), {}}), {});
}

TEST_F(RecoverAgreementTest, LastRecordsThatCountWrong) {
  const auto with = [&](auto change, bool in_identity) {
    pb::Entry entry;
    pb::Final& final = *entry.mutable_final();
    final.set_rows(2);
    final.set_segments(1);
    final.set_testimony_digest(std::string(32, '\0'));
    final.set_identity_digest(std::string(32, '\0'));
    change(final);
    ScriptTurn last = say("story", "x");
    (in_identity ? last.identity : last.testimony).push_back(entry);
    BundleMaker bundle = maker();
    bundle.add({{{{say("what", "y"), last}, true}}, false, true});
    return bundle.frames();
  };
  expect_agreement("rows", with([](pb::Final& final) { final.set_rows(3); }, false),
                   {"totals-differ"});
  expect_agreement("digests", with([](pb::Final&) {}, false), {"totals-differ"});
  expect_agreement("in-identity", with([](pb::Final&) {}, true), {});
}

TEST_F(RecoverAgreementTest, APartThatFinishesAReportAnew) {
  const auto ends = [](const std::string& mailbox, const std::string& purpose) {
    ScriptTurn last = say("story", "x");
    pb::Final& final = *last.testimony.emplace_back().mutable_final();
    final.set_mailbox_public_key(mailbox);
    final.add_consent(purpose);
    final.set_testimony_digest(std::string(32, '\0'));
    final.set_identity_digest(std::string(32, '\0'));
    return last;
  };
  const auto with = [&](const ScriptTurn& later) {
    BundleMaker bundle = maker();
    bundle.add({{{{ends(std::string(32, 'm'), "share")}, true}, {{later}, true}}, false, true});
    return bundle.frames();
  };
  const std::set<std::string> anew = {"totals-differ", "finished-anew"};
  expect_agreement("mailbox", with(ends(std::string(32, 'x'), "share")), anew);
  expect_agreement("consent", with(ends("", "publish")), anew);
  expect_agreement("neither", with(ends("", "share")), {"totals-differ"});
}

// Both readers on files: what is here, what is not, and what the log says of it.
TEST_F(RecoverAgreementTest, FilesThatCameWholeInPartOrNot) {
  const auto sent = [](std::initializer_list<std::uint8_t> files) {
    ScriptTurn made = say("story", "con fotos");
    for (const std::uint8_t file : files)
      made.testimony.push_back(sent_entry(media_id(file), "story"));
    return ScriptReport{{{{made, say("end", "y")}, true}}, true, true};
  };
  const std::string photo = std::string(kMediaChunk, 'p') + "hoto";
  const std::string voice = "una voz";
  BundleMaker bundle = maker();
  const ReportId id = bundle.add(sent({1, 2, 3, 4}));
  bundle.add_file(id, media_id(1), {photo, "image/jpeg", "../x", false, true});
  bundle.add_file(id, media_id(2), {"", "", "", true, true});
  bundle.add_file(id, media_id(3), {voice, "audio/ogg; codecs=opus", "", false, true});
  const Frames whole = bundle.frames();
  expect_agreement("files", whole, {});
  const std::string folder = to_hex(id.view());
  const auto opened_file = [&](std::uint8_t file, const char* end) {
    return content(path("files-python") / "media" /
                   (folder + "-" + to_hex(media_id(file).view()) + end));
  };
  EXPECT_EQ(opened_file(1, ".jpg"), photo);
  EXPECT_EQ(opened_file(3, ".ogg"), voice);

  Frames cut = whole;
  cut.erase(cut.end() - 2);  // the second chunk of the photo
  expect_agreement("cut", cut, {"file-absent"}, {"log-differs"});
  Frames none = whole;
  std::erase_if(none, [](const auto& frame) { return frame.has_media_chunk(); });
  expect_agreement("none", none, {"file-absent"});
  Frames changed = whole;
  changed.back().mutable_media_chunk()->mutable_ciphertext()->back() ^= 1;
  expect_agreement("changed", changed, {"file-damaged", "log-differs"});
  Frames without = joined(before_segments(whole), segment_of(whole, 0));
  for (const auto& frame : segment_of(whole, 2)) without.push_back(frame);
  expect_agreement("addenda-absent", without, {"addendum-absent"});
  bundle.add_file(id, media_id(4), {voice, "", "", false, false});
  expect_agreement("not-logged", bundle.frames(), {"log-differs"});
  bundle.add_segment(id, addendum_index(media_id(1)), {{{{}, {}, ""}}, true});
  expect_agreement("twins", bundle.frames(), {"log-differs", "two-of-one-segment"});
}

// Of the log both say what it cannot vouch for: an addendum sealed by whoever carried the bundle.
TEST_F(RecoverAgreementTest, AddendaThatACourierForged) {
  const MediaId file = media_id(9);
  const auto forged = [&](const std::vector<pb::Entry>& entries) {
    BundleMaker bundle = maker();
    ScriptTurn turn = say("story", "me golpearon");
    turn.testimony.push_back(sent_entry(file, "story"));
    const ReportId id = bundle.add({{{{turn, say("end", "y")}, true}}, true, true});
    bundle.add_file(id, file, {"una foto", "image/jpeg", "", false, true});
    bundle.forge_addendum(id, addendum_index(file), entries);
    return bundle.frames();
  };
  pb::Entry lost = sent_entry(file, "story");
  lost.mutable_media()->set_lost(true);
  pb::Entry with_key = sent_entry(file, "story");
  with_key.mutable_media()->set_key(std::string(kMediaKeySize, 'k'));
  with_key.mutable_media()->set_header(std::string(24, 'h'));
  with_key.mutable_media()->set_sha256(std::string(32, 's'));
  with_key.mutable_media()->set_length(1);
  with_key.mutable_media()->set_padded_length(1);
  with_key.mutable_media()->set_chunks(1);
  pb::Entry lost_with_key = with_key;
  lost_with_key.mutable_media()->set_lost(true);
  const pb::Entry answer = answer_entry("story", "FORGED");
  const std::set<std::string> both = {"malformed-record", "log-differs"};
  expect_agreement("forged-answer", forged({answer}), both);
  for (const auto& told : by_python("forged-answer-python")) EXPECT_NE(told.at("text"), "FORGED");
  expect_agreement("forged-more", forged({with_key, answer}), {"malformed-record", "file-absent"});
  expect_agreement("forged-lost", forged({lost}), {"log-differs"});
  expect_agreement("forged-both", forged({lost_with_key}), both);
  expect_agreement("forged-nothing", forged({}), {"log-differs"});
  expect_agreement("forged-key", forged({with_key}), {"file-absent"});
  expect_agreement("forged-two", forged({lost, with_key}), both);
}

}  // namespace
}  // namespace resguardo::testing_support
