// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/event_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> events_in(EventStream& stream, std::string_view piece) {
  const auto events = stream.add(as_bytes(piece));
  std::vector<std::string> all;
  if (!events.ok()) return {"refused"};
  for (const SecretBuffer& data : *events) all.push_back(to_string(data.view()));
  return all;
}

std::vector<std::string> events_of(std::string_view text) {
  EventStream stream;
  return events_in(stream, text);
}

// As signal-cli writes it: no space after the colon, a lone colon to keep the connection.
TEST(EventStreamTest, ReadsWhatSignalCliWrites) {
  EXPECT_THAT(events_of("event:receive\ndata:{\"a\":1}\n\n:\nevent:receive\ndata:{}\n\n"),
              ElementsAre("{\"a\":1}", "{}"));
}

// The standard's own examples (WHATWG HTML §9.2.6).
TEST(EventStreamTest, ReadsTheExamplesOfTheStandard) {
  EXPECT_THAT(events_of("data: YHOO\ndata: +2\ndata: 10\n\n"), ElementsAre("YHOO\n+2\n10"));
  EXPECT_THAT(events_of(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
                        "data:  third event\n"),
              ElementsAre("first event", "second event"));
  EXPECT_THAT(events_of("data\n\ndata\ndata\n\ndata:"), ElementsAre("", "\n"));
  EXPECT_THAT(events_of("data:test\n\ndata: test\n\n"), ElementsAre("test", "test"));
}

TEST(EventStreamTest, TakesEveryEndOfLineAndAByteOrderMarkAtTheStart) {
  EXPECT_THAT(events_of("\xef\xbb\xbf"
                        "data:a\r\ndata:b\rdata:c\n\r\ndata:d\r\rdata:e\n\n"),
              ElementsAre("a\nb\nc", "d", "e"));
  EXPECT_THAT(events_of("data:a\n\xef\xbb\xbf"
                        "data:b\n\n"),
              ElementsAre("a"));
}

TEST(EventStreamTest, KnowsNoEventWithoutData) {
  EXPECT_THAT(events_of("event:receive\n\n\n\nid:7\n\n:\n\n"), IsEmpty());
  EXPECT_THAT(events_of("dat:x\nDATA:x\n data:x\ndatas:x\n\n"), IsEmpty());
}

TEST(EventStreamTest, PiecesMayEndAnywhere) {
  const std::string_view text =
      "event:receive\r\ndata: {\"words\":\"a: b\"}\r\n\r\n:\r\ndata:x\n\n";
  const auto whole = events_of(text);
  ASSERT_EQ(whole.size(), 2U);
  for (std::size_t piece = 1; piece < text.size(); ++piece) {
    EventStream stream;
    std::vector<std::string> all;
    for (std::size_t at = 0; at < text.size(); at += piece)
      for (std::string& event : events_in(stream, text.substr(at, piece)))
        all.push_back(std::move(event));
    ASSERT_EQ(all, whole) << piece;
  }
}

TEST(EventStreamTest, RefusesAnEventWithoutEnd) {
  EventStream stream;
  const std::string line = "data:" + testing_support::filled(1000, 'x') + "\n";
  bool refused = false;
  for (std::size_t sent = 0; sent < 2 * EventStream::kLongestEvent && !refused; sent += line.size())
    refused = !stream.add(as_bytes(line)).ok();
  EXPECT_TRUE(refused);
  EventStream one_line;
  refused = false;
  for (std::size_t sent = 0; sent < 2 * EventStream::kLongestEvent && !refused; sent += 1000)
    refused = !one_line.add(as_bytes(testing_support::filled(1000, ':'))).ok();
  EXPECT_TRUE(refused);
}

TEST(EventStreamTest, KnowsWhenAnEventIsNotWhole) {
  EventStream stream;
  EXPECT_FALSE(stream.inside_event());
  for (const char* piece : {"eve", "nt:receive\n", "data:{}", "\n"}) {
    events_in(stream, piece);
    EXPECT_TRUE(stream.inside_event()) << piece;
  }
  for (const char* piece : {"\n", ":", "\n"}) {
    events_in(stream, piece);
    EXPECT_FALSE(stream.inside_event()) << piece;
  }
}

}  // namespace
}  // namespace resguardo::gateway
