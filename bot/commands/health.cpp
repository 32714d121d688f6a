// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/health.h"

#include <sstream>
#include <string_view>

#include "bot/commands/confinement.h"
#include "bot/commands/listening.h"
#include "bot/commands/media_service.h"

namespace resguardo::commands {
namespace {

constexpr int kOldCheckpoint = 2;  // days; one is made for each day that is over
constexpr int kFirstWarning = 60;  // days
constexpr int kSecondWarning = 30;
constexpr int kLastWarning = 7;

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

std::string certificate_warning(int days) {
  if (days >= kRenewCertificate || days < 0) return {};
  return "the TLS certificate ends " + ending(days, "a new one");
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
  if (roster.days_of_certificate.value_or(0) < 0)
    reasons +=
        "the TLS certificate has expired: WhatsApp sends nothing to it; renew it and reload\n";
  if (roster.days_of_certificate) warnings += certificate_warning(*roster.days_of_certificate);
  if (roster.lost) warnings.append(kLost.c_str()).append("\n");
  if (roster.present)
    warnings += roster_warning(roster.days_of_roster) + keys_warning(roster.days_of_keys);
  if (roster.checkpoint_age.value_or(0) > kOldCheckpoint)
    warnings += "the log's last checkpoint is " + std::to_string(*roster.checkpoint_age) +
                " days old: does the roster name this server's log key?\n";
  if (roster.store.damaged)
    warnings.append(roster.store.damaged->c_str()).append("; see `check --deep`\n");
  for (const StaticText line : sandbox::missing(roster.shelter))
    warnings.append(line.c_str()).append("\n");
  if (roster.memory.unlocked > 0) warnings.append(kUnlocked.c_str()).append("\n");
  if (roster.stuck) warnings.append(kStuck.c_str()).append("\n");
  for (const std::string& line : media_warnings(roster.files, gateways))
    warnings.append(line).append("\n");
  if (roster.journal_stays) warnings.append(kJournalStays.c_str()).append("\n");
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

void add_protection(const RosterHealth& health, std::vector<pb::ControlResult::StatusLine>& lines) {
  const auto add = [&](const char* name, std::string value, const char* mend) {
    auto& line = lines.emplace_back();
    line.set_name(name);
    line.set_value(std::move(value));
    line.set_mend(mend);
  };
  const auto weak = sandbox::weaker(health.shelter);
  add("sandbox", confinement_line(health.shelter), weak.empty() ? "" : weak.front().c_str());
  const bool all = health.memory.unlocked == 0;
  add("locked memory", std::to_string(health.memory.locked / kMebibyte) + " MiB",
      all ? "" : "raise LimitMEMLOCK= (ulimit -l): some of it is not locked");
}

}  // namespace resguardo::commands
