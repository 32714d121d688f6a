// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/commands/picture.h"

#include <algorithm>

#include "form/chat/picture.h"
#include "form/load.h"
#include "program/output_file.h"

namespace resguardo::form {

using program::Outcome;

Outcome<Done> picture(const PictureOptions& options, Call& call) {
  if (options.out.extension() != ".svg") {
    return program::usage_problem("--out", "not .svg: " + options.out.string(),
                                  "give the file this ending");
  }
  RESGUARDO_TRY(const auto form, load_form(options.form, call.console));
  RESGUARDO_TRY(const auto transcript, read_transcript(options.transcript));
  TranscriptPlayer player(form);
  const auto wrong = player.play(transcript);
  if (!wrong.empty()) {
    return program::Problem{options.transcript.string(), wrong.front(),
                            "`resguardo-form replay` tells all that differs",
                            program::ExitCode::kFailed};
  }
  RESGUARDO_TRY(auto bubbles, bubbles_of(form, transcript));
  const std::size_t last = options.to == 0 ? bubbles.size() : options.to;
  std::erase_if(bubbles,
                [&](const Bubble& each) { return each.turn < options.from || each.turn > last; });
  if (bubbles.empty()) {
    return program::usage_problem("--from", "nothing is said there",
                                  "what the person does is counted from 1");
  }
  RESGUARDO_CHECK(
      program::write_new_file(options.out, as_bytes(picture_of(bubbles, player.channel()))));
  call.console.print(options.out.string() + ": " + std::to_string(bubbles.size()) + " messages\n");
  return Done{};
}

}  // namespace resguardo::form
