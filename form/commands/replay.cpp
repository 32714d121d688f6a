// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/commands/replay.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <sstream>

#include "form/load.h"
#include "form/transcript/transcript.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::form {
namespace {

using program::Outcome;
namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::size_t kLargest = 1U << 20U;

// Texts are looked for, not compared, and a person taps what they mean: what to look for or to tap
// instead only an author can say.
bool can_update(const Mismatch& each) {
  return !each.expected.starts_with("~") && !each.expected.starts_with("!~") &&
         !each.expected.starts_with("tap ");
}

Outcome<Done> update_file(const fs::path& file, const std::map<std::size_t, std::string>& lines) {
  RESGUARDO_TRY(const Bytes bytes, program::read_file(file, kLargest));
  std::istringstream stream(to_string(bytes));
  std::string text;
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    const auto changed = lines.find(++number);
    text.append(changed == lines.end() ? line : changed->second).append("\n");
  }
  fs::path fresh = file;
  fresh += ".new";
  RESGUARDO_CHECK(program::write_new_file(fresh, as_bytes(text)));
  std::error_code error;
  fs::rename(fresh, file, error);
  if (error) return program::Problem{file.string(), "could not be replaced", "", {}};
  return Done{};
}

Outcome<Done> update_all(const std::vector<Mismatch>& mismatches) {
  std::map<fs::path, std::map<std::size_t, std::string>> files;
  for (const Mismatch& each : mismatches) {
    if (can_update(each)) files[each.file][each.line] = each.actual;
  }
  for (const auto& [file, lines] : files) RESGUARDO_CHECK(update_file(file, lines));
  return Done{};
}

json::array replayed_json(const std::vector<Mismatch>& mismatches) {
  json::array all;
  for (const Mismatch& each : mismatches) {
    all.push_back(json::object{{"file", program::json_text(each.file.string())},
                               {"line", each.line},
                               {"expected", program::json_text(each.expected)},
                               {"actual", program::json_text(each.actual)}});
  }
  return all;
}

std::string difference(const Mismatch& each, const char* remark) {
  return program::visible(each.file.string()) + ":" + std::to_string(each.line) + remark + "\n- " +
         program::visible(each.expected) + "\n+ " + program::visible(each.actual) + "\n";
}

// Of one transcript, in its order: only the first is sure to be a cause.
std::string differences(const std::vector<Mismatch>& all) {
  std::string text;
  for (const Mismatch& each : all) {
    const bool first = &each == &all.front() && all.size() > 1;
    text += difference(each, first ? ": here it begins; what comes later may follow from it" : "");
  }
  return text;
}

std::string counted_transcripts(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " transcript" : " transcripts");
}

}  // namespace

Outcome<Done> replay(const ReplayOptions& options, Call& call) {
  RESGUARDO_TRY(const auto form, load_form(options.form, call.console));
  std::vector<Mismatch> all;
  std::size_t failed = 0;
  for (const auto& file : options.transcripts) {
    RESGUARDO_TRY(const auto transcript, read_transcript(file));
    TranscriptPlayer player(form);
    (void)player.play(transcript);
    if (!player.mismatches().empty()) ++failed;
    if (!call.console.json()) call.console.print(differences(player.mismatches()));
    all.insert(all.end(), player.mismatches().begin(), player.mismatches().end());
  }
  const std::string sum = counted_transcripts(options.transcripts.size()) + ", " +
                          std::to_string(failed) + (failed == 1 ? " differs" : " differ");
  if (call.console.json()) {
    call.console.print(json::object{{"transcripts", options.transcripts.size()},
                                    {"differ", failed},
                                    {"differences", replayed_json(all)}});
  } else {
    call.console.print(sum + "\n");
  }
  if (options.update) RESGUARDO_CHECK(update_all(all));
  if (all.empty()) return Done{};
  if (options.update) {
    return program::Problem{"", "the transcripts were changed; texts (~) and taps were left",
                            "read the changes before you keep them", program::ExitCode::kFailed};
  }
  return program::Problem{options.form.string(), "does not talk as the transcripts say",
                          "mend the form, or --update the transcripts", program::ExitCode::kFailed};
}

}  // namespace resguardo::form
