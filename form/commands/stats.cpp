// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/commands/stats.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <map>
#include <optional>

#include "bot/dialogue/question_type.h"
#include "form/lint/reading_level.h"
#include "form/load.h"
#include "form/walk/longest.h"
#include "form/walk_nodes.h"
#include "program/terminal.h"

namespace resguardo::form {
namespace {

using program::Outcome;
namespace json = boost::json;

struct LanguageCount {
  std::string language;
  std::size_t texts = 0;  // full, brief, why, explain, retry, titles and descriptions
  Reading reading;        // of the full texts
};

void count_text(const pb::Text& text, LanguageCount& count) {
  for (const auto* each :
       {&text.full(), &text.brief(), &text.why(), &text.explain(), &text.retry()}) {
    if (!each->empty()) ++count.texts;
  }
  count.reading += read_text(text.full(), text.language());
}

LanguageCount count_language(const pb::Questionnaire& form, const std::string& language) {
  LanguageCount count{language, 0, {}};
  for (const auto& [section, node] : all_nodes(form)) {
    for (const auto& text : node->texts()) {
      if (text.language() == language) count_text(text, count);
    }
    for (const auto* choice : choices_of(form, *node)) {
      for (const auto& title : choice->titles()) {
        if (title.language() == language) count.texts += title.description().empty() ? 1U : 2U;
      }
    }
  }
  return count;
}

std::map<std::string, std::size_t> count_types(const dialogue::Form::Content& content) {
  std::map<std::string, std::size_t> types;
  for (const auto& node : content.nodes) ++types[std::string(node.type->name)];
  return types;
}

const char* name_of(dialogue::ChannelKind channel) {
  switch (channel) {
    case dialogue::ChannelKind::kWhatsApp:
      return "whatsapp";
    case dialogue::ChannelKind::kSignal:
      return "signal";
    case dialogue::ChannelKind::kPlain:
      break;
  }
  return "plain";
}

std::uint32_t limit_of(const pb::Questionnaire& form, pb::Mode mode) {
  for (const auto& limit : form.path_limits()) {
    if (limit.mode() == mode) return limit.replies();
  }
  return 0;
}

json::object stats_json(const LongestPath& path) {
  json::array lines;
  for (const auto& line : path.lines) lines.push_back(json::string(line));
  return {{"mode", mode_name(path.mode)},
          {"replies", path.replies},
          {"channel", name_of(path.channel)},
          {"transcript", std::move(lines)}};
}
json::array stats_json(const pb::Questionnaire& form, const std::vector<LongestPath>& paths) {
  json::array all;
  for (const LongestPath& path : paths) {
    json::object each = stats_json(path);
    if (const auto limit = limit_of(form, path.mode); limit > 0) each["limit"] = limit;
    all.push_back(std::move(each));
  }
  return all;
}

std::string ease_of(const LanguageCount& count) {
  const auto ease = reading_ease(count.reading, count.language);
  if (!ease) return "not measured";
  return std::to_string(std::lround(*ease)) + (count.language == "es" ? " (INFLESZ)" : " (Flesch)");
}

std::string languages_table(const std::vector<LanguageCount>& languages) {
  program::Table table({"language", "texts", "words", "words a sentence", "reading ease"});
  for (const LanguageCount& each : languages) {
    const auto sentences = std::max<std::size_t>(each.reading.sentences, 1);
    table.add({each.language, std::to_string(each.texts), std::to_string(each.reading.words),
               std::to_string(each.reading.words / sentences), ease_of(each)});
  }
  return table.text();
}

std::string paths_table(const pb::Questionnaire& form, const std::vector<LongestPath>& paths,
                        const std::vector<LongestPath>& everything,
                        const std::optional<LongestPath>& card) {
  program::Table table({"depth", "replies", "limit", "channel", "with everything"});
  for (const LongestPath& path : paths) {
    const auto limit = limit_of(form, path.mode);
    std::string all = "-";
    for (const LongestPath& each : everything) {
      if (each.mode == path.mode) all = std::to_string(each.replies);
    }
    table.add({mode_name(path.mode), std::to_string(path.replies),
               limit == 0 ? "-" : std::to_string(limit), name_of(path.channel), all});
  }
  if (card) {
    table.add({"by card", std::to_string(card->replies), "-", name_of(card->channel), "-"});
  }
  return table.text();
}

std::string transcript_of(const LongestPath& path, const std::string& name) {
  std::string text = "\n# the longest way: " + name + ", " + std::to_string(path.replies) +
                     " replies\nchannel " + name_of(path.channel) + "\n";
  for (const auto& line : path.lines) text.append(line).append("\n");
  return text;
}

}  // namespace

Outcome<Done> stats(const StatsOptions& options, Call& call) {
  RESGUARDO_TRY(const auto form, load_form(options.form, call.console));
  const auto& content = form->content();
  std::vector<LanguageCount> languages;
  for (const auto& language : content.languages) {
    languages.push_back(count_language(content.form, language));
  }
  const auto types = count_types(content);
  const auto paths = longest_paths(form, Told::kOneEvent);
  const auto card = longest_card_path(form);
  std::vector<LongestPath> everything;
  if (options.everything) everything = longest_paths(form, Told::kEverything);
  if (call.console.json()) {
    json::object counted;
    for (const auto& [type, count] : types) counted[type] = count;
    json::array spoken;
    for (const auto& each : languages) {
      json::object one{{"language", each.language},
                       {"texts", each.texts},
                       {"words", each.reading.words},
                       {"sentences", each.reading.sentences}};
      const auto ease = reading_ease(each.reading, each.language);
      one["reading_ease"] = ease ? json::value(std::round(*ease * 10) / 10) : json::value();
      spoken.push_back(std::move(one));
    }
    call.console.print(
        json::object{{"form", content.form.id()},
                     {"version", content.form.version()},
                     {"nodes", content.nodes.size()},
                     {"types", std::move(counted)},
                     {"languages", std::move(spoken)},
                     {"paths", stats_json(content.form, paths)},
                     {"card", card ? json::value(stats_json(*card)) : json::value()},
                     {"paths_with_everything", stats_json(content.form, everything)}});
    return Done{};
  }
  program::Table table({"type", "nodes"});
  for (const auto& [type, count] : types) table.add({type, std::to_string(count)});
  call.console.print(content.form.id() + " " + content.form.version() + ", " +
                     std::to_string(content.nodes.size()) + " nodes\n\n" + table.text() + "\n" +
                     languages_table(languages) + "\n" +
                     "Replies from hello to the receipt on the longest way, one kind of event:\n" +
                     paths_table(content.form, paths, everything, card));
  if (!options.witness) return Done{};
  for (const LongestPath& path : paths)
    call.console.print(transcript_of(path, mode_name(path.mode)));
  if (card) call.console.print(transcript_of(*card, "by card"));
  return Done{};
}

}  // namespace resguardo::form
