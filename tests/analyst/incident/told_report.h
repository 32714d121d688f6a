// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analyst/incident/incident.h"
#include "analyst/report/purposes.h"
#include "tests/analyst/report_samples.h"
#include "tests/forms/whole_form.h"
#include "tests/support/must.h"

namespace resguardo::testing_support {

// A report told to the whole questionnaire, as far as an analyst's keys open it.
class ToldSample {
 public:
  using Instance = std::vector<std::uint32_t>;

  ToldSample() { sample_.segment(1, 0); }
  ToldSample& codes(const std::string& node, const std::vector<std::string>& codes,
                    const Instance& instance = {0}) {
    pb::Answer answer = about(node, instance);
    for (const auto& code : codes) answer.add_codes(code);
    return say(answer);
  }
  ToldSample& words(const std::string& node, const std::string& text,
                    const Instance& instance = {0}) {
    pb::Answer answer = about(node, instance);
    answer.set_text(text);
    return say(answer);
  }
  ToldSample& day(const std::string& edtf, const std::string& precision,
                  const Instance& instance = {0}) {
    pb::Answer answer = about("when", instance);
    answer.mutable_date()->set_edtf(edtf);
    answer.mutable_date()->set_precision(precision);
    return say(answer);
  }
  ToldSample& place(const std::string& code, const std::string& precision,
                    const Instance& instance = {0}) {
    pb::Answer answer = about("place_city", instance);
    answer.mutable_place()->set_code(code);
    answer.mutable_place()->set_precision(precision);
    return say(answer);
  }
  ToldSample& say(const pb::Answer& answer) {
    sample_.say(answer);
    return *this;
  }
  ToldSample& agree(const std::vector<std::string>& purposes) {
    pb::Entry entry;
    for (const auto& purpose : purposes) entry.mutable_final()->add_consent(purpose);
    entry.mutable_final()->set_language("es");
    entry.mutable_final()->set_testimony_digest(std::string(32, '\0'));
    entry.mutable_final()->set_identity_digest(std::string(32, '\0'));
    sample_.row({entry});
    return *this;
  }
  static pb::Answer about(const std::string& node, const Instance& instance) {
    pb::Answer answer;
    answer.set_node(node);
    const bool asked_once = !form().in_repeat(node);
    if (!asked_once)
      for (const auto part : instance) answer.add_instance(part);
    return answer;
  }
  analyst::ReportView view() const { return analyst::view_of(sample_.stored); }
  analyst::CodedReport coded() const { return coded(view()); }
  static analyst::CodedReport coded(const analyst::ReportView& view) {
    return analyst::coded_report(view, &form(), codes(), risks());
  }

  static const analyst::FormTexts& form() {
    static const auto texts = must(analyst::FormTexts::parse(as_bytes(forms::whole_form_text())));
    return texts;
  }
  static const analyst::Codes& codes() {
    static const auto codes = must(analyst::Codes::built_in());
    return codes;
  }
  static const analyst::RiskRules& risks() {
    static const auto risks = must(analyst::RiskRules::of(codes()));
    return risks;
  }

 private:
  SampleReport sample_;
};

}  // namespace resguardo::testing_support
