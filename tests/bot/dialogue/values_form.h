// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/bot/dialogue/form_fixture.h"

namespace resguardo::dialogue {

// A small form in five languages with a question of each type that reads words, the real language
// parts and a gazetteer of its own.
class ValuesForm {
 public:
  static std::shared_ptr<const Form> get() {
    static const std::shared_ptr<const Form> kForm = [] {
      std::vector<FormProblem> problems;
      auto form = Form::compile(as_bytes(source()), problems);
      for (const auto& each : problems) ADD_FAILURE() << each.where << ": " << each.what;
      return form.ok() ? form.value() : nullptr;
    }();
    return kForm;
  }

  static std::string source() {
    std::string text = head();
    text.append("sections { id: \"all\" ").append(titles("All"));
    text += language_node() + start_nodes() + value_nodes() + last_nodes() + "}\n";
    const auto forms = testing_support::source_dir() / "proto/forms";
    for (const auto& part : {"any", "es", "en", "ht", "fr", "pt"}) {
      text += read_text(forms / "languages" / (std::string(part) + ".txtpb"));
    }
    return text + read_text(testing_support::source_dir() /
                            "tests/bot/dialogue/cases/phrasings/gazetteer.txtpb");
  }

 private:
  static const std::vector<std::string>& languages() {
    static const std::vector<std::string> kOfTheForm = {"es", "en", "ht", "fr", "pt"};
    return kOfTheForm;
  }
  static std::string head() {
    std::string text = R"(id: "values" version: "1.0.0")";
    for (const auto& language : languages()) text += " languages: \"" + language + "\"";
    return text + R"(
      landmarks { language: "lang" safety: "safe" consent: "consent" help: "m_help"
                  declined: "m_help" review: "review" receipt: "receipt" }
    )";
  }
  static std::string titles(const std::string& title) {
    std::string text;
    for (const auto& language : languages()) {
      text += "titles { language: \"" + language + "\" title: \"" + title + "\" } ";
    }
    return text;
  }
  static std::string choice(const std::string& field, const std::string& code,
                            const std::string& title, const std::string& more = {}) {
    return field + " { code: \"" + code + "\" " + titles(title) + more + " } ";
  }
  static std::string node(const std::string& id, const std::string& body,
                          const std::string& more = {}, const std::string& question = "Question") {
    std::string text = "nodes { id: \"" + id + "\" " + more + ' ';
    for (const auto& language : languages()) {
      text += "texts { language: \"" + language + "\" full: \"" + question + "\" } ";
    }
    return text + body + " }\n";
  }

  static std::string language_node() {
    std::string choices;
    for (const auto& code : languages()) choices += choice("choices", code, "Lingo " + code);
    return node("lang", "language { " + choices + "}",
                "required: true persist: true same_for_all: true");
  }
  static std::string start_nodes() {
    const std::string safe =
        choice("choices", "safe", "Safe", "affirms: true") +
        choice("choices", "later", "Later", "denies: true goto_node: \"m_bye\"");
    const std::string consent = "consent { purposes { opens: true " +
                                choice("choice", "research", "Research") + "} " +
                                choice("none", "none", "Nothing at all", "exclusive: true") + "}";
    return node("safe", "single_choice { " + safe + "}", "required: true") +
           node("consent", consent, "required: true");
  }
  static std::string value_nodes() {
    const std::string yes_no = choice("choices", "yes", "Si", "affirms: true") +
                               choice("choices", "no", "Non", "denies: true") +
                               choice("choices", "unknown", "Unknown");
    const std::string acts =
        choice("choices", "robbery", "Robo") + choice("choices", "beating", "Golpes") +
        choice("choices", "threats", "Amenazas") + choice("choices", "detention", "Encierro") +
        choice("choices", "ransom", "Rescate");
    const std::string countries = choice("choices", "MX", "Mexiko") +
                                  choice("choices", "US", "Usa") +
                                  choice("choices", "GT", "Guatemala");
    return node("day", "date { not_future: true }") + node("any_day", "date {}") +
           node("count", "number { min: 0 max: 1000 }") +
           node(
               "sum",
               R"(money { currencies: "USD" currencies: "MXN" currencies: "HTG" currencies: "BRL" currencies: "GTQ" currencies: "HNL" })") +
           node("country", "single_choice { " + countries + "}", "persist: true") +
           node("place", R"(place { page_of: "country" within: "country" })") +
           node("site", "place { interview_sites: true }") +
           node("area", R"(area { page_of: "country" })") + node("point", "point {}") +
           node("yes_no", "single_choice { " + yes_no + "}") +
           node("one", "single_choice { " + acts + "}") +
           node("several", "multiple_choice { " + acts + "}") + node("story", "narrative {}") +
           node("note", "text {}") +
           node("contact", "contact {}", "compartment: COMPARTMENT_IDENTITY sensitivity: 1");
  }
  static std::string last_nodes() {
    const std::string review = choice("send", "send", "Send") +
                               choice("change", "change", "Change") +
                               choice("erase", "erase", "Wipe");
    return node("review", "review { " + review + "}", "required: true") +
           node("receipt", "receipt {}", "", "{receipt}") +
           node("m_end", "message { after: AFTER_END }") +
           node("m_help", "message { after: AFTER_END }") +
           node("m_bye", "message { after: AFTER_END }");
  }
};

}  // namespace resguardo::dialogue
