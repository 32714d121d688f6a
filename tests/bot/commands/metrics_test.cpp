// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bot/commands/confinement.h"
#include "bot/commands/health.h"

namespace resguardo::commands {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class MetricsTest : public ::testing::Test {
 protected:
  std::string page(int day = 20'000) {
    return metrics_.page(webhooks_, intake_, outbox_, health_, TimePoint(std::chrono::days(day)))
        .body;
  }
  static std::string line(const std::string& name, int value) {
    return "\nresguardo_" + name + " " + std::to_string(value) + "\n";
  }

  WebhookCounters webhooks_;
  intake::IntakeCounters intake_;
  outbox::Health outbox_;
  RosterHealth health_{true, std::nullopt, 61, 61};
  Metrics metrics_;
};

// Each number that people move, also the newest.
TEST_F(MetricsTest, WhatFollowsPeopleAdvancesAtMidnightOnly) {
  const char* const people[] = {
      "posts_total",           "turns_stored_total",   "turns_heard_total",  "duplicates_total",
      "events_ignored_total",  "events_refused_total", "events_stale_total", "replies_sent_total",
      "replies_dropped_total", "files_sealed_total",   "files_lost_total",   "over_rate_total"};
  page();
  webhooks_.posts = webhooks_.ignored = webhooks_.refused = webhooks_.stale = 3;
  intake_.stored = intake_.heard = intake_.duplicates = intake_.over_rate = 3;
  outbox_.counters.sent = outbox_.counters.dropped = 3;
  health_.files.sealed = health_.files.lost = 3;
  const std::string today = page();
  const std::string tomorrow = page(20'001);
  for (const std::string name : people) {
    EXPECT_THAT("\n" + today, HasSubstr(line(name, 0)));
    EXPECT_THAT("\n" + tomorrow, HasSubstr(line(name, 3)));
  }
}

// Who reads it for the first time at an hour of their choice learns nothing of the hours before.
TEST_F(MetricsTest, WhoeverReadsItFirstAfterMidnightIsToldOfYesterdayOnly) {
  const auto advance = [&](int day) {
    metrics_.advance(webhooks_, intake_, outbox_, health_.files, TimePoint(std::chrono::days(day)));
  };
  advance(20'000);
  intake_.stored = 3;
  advance(20'001);
  intake_.stored = 4;
  EXPECT_THAT("\n" + page(20'001), HasSubstr(line("turns_stored_total", 3)));
  EXPECT_THAT("\n" + page(20'002), HasSubstr(line("turns_stored_total", 4)));
}

TEST_F(MetricsTest, ACertificateThatEndedIsNotOneThatIsNotThere) {
  EXPECT_THAT("\n" + page(), HasSubstr(line("certificate_days", -1)));
  health_.days_of_certificate = -3;
  EXPECT_THAT("\n" + page(), HasSubstr(line("certificate_days", 0)));
  health_.days_of_certificate = 20;
  EXPECT_THAT("\n" + page(), HasSubstr(line("certificate_days", 20)));
}

// Whatever happens during a day, the page of a server without failures stays the same.
TEST_F(MetricsTest, ABusyDayLooksLikeAQuietOne) {
  page();
  health_.disk_free = 10UL * 1024 * 1024 * 1024 + 200UL * 1024 * 1024;
  const std::string quiet = page();
  webhooks_.posts = 900;
  intake_.stored = intake_.heard = intake_.receipts_tried = intake_.receipts_looked_up = 700;
  outbox_.waiting = 400;
  outbox_.counters.added = outbox_.counters.sent = 900;
  health_.files.waiting = 20;
  health_.disk_free -= 100UL * 1024 * 1024;
  EXPECT_EQ(page(), quiet);
}

TEST_F(MetricsTest, RepliesThatWaitAreToldInTens) {
  const auto waiting = [&](std::size_t replies) {
    outbox_.waiting = replies;
    return page();
  };
  EXPECT_THAT(waiting(0), HasSubstr(line("outbox_backlog_percent", 0)));
  EXPECT_THAT(waiting(409), HasSubstr(line("outbox_backlog_percent", 0)));
  EXPECT_THAT(waiting(410), HasSubstr(line("outbox_backlog_percent", 10)));
  EXPECT_THAT(waiting(4096), HasSubstr(line("outbox_backlog_percent", 100)));
  EXPECT_THAT(waiting(9000), HasSubstr(line("outbox_backlog_percent", 100)));
}

TEST_F(MetricsTest, FailuresAreThereAtOnce) {
  page();
  webhooks_.lost = webhooks_.deferred = webhooks_.unauthentic = intake_.strangers_refused = 2;
  health_.store.unwritable = StaticText("the disk is full");
  health_.store.full = true;
  health_.store.damaged = StaticText("a page is damaged");
  health_.stuck = true;
  health_.unheard = Subscription::State::kConnecting;
  health_.files.ours = StaticText("no room");
  health_.refuses = StaticText("the clock is wrong");
  outbox_.stopped = {outbox::Health::Stopped{}, std::nullopt};
  EXPECT_THAT(
      page(),
      AllOf(HasSubstr(line("lost_inbound_total", 2)), HasSubstr(line("deferred_inbound_total", 2)),
            HasSubstr(line("posts_unauthentic_total", 2)),
            HasSubstr(line("strangers_refused_total", 2)), HasSubstr(line("store_unwritable", 1)),
            HasSubstr(line("store_full", 1)), HasSubstr(line("store_damaged", 1)),
            HasSubstr(line("reports_stuck", 1)), HasSubstr(line("signal_disconnected", 1)),
            HasSubstr(line("files_stopped", 1)), HasSubstr(line("roster_valid", 0)),
            HasSubstr(line("gateways_stopped", 1))));
}

TEST_F(MetricsTest, TellHowTheProcessIsProtected) {
  health_.shelter = {.landlock = 7, .filtered = true, .root = false};
  health_.memory = {.locked = 25UL * 1024 * 1024, .unlocked = 0};
  health_.export_age = 12;
  EXPECT_THAT(
      page(),
      AllOf(HasSubstr(line("sandbox_landlock_version", 7)), HasSubstr(line("sandbox_filtered", 1)),
            HasSubstr(line("locked_memory_mebibytes", 25)), HasSubstr(line("unlocked_memory", 0)),
            HasSubstr(line("last_export_age_days", 12))));
  health_.shelter = {};
  health_.memory.unlocked = 4096;
  health_.export_age = std::nullopt;
  EXPECT_THAT(
      page(),
      AllOf(HasSubstr(line("sandbox_landlock_version", 0)), HasSubstr(line("sandbox_filtered", 0)),
            HasSubstr(line("unlocked_memory", 1)), HasSubstr(line("last_export_age_days", -1))));
}

TEST_F(MetricsTest, TheReadyPageWarnsOfWhatIsMissing) {
  EXPECT_EQ(ready_page(health_, outbox_, {}).body, "ready\n");
  health_.shelter = {};
  health_.memory.unlocked = 4096;
  const auto page = ready_page(health_, outbox_, {});
  EXPECT_EQ(page.status, 200U);
  EXPECT_THAT(page.body,
              AllOf(HasSubstr("files and connections are not confined"),
                    HasSubstr("system calls are not filtered"), HasSubstr("may be swapped")));
}

TEST(ConfinementLineTest, SaysWhatHolds) {
  EXPECT_EQ(confinement_line({.landlock = 7, .filtered = true}),
            "files and connections are confined (Landlock 7), system calls are filtered");
  EXPECT_EQ(confinement_line({.landlock = 2, .filtered = true}),
            "files are confined (Landlock 2), system calls are filtered");
  EXPECT_EQ(confinement_line({}), "files are not confined, system calls are not filtered");
}

config::Config configuration() {
  config::Config config;
  config.store.directory = "/srv/bot/data";
  config.store.master_key_file = "/srv/bot/secrets/master.key";
  config.roster.path = "/srv/roster/roster.signed";
  config.form.path = "/srv/forms/form.txtpb";
  config.server.listen = "0.0.0.0:443";
  config.server.gateway_listen = "[::1]:8081";
  config.server.admin_listen = "unix:/run/bot/admin.sock";
  config.server.tls_certificate = "/srv/tls/chain.pem";
  config.server.tls_key = "/srv/tls/key.pem";
  config.whatsapp.emplace().api_base = "https://graph.example/v23.0";
  config.signal.emplace().api_base = "http://[::1]:8082";
  config.signal->attachments_dir = "/srv/attachments";
  return config;
}

TEST(PlanTest, IsWhatTheConfigurationNames) {
  const auto plan = plan_of(configuration());
  EXPECT_EQ(plan.writable.front(), "/srv/bot/data");
  EXPECT_THAT(plan.emptied, ::testing::ElementsAre("/srv/attachments"));
  EXPECT_THAT(plan.sockets, ::testing::ElementsAre("/run/bot"));
  EXPECT_THAT(plan.listens, ::testing::ElementsAre(443, 8081));
  EXPECT_THAT(plan.connects, ::testing::UnorderedElementsAre(443, 443, 8082, 53));
  EXPECT_THAT(plan.readable, AllOf(Contains("/srv/bot/secrets/master.key"), Contains("/srv/roster"),
                                   Contains("/srv/forms"), Contains("/srv/tls")));
  EXPECT_THAT(plan.readable, AllOf(Not(Contains("/")), Not(Contains("/srv")),
                                   Not(Contains("/home")), Not(Contains("/srv/bot"))));
}

TEST(PlanTest, CallsThePortThatIsNamed) {
  auto config = configuration();
  config.signal.reset();
  for (const auto& [base, port] :
       std::vector<std::pair<std::string, int>>{{"https://graph.example:8443/v1", 8443},
                                                {"http://127.0.0.1:1234", 1234},
                                                {"http://localhost", 80},
                                                {"https://[::1]", 443}}) {
    config.whatsapp->api_base = base;
    EXPECT_THAT(plan_of(config).connects, Contains(port)) << base;
  }
}

}  // namespace
}  // namespace resguardo::commands
