// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/gateway/case_file.h"

#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "crypto/base/bytes.h"

namespace resguardo::gateway::testing_support {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string repeated(const std::string& argument, bool numbered) {
  const std::size_t colon = argument.find(':');
  const auto count = std::stoul(argument.substr(0, colon));
  const std::string text = argument.substr(colon + 1);
  std::string result;
  for (std::size_t i = 0; i < count; ++i) {
    if (numbered && i > 0) result += ',';
    result += numbered ? replaced(text, "@n@", std::to_string(i)) : text;
  }
  return result;
}

std::string expand(const std::string& text) {
  std::string result;
  std::size_t at = 0;
  for (;;) {
    const std::size_t begin = text.find("@@", at);
    if (begin == std::string::npos) return result + text.substr(at);
    const std::size_t end = text.find("@@", begin + 2);
    if (end == std::string::npos) throw std::runtime_error("@@ without an end");
    const std::string macro = text.substr(begin + 2, end - begin - 2);
    const std::size_t colon = macro.find(':');
    const std::string kind = macro.substr(0, colon);
    const std::string argument = macro.substr(colon + 1);
    result += text.substr(at, begin - at);
    if (kind == "hex") {
      result += to_string(parse_hex(argument).value());
    } else if (kind == "times" || kind == "list") {
      result += repeated(argument, kind == "list");
    } else {
      throw std::runtime_error("unknown macro " + kind);
    }
    at = end + 2;
  }
}

Auth auth_of(const std::string& word) {
  static const std::map<std::string, Auth> kWords = {{"good", Auth::kGood},
                                                     {"second", Auth::kSecond},
                                                     {"wrong", Auth::kWrong},
                                                     {"none", Auth::kNone}};
  return kWords.at(word);
}

void set(Case& into, const std::string& key, const std::string& value) {
  if (key == "auth") {
    into.auth = auth_of(value);
  } else if (key == "now") {
    into.now = TimePoint(std::chrono::seconds(std::stoll(value)));
  } else if (key == "expect") {
    if (value != "accepted" && value != "unauthentic") throw std::runtime_error("expect: " + value);
    into.accepted = value == "accepted";
  } else if (key == "counts") {
    into.counts = value;
  } else if (key == "events") {
    into.event_count = std::stoul(value);
  } else if (key == "event") {
    into.events.push_back(value);
  } else {
    throw std::runtime_error("unknown key " + key);
  }
}

std::string chomped(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

Case read_case(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  Case result;
  result.name = file.stem().string();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty() || line.starts_with('#')) continue;
    if (line == "body:") {
      result.body = expand(chomped(text.substr(at)));
      return result;
    }
    if (line == "inner:") {
      const std::string frame = chomped(read_file(file.parent_path() / "template.json"));
      result.body = replaced(frame, "@@inner@@", expand(chomped(text.substr(at))));
      return result;
    }
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error(result.name + ": " + line);
    set(result, line.substr(0, colon), line.substr(colon + 2));
  }
  throw std::runtime_error(result.name + " has no body");
}

}  // namespace resguardo::gateway::testing_support
