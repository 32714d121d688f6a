// SPDX-License-Identifier: AGPL-3.0-or-later
// /metrics. What each number is for stands in docs/operations.md, the alerts in deploy/alerts.
#include <algorithm>
#include <string_view>

#include "bot/commands/health.h"

namespace resguardo::commands {
namespace {

// Of the free disk: a turn is a few KiB, so single ones do not show.
constexpr std::uint64_t kDiskStep = 256;
constexpr std::uint64_t kReplyRoom = 4096;  // replies of a KiB that fit into the outbox
constexpr std::uint64_t kBacklogStep = 10;

void add_line(std::string& page, std::string_view name, std::string_view help,
              std::string_view kind, std::int64_t value) {
  page.append("# HELP resguardo_").append(name).append(" ").append(help).append("\n");
  page.append("# TYPE resguardo_").append(name).append(" ").append(kind).append("\n");
  page.append("resguardo_").append(name).append(" ").append(std::to_string(value)).append("\n");
}

void counter(std::string& page, std::string_view name, std::string_view help, std::uint64_t value) {
  add_line(page, name, help, "counter", static_cast<std::int64_t>(value));
}

void gauge(std::string& page, std::string_view name, std::string_view help, std::int64_t value) {
  add_line(page, name, help, "gauge", value);
}

void gauge(std::string& page, std::string_view name, std::string_view help, bool value) {
  add_line(page, name, help, "gauge", value ? 1 : 0);
}

// In tens of a hundred, so that a quiet day and an empty one look alike.
std::int64_t backlog(std::size_t waiting) {
  const std::uint64_t percent = std::min<std::uint64_t>(100, waiting * 100 / kReplyRoom);
  return static_cast<std::int64_t>(percent / kBacklogStep * kBacklogStep);
}

void add_events(std::string& page, const WebhookCounters& webhooks,
                const intake::IntakeCounters& intake) {
  counter(page, "posts_unauthentic_total", "Posts refused with 403.", webhooks.unauthentic);
  counter(page, "strangers_refused_total", "Messages of strangers not heard: there are too many.",
          intake.strangers_refused);
  counter(page, "deferred_inbound_total", "Events not stored, which the messenger repeats.",
          webhooks.deferred);
  counter(page, "lost_inbound_total", "Events not stored, which the messenger does not repeat.",
          webhooks.lost);
  counter(page, "turns_without_form_total",
          "Turns of open reports whose form is not here; see `check`.", intake.no_form);
}

void add_roster(std::string& page, const RosterHealth& health) {
  gauge(page, "roster_valid", "1 while new reports can be taken.", !health.refuses);
  gauge(page, "analyst_key_days", "Days until the first analyst's keys run out.",
        std::int64_t{health.days_of_keys});
  gauge(page, "roster_days", "Days until the roster expires.", std::int64_t{health.days_of_roster});
  // 0 also when it has ended, so that "there is none" stays apart.
  const auto certificate = health.days_of_certificate;
  gauge(page, "certificate_days", "Days until the TLS certificate ends, 0: it has; -1: none.",
        std::int64_t{certificate ? std::max(0, *certificate) : -1});
  gauge(page, "log_checkpoint_age_days", "Days since the log's last checkpoint; -1: there is none.",
        std::int64_t{health.checkpoint_age.value_or(-1)});
  gauge(page, "last_export_age_days", "Days since the last export of everything; -1: none.",
        std::int64_t{health.export_age.value_or(-1)});
}

void add_store(std::string& page, const RosterHealth& health) {
  gauge(page, "store_unwritable", "1 while nothing can be stored.",
        health.store.unwritable.has_value());
  gauge(page, "store_full", "1 while more comes in than can be stored.", health.store.full);
  gauge(page, "store_damaged", "1 after damage was found; see `check --deep`.",
        health.store.damaged.has_value());
  gauge(page, "reports_stuck", "1 while closed reports do not reach the report store.",
        health.stuck);
  gauge(page, "disk_free_mebibytes", "Room beside the store, rounded down to 256.",
        static_cast<std::int64_t>(health.disk_free / kMebibyte / kDiskStep * kDiskStep));
}

void add_gateways(std::string& page, const RosterHealth& health, const outbox::Health& outbox) {
  const auto stopped =
      std::ranges::count_if(outbox.stopped, [](const auto& one) { return one.has_value(); });
  gauge(page, "gateways_stopped", "Messengers that an operator must look at.",
        std::int64_t{stopped});
  gauge(page, "signal_disconnected", "1 while signal-cli gives no events.",
        health.unheard.has_value());
  gauge(page, "files_stopped", "1 while files cannot be fetched or kept.",
        health.files.ours.has_value() ||
            std::ranges::any_of(health.files.stopped,
                                [](const auto& one) { return one.has_value(); }));
  gauge(page, "outbox_backlog_percent", "Replies that wait, of what has room, in steps of ten.",
        backlog(outbox.waiting));
}

void add_process(std::string& page, const RosterHealth& health) {
  gauge(page, "locked_memory_mebibytes", "Memory that is kept out of swap.",
        static_cast<std::int64_t>(health.memory.locked / kMebibyte));
  gauge(page, "unlocked_memory", "1 when keys or open conversations may be swapped.",
        health.memory.unlocked > 0);
  gauge(page, "sandbox_landlock_version", "Of the rules about files and ports; 0: there are none.",
        std::int64_t{health.shelter.landlock});
  gauge(page, "sandbox_filtered", "1 when system calls are filtered.", health.shelter.filtered);
}

}  // namespace

void Metrics::add_people(std::string& page) const {
  counter(page, "posts_total", "Webhook posts, as of the last midnight UTC.", shown_.posts);
  counter(page, "turns_stored_total", "Turns on disk, as of the last midnight UTC.", shown_.stored);
  counter(page, "turns_heard_total", "Turns before consent, as of the last midnight UTC.",
          shown_.heard);
  counter(page, "duplicates_total", "Repeated deliveries, as of the last midnight UTC.",
          shown_.duplicates);
  counter(page, "events_ignored_total",
          "Events of no kind that is taken, as of the last midnight UTC.", shown_.ignored);
  counter(page, "events_refused_total",
          "Events that could not be read, as of the last midnight UTC.", shown_.refused);
  counter(page, "events_stale_total", "Events too old to be taken, as of the last midnight UTC.",
          shown_.stale);
  counter(page, "replies_sent_total", "Replies taken, as of the last midnight UTC.", shown_.sent);
  counter(page, "replies_dropped_total", "Replies given up, as of the last midnight UTC.",
          shown_.dropped);
  counter(page, "files_sealed_total", "Files sealed, as of the last midnight UTC.", shown_.files);
  counter(page, "files_lost_total", "Files that could not be had, as of the last midnight UTC.",
          shown_.files_lost);
  counter(page, "over_rate_total",
          "Messages not heard, of people who write too fast, as of the last midnight UTC.",
          shown_.over_rate);
}

void Metrics::advance(const WebhookCounters& webhooks, const intake::IntakeCounters& intake,
                      const outbox::Health& outbox, const media::FetchHealth& files,
                      TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (day_ == day_of(now)) return;
  const auto& out = outbox.counters;
  if (day_ != Day{})  // at the start nothing is shown: the first day ends tonight
    shown_ = {webhooks.posts,    intake.stored,    intake.heard,
              intake.duplicates, webhooks.ignored, webhooks.refused,
              webhooks.stale,    out.sent,         out.dropped + out.expired,
              files.sealed,      files.lost,       intake.over_rate};
  day_ = day_of(now);
}

http::Response Metrics::page(const WebhookCounters& webhooks, const intake::IntakeCounters& intake,
                             const outbox::Health& outbox, const RosterHealth& roster,
                             TimePoint now) {
  advance(webhooks, intake, outbox, roster.files, now);
  const std::lock_guard lock(mutex_);
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  add_people(response.body);
  add_events(response.body, webhooks, intake);
  add_roster(response.body, roster);
  add_store(response.body, roster);
  add_gateways(response.body, roster, outbox);
  add_process(response.body, roster);
  return response;
}

}  // namespace resguardo::commands
