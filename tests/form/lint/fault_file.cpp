// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/form/lint/fault_file.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "proto/questionnaire.pb.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Phrases, commands and what people say, as the real form has them.
std::string engine_words() {
  pb::Questionnaire form;
  const auto file = source_dir() / "proto/forms/border_abuse_short.txtpb";
  if (!google::protobuf::TextFormat::ParseFromString(read_text(file), &form)) {
    throw std::runtime_error("the short form does not parse");
  }
  pb::Questionnaire words;
  *words.mutable_phrases() = form.phrases();
  *words.mutable_commands() = form.commands();
  *words.mutable_understanding() = form.understanding();
  std::string text;
  google::protobuf::TextFormat::PrintToString(words, &text);
  return text;
}

std::string repeated(std::string text) {
  for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{")) {
    const auto star = text.find('*', open);
    const auto close = text.find("}}", open);
    const auto times = std::stoul(text.substr(open + 2, star - open - 2));
    const std::string unit = text.substr(star + 1, close - star - 1);
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += unit;
    text.replace(open, close + 2 - open, all);
  }
  return text;
}

std::string without_last_break(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

void replace_once(std::string& form, const std::string& find, const std::string& put) {
  if (find.empty()) {
    form += put;
    return;
  }
  const auto at = form.find(find);
  if (at == std::string::npos) throw std::runtime_error("not in the good form: " + find);
  if (form.find(find, at + 1) != std::string::npos) throw std::runtime_error("twice: " + find);
  form.replace(at, find.size(), put);
}

}  // namespace

std::string good_form() {
  static const std::string kForm =
      read_text(source_dir() / "tests/form/good/form.txtpb") + engine_words();
  return kForm;
}

std::string broken_by(const std::filesystem::path& fault) {
  const std::string text = read_text(fault);
  std::string form = good_form();
  std::size_t at = 0;
  while ((at = text.find("<<<<\n", at)) != std::string::npos) {
    const auto middle = text.find("====\n", at);
    const auto end = text.find(">>>>\n", at);
    if (middle == std::string::npos || end == std::string::npos) {
      throw std::runtime_error("not a fault file: " + fault.string());
    }
    replace_once(form, without_last_break(text.substr(at + 5, middle - at - 5)),
                 repeated(without_last_break(text.substr(middle + 5, end - middle - 5))));
    at = end;
  }
  return form;
}

std::vector<std::filesystem::path> fault_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& each : std::filesystem::directory_iterator(source_dir() / "tests/form/faults")) {
    if (each.path().extension() == ".patch") files.push_back(each.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace resguardo::testing_support
