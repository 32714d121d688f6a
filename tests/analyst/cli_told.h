// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tests/analyst/cli_fixture.h"
#include "tests/forms/whole_form.h"

namespace resguardo::testing_support {

inline pb::Entry in_event(pb::Entry entry) {
  entry.mutable_answer()->add_instance(0);
  return entry;
}

// Reports told to the whole questionnaire, for the program itself.
class CliToldTest : public CliTest {
 protected:
  static BundleMaker whole_maker() {
    return BundleMaker(organisation().verified(), forms::whole_form_text(), organisation().now, 3);
  }
  // Kidnapped in `place` by organised crime, told by who it happened to.
  static ScriptReport kidnapping(const std::vector<std::string>& consent = {"research"},
                                 const std::string& where = "mx-reynosa") {
    pb::Entry day = in_event(answer_entry("when", ""));
    day.mutable_answer()->mutable_date()->set_edtf("2025-05-03");
    day.mutable_answer()->mutable_date()->set_precision("day");
    pb::Entry place = in_event(answer_entry("place_city", ""));
    place.mutable_answer()->mutable_place()->set_code(where);
    place.mutable_answer()->mutable_place()->set_precision("city");
    ScriptReport report{
        {{{{{answer_entry("role", "", {"self"})}, {}, ""},
           {{in_event(answer_entry("event_what", "", {"kidnapping"})), day, place}, {}, ""},
           {{in_event(answer_entry("us_link", "", {"returned"})),
             in_event(answer_entry("perp_kind", "", {"organised_crime"}))},
            {answer_entry("group_name", "CANARYGROUP")},
            ""}},
          true}},
        true,
        true};
    report.consent = consent;
    return report;
  }
  ProgramResult of_vault(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--vault", path("v")});
    return run_unlocked(arguments);
  }
  // Of a bundle that is imported into the vault.
  void keep(BundleMaker& bundle) const {
    ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  }
};

}  // namespace resguardo::testing_support
