// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/health.h"

#include <sstream>
#include <string_view>

#include "bot/commands/media_service.h"

namespace resguardo::commands {
namespace {

constexpr int kOldCheckpoint = 2;  // days; one is made for each day that is over
constexpr int kFirstWarning = 60;  // days
constexpr int kSecondWarning = 30;
constexpr int kLastWarning = 7;

void counter(std::string& page, std::string_view name, std::string_view help, std::uint64_t value) {
  page.append("# HELP resguardo_").append(name).append(" ").append(help).append("\n");
  page.append("# TYPE resguardo_").append(name).append(" counter\n");
  page.append("resguardo_").append(name).append(" ").append(std::to_string(value)).append("\n");
}

void gauge(std::string& page, std::string_view name, std::string_view help, std::int64_t value) {
  page.append("# HELP resguardo_").append(name).append(" ").append(help).append("\n");
  page.append("# TYPE resguardo_").append(name).append(" gauge\n");
  page.append("resguardo_").append(name).append(" ").append(std::to_string(value)).append("\n");
}

// "in 20 days: `what` is needed this month", for days from 0 to kFirstWarning.
std::string ending(int days, std::string_view what) {
  std::string line = "in " + std::to_string(days) + " days";
  if (days == 0) line = "at the end of today";
  if (days == 1) line = "tomorrow";
  if (days > kSecondWarning) return line + "\n";
  line.append(": ").append(what).append(" is needed this ");
  return line.append(days <= kLastWarning ? "week\n" : "month\n");
}

}  // namespace

std::string keys_warning(int days) {
  if (days > kFirstWarning) return {};
  if (days < 0) return "an analyst's keys have run out: reports are sealed to the reserve key\n";
  return "an analyst's keys run out " + ending(days, "a new epoch list");
}

std::string roster_warning(int days) {
  if (days > kFirstWarning || days < 0) return {};
  return "the roster expires " + ending(days, "a new roster");
}

http::Response ready_page(const RosterHealth& roster, const outbox::Health& outbox,
                          const std::vector<StaticText>& gateways) {
  std::string reasons;
  std::string warnings;
  if (roster.refuses)
    reasons += std::string(roster.refuses->c_str()) + ": no new report is taken\n";
  if (roster.store.unwritable)
    reasons.append(roster.store.unwritable->c_str()).append(": nothing can be stored\n");
  if (roster.store.full)
    reasons += "more comes in than can be stored: WhatsApp is asked to repeat\n";
  if (roster.unheard)
    reasons += *roster.unheard == Subscription::State::kRefused
                   ? "signal-cli does not give this account's messages; see `check`\n"
                   : "no connection to signal-cli: messages wait with Signal\n";
  if (roster.lost) warnings.append(kLost).append("\n");
  if (roster.present)
    warnings += roster_warning(roster.days_of_roster) + keys_warning(roster.days_of_keys);
  if (roster.checkpoint_age.value_or(0) > kOldCheckpoint)
    warnings += "the log's last checkpoint is " + std::to_string(*roster.checkpoint_age) +
                " days old: does the roster name this server's log key?\n";
  if (roster.store.damaged)
    warnings.append(roster.store.damaged->c_str()).append("; see `check --deep`\n");
  if (roster.stuck) warnings.append(kStuck).append("\n");
  for (const std::string& line : media_warnings(roster.files, gateways))
    warnings.append(line).append("\n");
  if (roster.journal_stays) warnings.append(kJournalStays).append("\n");
  for (std::size_t i = 0; i < gateways.size() && i < outbox.stopped.size(); ++i)
    if (outbox.stopped[i])
      reasons +=
          std::string(gateways[i].c_str()) + ": " + outbox.stopped[i]->why.c_str() +
          (outbox.stopped[i]->command.empty() ? "" : "; run: " + outbox.stopped[i]->command) + "\n";
  for (std::size_t i = 0; i < gateways.size() && i < outbox.unheeded.size(); ++i)
    if (outbox.unheeded[i])
      warnings += std::string(gateways[i].c_str()) +
                  ": some people are not answered: " + outbox.unheeded[i]->c_str() +
                  "; see docs/gateways.md\n";
  http::Response page;
  page.status = reasons.empty() ? 200 : 503;
  page.content_type = "text/plain; charset=utf-8";
  page.body = (reasons.empty() ? "ready\n" : reasons) + warnings;
  return page;
}

std::vector<pb::ControlResult::StatusLine> status_lines(const http::Response& ready,
                                                        const WebhookCounters& webhooks) {
  std::vector<pb::ControlResult::StatusLine> lines;
  const auto add = [&](std::string value, const char* mend) {
    auto& line = lines.emplace_back();
    line.set_name("server");
    line.set_value(std::move(value));
    line.set_mend(mend);
  };
  std::istringstream page(ready.body);
  for (std::string line; std::getline(page, line);) {
    const bool well = line == "ready";
    add(std::move(line), well ? "" : "see `resguardo-bot check`");
  }
  if (webhooks.lost > 0)
    add(std::to_string(webhooks.lost) + " messages could not be stored since it began",
        "see the disk; on Signal their writers must write again");
  return lines;
}

http::Response Metrics::page(const WebhookCounters& webhooks, const intake::IntakeCounters& intake,
                             const outbox::Health& outbox, const RosterHealth& roster,
                             TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (day_ != day_of(now)) {
    if (day_ != Day{})  // at the start nothing is shown: the first day ends tonight
      shown_ = {webhooks.posts,       intake.stored,       intake.heard,     intake.duplicates,
                outbox.counters.sent, roster.files.sealed, roster.files.lost};
    day_ = day_of(now);
  }
  std::string page;
  counter(page, "posts_total", "Webhook posts, as of the last midnight UTC.", shown_.posts);
  counter(page, "turns_stored_total", "Turns on disk, as of the last midnight UTC.", shown_.stored);
  counter(page, "turns_heard_total", "Turns before consent, as of the last midnight UTC.",
          shown_.heard);
  counter(page, "duplicates_total", "Repeated deliveries, as of the last midnight UTC.",
          shown_.duplicates);
  counter(page, "replies_sent_total", "Replies taken, as of the last midnight UTC.", shown_.sent);
  counter(page, "files_sealed_total", "Files sealed, as of the last midnight UTC.", shown_.files);
  counter(page, "files_lost_total", "Files that could not be had, as of the last midnight UTC.",
          shown_.files_lost);
  counter(page, "posts_unauthentic_total", "Posts refused with 403.", webhooks.unauthentic);
  counter(page, "deferred_inbound_total", "Events not stored, which the messenger repeats.",
          webhooks.deferred);
  counter(page, "lost_inbound_total", "Events not stored, which the messenger does not repeat.",
          webhooks.lost);
  counter(page, "turns_without_form_total",
          "Turns of open reports whose form is not here; see `check`.", intake.no_form);
  gauge(page, "roster_valid", "1 while new reports can be taken.", roster.refuses ? 0 : 1);
  gauge(page, "analyst_key_days", "Days until the first analyst's keys run out.",
        roster.days_of_keys);
  gauge(page, "roster_days", "Days until the roster expires.", roster.days_of_roster);
  gauge(page, "log_checkpoint_age_days", "Days since the log's last checkpoint; -1: there is none.",
        roster.checkpoint_age.value_or(-1));
  std::int64_t stopped = 0;
  for (const auto& one : outbox.stopped) stopped += one ? 1 : 0;
  gauge(page, "gateways_stopped", "Messengers that an operator must look at.", stopped);
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = std::move(page);
  return response;
}

}  // namespace resguardo::commands
