// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/analyst/cli_fixture.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "analyst/import/roster_shelf.h"
#include "crypto/base/clock.h"
#include "program/output_file.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

std::string program_path() {
  return (bin_dir() / "resguardo-analyst").string();
}

void must_run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program_path());
  const auto result = run_program({arguments, "", {{9, std::string(kPassphrase) + "\n"}}});
  if (result.code != 0) throw std::runtime_error(arguments.at(1) + ": " + result.err);
}

std::unique_ptr<Organisation> found() {
  auto made = std::make_unique<Organisation>();
  made->now = SystemClock().now();
  const std::vector<std::string> cheap = {"--memory", "64MiB",           "--passes",
                                          "1",        "--passphrase-fd", "9"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), cheap.begin(), cheap.end());
    must_run(arguments);
  };
  with({"root", "create", "--out", made->root()});
  for (const std::string name : {"ana", "luis", "eva"}) {
    with({"key", "create", "--out", made->keys(name), "--label", name, "--weeks", "3"});
    must_run({"key", "public", "--key", made->keys(name), "--out", made->keys(name + ".txt")});
  }
  const std::string draft = made->keys("draft");
  must_run({"roster", "create", "--out", draft, "--add", made->keys("ana.txt"), "--add",
            made->keys("luis.txt"), "--organisation", "Casa"});
  must_run({"roster", "sign", draft, "--root-key", made->root(), "--out", made->roster(),
            "--passphrase-fd", "9"});
  return made;
}

}  // namespace

VerifiedRoster Organisation::verified() const {
  const auto hex = program::read_file(root_public(), 100);
  const auto key = parse_hex(as_text(*hex).substr(0, 64));
  const auto file = program::read_file(roster(), 1 << 20);
  return analyst::verify_alone(file.value(), PublicKey<RootRole>::from_bytes(*key).value(), now)
      .value();
}

const Organisation& CliTest::organisation() {
  static const std::unique_ptr<Organisation> made = found();
  return *made;
}

ProgramResult CliTest::run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program_path());
  return run_program({arguments, "", {}});
}

ProgramResult CliTest::run_unlocked(std::vector<std::string> arguments,
                                    const std::string& passphrase) {
  arguments.insert(arguments.begin(), program_path());
  arguments.insert(arguments.end(), {"--passphrase-fd", "9"});
  return run_program({arguments, "", {{9, passphrase + "\n"}}});
}

std::filesystem::path CliTest::put(const std::string& name, const std::string& content) const {
  std::ofstream(path(name), std::ios::binary) << content;
  return path(name);
}

std::string CliTest::content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::size_t CliTest::files_here() const {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::recursive_directory_iterator(here_.path()),
                    std::filesystem::recursive_directory_iterator()));
}

BundleMaker CliTest::maker(std::uint64_t seed) {
  return BundleMaker(organisation().verified(), kSmallForm, organisation().now, seed);
}

VerifiedRoster CliTest::roster_with_log(const LogServer& server) const {
  const auto member = [](const char* name) { return organisation().keys(name).string(); };
  if (!std::filesystem::exists(path("log.roster"))) {
    EXPECT_EQ(run({"roster", "create", "--out", path("log.draft"), "--add", member("ana.txt"),
                   "--add", member("luis.txt"), "--organisation", "Casa", "--log-key",
                   to_hex(server.key.public_key().view()), "--log-origin", server.origin})
                  .code,
              0);
    EXPECT_EQ(run_unlocked({"roster", "sign", path("log.draft"), "--root-key",
                            organisation().root(), "--out", path("log.roster")})
                  .code,
              0);
  }
  const auto root = parse_hex(content(organisation().root_public()).substr(0, 64)).value();
  return analyst::verify_alone(as_bytes(content(path("log.roster"))),
                               PublicKey<RootRole>::from_bytes(root).value(), organisation().now)
      .value();
}

ProgramResult CliTest::import(const std::filesystem::path& bundle, const std::string& who,
                              const std::string& vault, std::vector<std::string> more) const {
  std::vector<std::string> arguments = {"import",   bundle,
                                        "--vault",  path(vault),
                                        "--key",    organisation().keys(who),
                                        "--root",   organisation().root_public(),
                                        "--memory", "64MiB",
                                        "--passes", "1"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_unlocked(arguments);
}

ScriptReport small_report() {
  ScriptTurn name = say("story", "Nos bajaron del autobús.");
  name.identity.push_back(answer_entry("name", "Carmen"));
  return {{{{say("what", "", {"extortion"}), name, {}}, true}}, true, true};
}

const char* const kSmallForm = R"(
id: "small" version: "1.0.0" languages: "es" languages: "en"
sections {
  id: "all"
  nodes { id: "what" texts { language: "es" full: "¿Qué pasó?" }
          texts { language: "en" full: "What happened?" }
          single_choice { choices { code: "extortion" titles { language: "es" title: "Extorsión" }
                                    titles { language: "en" title: "Extortion" } } } }
  nodes { id: "story" texts { language: "es" full: "Cuente." } narrative {} }
  nodes { id: "name" texts { language: "es" full: "¿Su nombre?" } text {} }
})";

}  // namespace resguardo::testing_support
