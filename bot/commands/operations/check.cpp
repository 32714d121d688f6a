// SPDX-License-Identifier: AGPL-3.0-or-later
// What `check` asks of the store, and of who holds it.
#include "bot/commands/deep_check.h"
#include "bot/commands/health.h"
#include "bot/commands/log_days.h"
#include "bot/commands/operations.h"
#include "bot/commands/sources.h"
#include "bot/intake/epochs.h"

namespace resguardo::commands {
namespace {

using program::Outcome;
using program::Problem;

class StoreCheck {
 public:
  StoreCheck(const Owner& owner, pb::ControlResult::Check& page) : owner_(owner), page_(page) {}

  void run() {
    check_clock();
    check_moves();
    if (const auto damaged = owner_.store().health().damaged; damaged && !page_.deep())
      problem({"the store", damaged->c_str(), "`resguardo-bot check --deep` says what"});
    check_forms();
    check_roster();
  }

  Outcome<Done> run_deep() {
    RESGUARDO_TRY(const auto found,
                  program::at("the store", check_deep(owner_.store(), owner_.log_key.public_key(),
                                                      owner_.stop)));
    page_.set_pages(found.pages);
    page_.set_cells(found.cells);
    page_.set_media(found.media);
    page_.set_reports(found.reports);
    page_.set_rows(found.rows);
    page_.set_log_entries(found.log_entries);
    for (const Problem& one : found.problems) problem(one);
    return Done{};
  }

 private:
  static void put(const Problem& problem, pb::ControlProblem& told) {
    told.set_where(problem.where);
    told.set_what(problem.what);
    told.set_mend(problem.mend);
  }
  void problem(const Problem& problem) { put(problem, *page_.add_problems()); }
  void warn(const Problem& problem) { put(problem, *page_.add_warnings()); }

  void check_clock() {
    const auto epochs = intake::stored_epochs(owner_.store());
    if (!epochs.ok()) problem(program::problem(epochs.error(), "the store"));
    if (!epochs.ok() || !*epochs) return;
    const Day last = (*epochs)->epoch.day;
    if (intake::clock_state(last, owner_.now) == intake::ClockState::kBelieved) return;
    const std::string today = to_string(day_of(owner_.now));
    problem(
        {"the clock",
         "says " + today + ", and this server was last used on " + to_string(last) +
             ": no new report would be taken",
         "set the clock; if it is right, `resguardo-bot clock --config F --today " + today + "`"});
  }

  void check_moves() {
    const auto unmoved = owner_.store().unmoved_reports();
    if (!unmoved.ok() || *unmoved == 0) return;
    problem({"the store",
             std::to_string(*unmoved) +
                 " closed reports cannot be moved to the report store: no bundle holds them",
             "make room on the disk; if there is room, keep this directory"});
  }

  void check_forms() {
    std::vector<Problem> told_elsewhere;
    std::vector<Problem> warnings;
    if (const auto form = load_form(owner_.config, told_elsewhere))
      earlier_forms(owner_.store(), *form, warnings);
    for (const Problem& one : warnings) warn(one);
  }

  void check_roster() {
    const auto loaded =
        load_roster(owner_.config, &owner_.store(), owner_.now, RosterUse::kLook, owner_.ids);
    if (!loaded.ok()) return problem(loaded.error());
    if (loaded->expired) problem(*loaded->expired);
    if (loaded->roster) check_ends(*loaded->roster);
    const auto ended = ended_logs(owner_.store());
    const auto origin = own_log_origin(owner_.store(), owner_.log_key.public_key());
    if (ended.ok() && origin.ok() && !ended->empty() && origin->empty())
      warn({owner_.config.roster.path.string(),
            "does not name the log that began when this server was restored: no bundle can be "
            "written",
            "the authority signs a roster with another --log-origin and the --log-key " +
                to_hex(owner_.log_key.public_key().view())});
  }

  // What runs out within 60 days.
  void check_ends(const VerifiedRoster& roster) {
    const auto tell = [this](std::string line, const char* mend) {
      if (line.empty()) return;
      line.pop_back();
      warn({owner_.config.roster.path.string(), std::move(line), mend});
    };
    tell(roster_warning(roster.expires().number - day_of(owner_.now).number),
         "ask whoever holds the root key for a new one, then `resguardo-bot roster install`");
    tell(keys_warning(roster.days_of_keys_left(owner_.now)),
         "that analyst runs `resguardo-analyst key extend`; then a new roster is needed");
  }

  const Owner& owner_;
  pb::ControlResult::Check& page_;
};

}  // namespace

operations::Result operations::check(const Owner& owner, const pb::ControlRequest::Check& request) {
  pb::ControlResult result;
  auto& page = *result.mutable_check();
  page.set_deep(request.deep());
  page.set_serving(static_cast<bool>(owner.serving));
  StoreCheck checks(owner, page);
  checks.run();
  if (request.deep()) RESGUARDO_CHECK(checks.run_deep());
  return result;
}

}  // namespace resguardo::commands
