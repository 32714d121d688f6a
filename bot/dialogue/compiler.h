// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bot/dialogue/compiled.h"

namespace resguardo::dialogue {

// Limits of the messengers, in UTF-16 units; bot/gateway holds the same ones when it renders.
inline constexpr std::size_t kButtonTitle = 20, kRowTitle = 24, kRowDescription = 72,
                             kMaxButtons = 3, kMaxRows = 10, kBodyWithRows = 1024,
                             kBodyAlone = 4096;

// Everything that is wrong, not only the first thing.
class Problems {
 public:
  explicit Problems(std::vector<FormProblem>& list) : list_(list) {}
  void add(Rule rule, std::string where, std::string what) {
    list_.push_back({std::move(where), std::move(what), rule});
  }
  bool any() const { return !list_.empty(); }

 private:
  std::vector<FormProblem>& list_;
};

// Compiling in order. Each tolerates what the one before complained about.
std::optional<pb::Questionnaire> parse_form(ByteView source, Problems& problems);
void build_nodes(Form::Content& content, Problems& problems);        // builder.cpp
void build_row_names(Form::Content& content);                        // builder_words.cpp
void build_repeats(Form::Content& content, Problems& problems);      // builder_repeats.cpp
void build_expressions(Form::Content& content, Problems& problems);  // names.cpp
void build_words(Form::Content& content, Problems& problems);        // builder_words.cpp
void check_texts(const Form::Content& content, Problems& problems);
void check_choices(const Form::Content& content, Problems& problems);
void check_flow(const Form::Content& content, Problems& problems);
void check_landmarks(const Form::Content& content, Problems& problems);
void check_return(const Form::Content& content, Problems& problems);

// "{org}" in a text, each once, sorted.
std::vector<std::string> placeholders(std::string_view text);
std::string where(const CompiledNode& node, std::string_view language = {});

}  // namespace resguardo::dialogue
