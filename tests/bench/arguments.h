// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace resguardo::bench {

// A benchmark's command line: `--name value` and plain words. run.py is who calls these programs,
// so what is wrong is told as an exception's text.
class Arguments {
 public:
  Arguments(int count, char** values) {
    for (int i = 1; i < count; ++i) {
      const std::string word = values[i];
      if (!word.starts_with("--")) {
        words_.push_back(word);
      } else if (i + 1 < count) {
        named_[word.substr(2)] = values[++i];
      } else {
        throw std::runtime_error(word + " needs a value");
      }
    }
  }
  const std::vector<std::string>& words() const { return words_; }
  std::string text(const std::string& name, const std::string& otherwise) const {
    const auto found = named_.find(name);
    return found == named_.end() ? otherwise : found->second;
  }
  std::string text(const std::string& name) const {
    const auto found = named_.find(name);
    if (found == named_.end()) throw std::runtime_error("--" + name + " is missing");
    return found->second;
  }
  double number(const std::string& name, double otherwise) const {
    const auto found = named_.find(name);
    return found == named_.end() ? otherwise : std::stod(found->second);
  }
  std::uint16_t port(const std::string& name) const {
    return static_cast<std::uint16_t>(number(name, 0));
  }

 private:
  std::map<std::string, std::string> named_;
  std::vector<std::string> words_;
};

inline std::string read_whole(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file + " cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}
inline std::string read_line(const std::string& file) {
  const std::string text = read_whole(file);
  return text.substr(0, text.find('\n'));
}

}  // namespace resguardo::bench
