// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/storage/crowd.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace resguardo::storage {

std::uint32_t Crowd::below(std::uint32_t bound) {
  return static_cast<std::uint32_t>(random_() % bound);
}

// Its report may be open, closed, or left.
Turn Crowd::lose_file(Day day) {
  const auto at = files_.begin() + below(static_cast<std::uint32_t>(files_.size()));
  Turn turn = addendum(at->report, at->number, 10 * numbers_++, Fetched::kLost);
  turn.day = turn.report->day = day;
  files_.erase(at);
  return turn;
}

Turn Crowd::next(Day day) {
  if (!files_.empty() && below(8) == 0) return told_.emplace_back(lose_file(day));
  Person& person = people_[below(static_cast<std::uint32_t>(people_.size()))];
  Turn turn = person.tag == 0 ? begin(person, day) : go_on(person, day);
  if (turn.report) turn.report->day = day;
  if (turn.report) turn.report->keep_partial = below(2) == 0;
  told_.push_back(turn);
  return turn;
}

// A turn of a conversation that says nothing yet.
Turn Crowd::heard(Person& person, Day day) {
  const std::string state = std::string(below(700), 's').append(std::to_string(numbers_));
  Turn turn = state_turn(numbers_++, person.tag, person.counter++, state);
  for (std::uint32_t more = below(3); more > 0; --more)
    turn.delivered.push_back(dedupe(numbers_++));
  turn.day = day;
  return turn;
}

void Crowd::write(Person& person, Turn& turn) {
  if (!person.report) person.report = Report{numbers_++, {}};
  auto& segments = person.report->segments;
  if (segments.empty() || below(6) == 0) segments.push_back({10 * numbers_++ + below(10), 0});
  for (std::uint32_t rows = 1 + below(2); rows > 0; --rows) {
    const std::uint32_t size = below(8) == 0 ? below(9000) : below(600);
    add_row(turn, person.report->number, segments.back().number, segments.back().next++,
            std::string(size, 'r').append(std::to_string(numbers_++)));
  }
  if (below(7) != 0) return;
  files_.push_back({numbers_++, person.report->number});
  take_media(turn, files_.back().number);
}

void Crowd::end(Person& person, Turn& turn) {
  if (below(3) == 0) {
    erase(turn, person.report->number);
    std::erase_if(files_, [&](const File& one) { return one.report == person.report->number; });
  } else {
    close(turn, person.report->number);
  }
  person = Person{};
}

Turn Crowd::begin(Person& person, Day day) {
  person.tag = numbers_++;
  Turn turn = heard(person, day);
  if (!left_.empty() && below(2) == 0) {
    person.report = left_.back();
    left_.pop_back();
  }
  if (person.report || below(4) != 0) write(person, turn);
  return turn;
}

Turn Crowd::go_on(Person& person, Day day) {
  Turn turn = heard(person, day);
  switch (below(10)) {
    case 0:
      return turn;  // asks for help
    case 1:
    case 2:  // on another day, or as on another day
      turn.conversation->found_under = turn.conversation->tag;
      turn.conversation->tag = tag(person.tag = numbers_++);
      if (below(2) == 0) write(person, turn);
      return turn;
    case 3:
      if (person.report) end(person, turn);
      return turn;
    case 4:  // leaves; the report stays
      turn.conversation->remove = true;
      if (person.report) left_.push_back(*person.report);
      person = Person{};
      return turn;
    case 5:  // the report goes to whoever comes next, the conversation goes on without
      if (person.report) left_.push_back(*std::exchange(person.report, std::nullopt));
      return turn;
    case 6:  // something arrives late: no turn of the conversation
      if (!person.report) return turn;
      turn.conversation.reset();
      --person.counter;
      write(person, turn);
      return turn;
    default:
      write(person, turn);
      return turn;
  }
}

std::string dump_all(Store& store, const std::vector<Turn>& turns) {
  std::ostringstream out;
  out << dump(store, turns);
  auto open = store.open_reports().value();
  std::ranges::sort(open, {}, &OpenReport::report);
  for (const OpenReport& report : open) {
    const auto contents = store.open_contents(report.report).value();
    out << "contents " << to_hex(report.report.view()) << '\n';
    for (const auto& segment : contents->segments)
      out << "  " << to_hex(segment.segment.view()) << ' ' << segment.index << ' '
          << to_string(segment.header) << '\n';
    for (const auto& row : contents->rows)
      out << "  " << to_hex(row.segment.view()) << ' ' << row.sequence << ' ' << row.row.size()
          << to_string(row.row).substr(row.row.size() - std::min<std::size_t>(row.row.size(), 9))
          << '\n';
  }
  auto waiting = store.pending_media().value();
  std::ranges::sort(waiting, {}, &PendingMedia::media);
  for (const PendingMedia& file : waiting)
    out << "waits " << to_hex(file.media.view()) << ' ' << to_hex(file.report.view()) << ' '
        << to_string(file.day) << ' ' << to_string(file.reference) << '\n';
  return out.str();
}

}  // namespace resguardo::storage
