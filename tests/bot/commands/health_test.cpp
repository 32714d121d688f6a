// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace resguardo::commands {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

http::Response page_of(const RosterHealth& roster) {
  return ready_page(roster, {}, {});
}

TEST(ReadyPageTest, SaysReadyAndNothingElseWhenAllIsWell) {
  const auto page = page_of({true, std::nullopt, 61, 61});
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(page.body, "ready\n");
}

TEST(ReadyPageTest, SaysWhyNoReportBegins) {
  const auto page = page_of({true, StaticText("the clock is wrong"), 61, 61});
  EXPECT_EQ(page.status, 503U);
  EXPECT_EQ(page.body, "the clock is wrong: no new report is taken\n");
}

TEST(ReadyPageTest, SaysWhomAnOperatorCouldHelpAndIsReadyAllTheSame) {
  outbox::Health outbox;
  outbox.unheeded = {std::nullopt, StaticText("their keys changed")};
  const auto page = ready_page({true, std::nullopt, 61, 61}, outbox, {"whatsapp", "signal"});
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(page.body,
            "ready\nsignal: some people are not answered: their keys changed; see "
            "docs/gateways.md\n");
}

TEST(ReadyPageTest, SaysWhyNothingCanBeStoredAndThatMessagesWereLost) {
  RosterHealth health{true, std::nullopt, 61, 61};
  health.store.unwritable = StaticText("the disk is full");
  EXPECT_EQ(page_of(health).status, 503U);
  EXPECT_EQ(page_of(health).body, "the disk is full: nothing can be stored\n");
  health.store = {std::nullopt, true};
  EXPECT_EQ(page_of(health).status, 503U);
  EXPECT_THAT(page_of(health).body, HasSubstr("WhatsApp is asked to repeat"));
  health.store = {};
  health.lost = true;
  EXPECT_EQ(page_of(health).status, 200U);
  EXPECT_THAT(page_of(health).body, HasSubstr("messages were lost"));
  health.lost = false;
  health.journal_stays = true;
  EXPECT_EQ(page_of(health).status, 200U);
  EXPECT_THAT(page_of(health).body, HasSubstr("journal of an earlier day"));
}

TEST(ReadyPageTest, WarnsSixtyThirtyAndSevenDaysAheadAndIsReadyAllTheSame) {
  const auto warning = [](int days) {
    const auto page = page_of({true, std::nullopt, days, 61});
    EXPECT_EQ(page.status, 200U);
    EXPECT_THAT(page.body, StartsWith("ready\n"));
    return page.body.substr(6);
  };
  EXPECT_EQ(warning(61), "");
  EXPECT_EQ(warning(60), "an analyst's keys run out in 60 days\n");
  EXPECT_EQ(warning(31), "an analyst's keys run out in 31 days\n");
  EXPECT_THAT(warning(30), HasSubstr("needed this month"));
  EXPECT_THAT(warning(8), HasSubstr("needed this month"));
  EXPECT_THAT(warning(7), HasSubstr("needed this week"));
  EXPECT_THAT(warning(0), HasSubstr("needed this week"));
  EXPECT_EQ(warning(1),
            "an analyst's keys run out tomorrow: a new epoch list is needed this week\n");
  EXPECT_THAT(warning(-1), HasSubstr("reserve key"));
}

TEST(ReadyPageTest, WarnsOfTheCertificatesEndAndIsNotReadyAfterIt) {
  const auto page = [](std::optional<int> days) {
    RosterHealth health{true, std::nullopt, 61, 61};
    health.days_of_certificate = days;
    return page_of(health);
  };
  for (const auto well : {std::optional<int>(), std::optional(14), std::optional(90)})
    EXPECT_EQ(page(well).body, "ready\n");
  EXPECT_EQ(page(13).status, 200U);
  EXPECT_THAT(page(13).body, HasSubstr("certificate ends in 13 days: a new one is needed"));
  EXPECT_THAT(page(0).body, HasSubstr("at the end of today"));
  EXPECT_EQ(page(-1).status, 503U);
  EXPECT_THAT(page(-1).body, HasSubstr("has expired"));
}

TEST(ReadyPageTest, WarnsOfTheRostersEndTheSameWay) {
  const auto warning = [](int days) {
    const auto page = page_of({true, std::nullopt, 61, days});
    EXPECT_EQ(page.status, 200U);
    return page.body.substr(6);
  };
  EXPECT_EQ(warning(61), "");
  EXPECT_EQ(warning(60), "the roster expires in 60 days\n");
  EXPECT_EQ(warning(31), "the roster expires in 31 days\n");
  EXPECT_EQ(warning(30), "the roster expires in 30 days: a new roster is needed this month\n");
  EXPECT_THAT(warning(8), HasSubstr("this month"));
  EXPECT_EQ(warning(7), "the roster expires in 7 days: a new roster is needed this week\n");
  EXPECT_EQ(warning(0),
            "the roster expires at the end of today: a new roster is needed this week\n");
  EXPECT_EQ(warning(-1), "") << "that it has expired is a reason, not a warning";
}

TEST(ReadyPageTest, SaysThatReportsDoNotReachTheAnalysts) {
  RosterHealth roster{true, std::nullopt, 61, 61};
  roster.stuck = true;
  EXPECT_EQ(page_of(roster).body,
            "ready\nreports do not reach the analysts: ending or moving them fails\n");
  EXPECT_EQ(page_of(roster).status, 200U);
}

TEST(ReadyPageTest, WarnsOfBothOnTwoLines) {
  const auto page = page_of({true, std::nullopt, 40, 50});
  EXPECT_EQ(page.body,
            "ready\nthe roster expires in 50 days\nan analyst's keys run out in 40 days\n");
}

TEST(ReadyPageTest, SaysThatACheckpointIsOverdueAndHowOldTheLastIs) {
  EXPECT_EQ(page_of({true, std::nullopt, 61, 61, 2}).body, "ready\n");
  const auto overdue = page_of({true, std::nullopt, 61, 61, 3});
  EXPECT_EQ(overdue.status, 200U);
  EXPECT_THAT(overdue.body, HasSubstr("the log's last checkpoint is 3 days old"));
}

TEST(ReadyPageTest, MetricsHaveTheAgeOfTheLastCheckpoint) {
  Metrics metrics;
  const auto page = [&](std::optional<int> age) {
    return metrics.page({}, {}, {}, {true, std::nullopt, 61, 61, age}, TimePoint{}).body;
  };
  EXPECT_THAT(page(2), HasSubstr("\nresguardo_log_checkpoint_age_days 2\n"));
  EXPECT_THAT(page(std::nullopt), HasSubstr("\nresguardo_log_checkpoint_age_days -1\n"));
}

}  // namespace
}  // namespace resguardo::commands
