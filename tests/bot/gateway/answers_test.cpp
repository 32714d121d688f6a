// SPDX-License-Identifier: AGPL-3.0-or-later
// What answers to a message of ours mean, played from cases/answers/<whatsapp|signal|
// signal_daemon>/: pairs of
//   answer: STATUS BODY                            status 0: none came
//   outcome: VERDICT [wait=MS] [mendable] [id=ID]: REASON     what follows from it
//   command: COMMAND                               what the operator has to run (default: nothing)
// and, of an answer to the question how its program is set up, `said:` instead of `answer:` and
//   finding: nothing | stops: WHAT | warns: WHAT   what `check` tells the operator
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/bot/gateway/harness.h"
#include "tests/support/paths.h"

namespace resguardo::gateway::testing_support {
namespace {

struct AnswerCase {
  std::string folder;
  std::filesystem::path file;
  friend void PrintTo(const AnswerCase& one, std::ostream* out) { *out << one.file.filename(); }
};

std::vector<AnswerCase> answer_cases() {
  std::vector<AnswerCase> found;
  const auto root = resguardo::testing_support::source_dir() / "tests/bot/gateway/cases/answers";
  for (const char* folder : {"whatsapp", "signal", "signal_daemon"})
    for (const auto& entry : std::filesystem::directory_iterator(root / folder))
      if (entry.path().extension() == ".case") found.push_back({folder, entry.path()});
  std::sort(found.begin(), found.end(),
            [](const AnswerCase& a, const AnswerCase& b) { return a.file < b.file; });
  return found;
}

struct Answered {
  unsigned status = 0;
  std::string body;
  std::string outcome;
  std::string command;
  bool of_probe = false;
};

void put(std::vector<Answered>& into, const std::string& key, const std::string& value) {
  if (key == "answer" || key == "said") {
    const auto space = value.find(' ');
    into.push_back({static_cast<unsigned>(std::stoul(value.substr(0, space))),
                    space == std::string::npos ? "" : value.substr(space + 1), "", "",
                    key == "said"});
  } else if (key == "outcome" || key == "finding") {
    into.at(into.size() - 1).outcome = value;
  } else if (key == "command") {
    into.at(into.size() - 1).command = value;
  } else {
    throw std::runtime_error("unknown key " + key);
  }
}

// Throws on a file that is not of this form.
std::vector<Answered> answers_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<Answered> answers;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error(file.string() + ": " + line);
    put(answers, line.substr(0, colon), line.substr(colon + 2));
  }
  if (answers.empty()) throw std::runtime_error(file.string() + " has no answer");
  return answers;
}

std::string outcome_line(const SendOutcome& outcome) {
  constexpr std::array kNames = {"sent", "retry", "slow down", "drop", "stop"};
  std::string line = kNames.at(static_cast<std::size_t>(outcome.verdict));
  if (outcome.wait.count() > 0) line.append(" wait=").append(std::to_string(outcome.wait.count()));
  if (outcome.mendable) line.append(" mendable");
  if (!outcome.message_id.empty()) line.append(" id=").append(outcome.message_id.reveal());
  return line.append(": ").append(outcome.reason.view());
}

std::string finding_line(const std::optional<ProbeFinding>& finding) {
  if (!finding) return "nothing";
  EXPECT_FALSE(finding->mend.view().empty());
  return std::string(finding->stops ? "stops: " : "warns: ").append(finding->what.view());
}

class AnswerCaseTest : public ::testing::TestWithParam<AnswerCase> {};

TEST_P(AnswerCaseTest, MeansWhatTheFileSays) {
  const std::string& folder = GetParam().folder;
  const auto gateway = folder == "signal_daemon" ? make_signal_daemon() : make_gateway(folder);
  for (const Answered& one : answers_in(GetParam().file)) {
    if (one.of_probe) {
      EXPECT_EQ(finding_line(gateway->judge_probe({one.status, SecretBuffer(as_bytes(one.body))})),
                one.outcome)
          << one.status << ' ' << one.body;
      continue;
    }
    const SendOutcome outcome = judge(*gateway, one.status, one.body);
    EXPECT_EQ(outcome_line(outcome), one.outcome) << one.status << ' ' << one.body;
    EXPECT_EQ(outcome.command, one.command) << one.status << ' ' << one.body;
  }
}

std::string answer_case_name(const ::testing::TestParamInfo<AnswerCase>& one) {
  return one.param.folder + "_" + one.param.file.stem().string();
}

INSTANTIATE_TEST_SUITE_P(Cases, AnswerCaseTest, ::testing::ValuesIn(answer_cases()),
                         answer_case_name);

}  // namespace
}  // namespace resguardo::gateway::testing_support
