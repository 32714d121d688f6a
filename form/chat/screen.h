// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "bot/gateway/gateway.h"
#include "program/problem.h"

namespace resguardo::form {

// A message as a telephone shows it.
struct Shown {
  struct Row {
    std::string title, description;
  };
  std::string text;
  std::vector<std::string> buttons;
  std::string list_button;  // opens the rows
  std::vector<Row> rows;
};
// For a terminal: the text, then buttons or the rows of the list.
std::string as_lines(const Shown& shown);

// What a person's telephone shows of a prompt: rendered by the same gateway that the server has, so
// that a limit it would refuse is refused here.
class Screen {
 public:
  static program::Outcome<Screen> create(dialogue::ChannelKind channel);

  program::Outcome<Shown> show(const dialogue::Prompt& prompt) const;

 private:
  Screen(dialogue::ChannelKind channel, std::unique_ptr<gateway::Gateway> gateway)
      : channel_(channel), gateway_(std::move(gateway)) {}
  dialogue::ChannelKind channel_;
  std::unique_ptr<gateway::Gateway> gateway_;
};

}  // namespace resguardo::form
