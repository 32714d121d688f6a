// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/cli.h"

#include <functional>
#include <iostream>
#include <memory>
#include <utility>

#include "form/commands/card.h"
#include "form/commands/chat.h"
#include "form/commands/graph.h"
#include "form/commands/join.h"
#include "form/commands/lint.h"
#include "form/commands/picture.h"
#include "form/commands/replay.h"
#include "form/commands/stats.h"
#include "program/command_line.h"

namespace resguardo::form {
namespace {

using program::ExitCode;

constexpr const char* kProgram = "resguardo-form";

// What a command line said: which command, and whether its data is wanted as JSON.
struct CommandLine {
  bool json = false;
  std::function<program::Outcome<Done>(Call&)> action;
};

// A command with options that live as long as the command line.
template <class Options>
std::pair<CLI::App&, Options&> command(CLI::App& app, const char* name, const char* what,
                                       CommandLine& line,
                                       program::Outcome<Done> (*run)(const Options&, Call&)) {
  auto options = std::make_shared<Options>();
  CLI::App* made = app.add_subcommand(name, what);
  made->callback([&line, options, run] {
    line.action = [options, run](Call& call) { return run(*options, call); };
  });
  return {*made, *options};
}

void add_json(CLI::App& app, CommandLine& line) {
  app.add_flag("--json", line.json, "Print data as JSON");
}

void add_join(CLI::App& app, CommandLine& line) {
  auto [join_command, told] =
      command(app, "join", "Put the parts of a form together into one file", line, join);
  join_command.add_option("DIR", told.form, "A directory with parts.txt")->required();
  join_command.add_option("--out", told.out, "The file; never overwritten")
      ->type_name("FILE")
      ->required();
  add_json(join_command, line);
}

void add_lint(CLI::App& app, CommandLine& line) {
  auto [lint, told] = command(app, "lint", "Say what is wrong with a form, by the name of its rule",
                              line, lint_form);
  lint.add_option("FORM", told.form, "A .txtpb file, or a directory with parts.txt")->required();
  lint.add_option("--before", told.before,
                  "The version before this one: a code must not take another meaning")
      ->type_name("FORM");
  add_json(lint, line);
  auto [rules, none] =
      command(app, "rules", "All rules of lint, and what happens without them", line, list_rules);
  add_json(rules, line);
}

void add_stats(CLI::App& app, CommandLine& line) {
  auto [counts, told] =
      command(app, "stats", "Count a form: types, languages, reading ease, and the longest ways",
              line, stats);
  counts.add_option("FORM", told.form, "A .txtpb file, or a directory with parts.txt")->required();
  counts.add_flag("--way", told.witness, "Print the longest way of each depth, as a transcript");
  counts.add_flag("--everything", told.everything,
                  "Also with every kind of event and every repeat to its end");
  add_json(counts, line);
}

void add_chat(CLI::App& app, CommandLine& line) {
  auto [chat_command, told] =
      command(app, "chat", "Play a form in the terminal, as the person", line, chat);
  chat_command.add_option("FORM", told.form, "A .txtpb file, or a directory with parts.txt")
      ->required();
  chat_command.add_option("--language", told.language, "Chosen at the first question")
      ->type_name("CODE");
  chat_command.add_option("--channel", told.channel, "What it looks like: whatsapp, signal, plain")
      ->check(CLI::IsMember({"whatsapp", "signal", "plain"}));
  chat_command.add_option("--mode", told.mode, "Depth, chosen where the form offers it")
      ->type_name("MODE");
  chat_command.add_flag("--show-sealed", told.show_sealed,
                        "Also show what would be sealed after each message");
}

void add_card(CLI::App& app, CommandLine& line) {
  auto [printing, told] =
      command(app, "card", "Print the questions: by card, the chat holds only numbers", line, card);
  printing.add_option("--form", told.form, "A .txtpb file, or a directory with parts.txt")
      ->required();
  printing.add_option("--link", told.settings.link, "The bot on Signal, as Signal shares it")
      ->type_name("URL")
      ->required();
  printing.add_option("--out", told.out, "An HTML file; never overwritten")
      ->type_name("FILE")
      ->required();
  printing.add_option("--language", told.language, "Only this one; else a sheet for each")
      ->type_name("CODE");
  printing.add_option("--organisation", told.settings.organisation,
                      "Who asks, as in the server's configuration: consent says it");
  printing.add_option("--retention", told.settings.retention, "The same, if the form says it");
  printing
      .add_option("--place", told.settings.place,
                  "Where it is handed out, as MX or mx-tijuana: the help that it names is near")
      ->type_name("CODE");
  printing
      .add_option("--start-word", told.settings.start_word,
                  "Where the server has start_words: one of them")
      ->type_name("WORD");
  printing
      .add_option("--resume-word", told.settings.resume_word,
                  "Where the server has resume_words: one of them")
      ->type_name("WORD");
  add_json(printing, line);
}

void add_replay(CLI::App& app, CommandLine& line) {
  auto [replay_command, told] =
      command(app, "replay", "Play transcripts and say what differs", line, replay);
  replay_command.add_option("TRANSCRIPT", told.transcripts, "Files as in tests/scenario")
      ->required();
  replay_command.add_option("--form", told.form, "A .txtpb file, or a directory with parts.txt")
      ->required();
  replay_command.add_flag("--update", told.update, "Write what is into the transcripts");
  add_json(replay_command, line);
}

void add_picture(CLI::App& app, CommandLine& line) {
  auto [drawing, told] = command(
      app, "picture", "Draw the chat of a transcript as a telephone shows it", line, picture);
  drawing.add_option("TRANSCRIPT", told.transcript, "A file as in tests/scenario")->required();
  drawing.add_option("--form", told.form, "A .txtpb file, or a directory with parts.txt")
      ->required();
  drawing.add_option("--out", told.out, "A .svg file; never overwritten")
      ->type_name("FILE")
      ->required();
  drawing.add_option("--from", told.from, "From the Nth thing that the person does")
      ->type_name("N");
  drawing.add_option("--to", told.to, "To the Nth thing that the person does")->type_name("N");
}

void add_graph(CLI::App& app, CommandLine& line) {
  auto [drawing, told] = command(app, "graph", "Draw the flow of a form", line, graph);
  drawing.add_option("FORM", told.form, "A .txtpb file, or a directory with parts.txt")->required();
  drawing.add_option("--out", told.out, "A .svg (needs graphviz) or .dot file; never overwritten")
      ->type_name("FILE")
      ->required();
  drawing
      .add_option("--coverage", told.coverage,
                  "Count which nodes so many random conversations reach")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  add_json(drawing, line);
}

}  // namespace

ExitCode run_command_line(int argc, char** argv) {
  CommandLine line;
  CLI::App app("For people who write and translate questionnaires.", kProgram);
  app.require_subcommand(1);
  add_join(app, line);
  add_lint(app, line);
  add_stats(app, line);
  add_chat(app, line);
  add_card(app, line);
  add_replay(app, line);
  add_picture(app, line);
  add_graph(app, line);
  program::finish_commands(app, std::string(kProgram) + " " + RESGUARDO_VERSION);
  if (const auto done = program::parse_command_line(app, argc, argv)) return *done;
  program::Console console(kProgram, std::cout, std::cerr, line.json);
  Call call{console, std::cin, std::cout, SystemClock().now()};
  return program::conclude(console, line.action(call));
}

}  // namespace resguardo::form
