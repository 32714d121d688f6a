// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/parts.h"

#include <algorithm>
#include <optional>

#include "form/syntax.h"
#include "program/output_file.h"

namespace resguardo::form {
namespace {

using program::Outcome;
using program::Problem;
namespace fs = std::filesystem;

constexpr const char* kPartsFile = "parts.txt";
constexpr std::size_t kLargestPart = 16U << 20U;
constexpr std::size_t kMostParts = 1000;

struct NamedLine {
  std::size_t line;
  std::string name;
};

std::string trimmed(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(line.substr(first, line.find_last_not_of(" \t\r") + 1 - first));
}

std::vector<NamedLine> named_in(std::string_view list) {
  std::vector<NamedLine> names;
  for (std::size_t line = 1; !list.empty(); ++line) {
    const auto end = std::min(list.find('\n'), list.size());
    if (std::string name = trimmed(list.substr(0, end)); !name.empty()) {
      names.push_back({line, std::move(name)});
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

Problem in_list(const fs::path& list, const NamedLine& entry, std::string what, std::string mend) {
  std::string where = list.string();
  where.append(":").append(std::to_string(entry.line));
  return program::usage_problem(std::move(where), std::move(what), std::move(mend));
}

Outcome<std::vector<NamedLine>> read_list(const fs::path& list) {
  RESGUARDO_TRY(const Bytes bytes, program::read_file(list, kLargestPart));
  auto names = named_in(to_string(bytes));
  if (names.empty()) {
    return program::usage_problem(list.string(), "names no part",
                                  "write one file a line, in the order in which they are joined");
  }
  if (names.size() > kMostParts) {
    return program::usage_problem(list.string(), "names more than 1,000 parts");
  }
  for (auto each = names.begin(); each != names.end(); ++each) {
    if (fs::path(each->name).is_absolute()) {
      return in_list(list, *each, each->name + ": not relative to this directory",
                     "write the path from the directory of parts.txt");
    }
    const auto same = [&](const NamedLine& other) { return other.name == each->name; };
    if (std::any_of(names.begin(), each, same)) {
      return in_list(list, *each, each->name + ": named twice", "remove one of the two lines");
    }
  }
  return names;
}

// A part by itself is no form. A list that is wrong is told when its directory is read.
std::optional<Problem> is_part_of_a_form(const fs::path& file) {
  const fs::path directory = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code ignored;
  if (!fs::exists(directory / kPartsFile, ignored)) return std::nullopt;
  const auto names = read_list(directory / kPartsFile);
  if (!names.ok()) return std::nullopt;
  const auto is_this = [&](const NamedLine& each) { return each.name == file.filename(); };
  if (std::none_of(names->begin(), names->end(), is_this)) return std::nullopt;
  return program::usage_problem(file.string(), "is a part of a form, as parts.txt beside it says",
                                "name its directory: " + directory.string());
}

}  // namespace

void FormSource::append(std::string name, const Bytes& content) {
  const std::size_t first = parts_.empty() ? 1 : parts_.back().first_line + parts_.back().lines;
  offsets_.push_back(bytes_.size());
  bytes_.insert(bytes_.end(), content.begin(), content.end());
  const bool several_to_come = !content.empty() && content.back() != '\n';
  if (several_to_come) bytes_.push_back('\n');
  const auto begun = bytes_.begin() + static_cast<std::ptrdiff_t>(offsets_.back());
  const auto lines = std::count(begun, bytes_.end(), static_cast<std::uint8_t>('\n'));
  parts_.push_back({std::move(name), first, static_cast<std::size_t>(lines)});
}

Outcome<FormSource> FormSource::read(const fs::path& form) {
  FormSource source;
  std::error_code ignored;
  if (!fs::is_directory(form, ignored)) {
    if (auto part = is_part_of_a_form(form)) return *std::move(part);
    RESGUARDO_TRY(Bytes bytes, program::read_file(form, kLargestPart));
    source.append(form.filename().string(), bytes);
    source.bytes_ = std::move(bytes);  // exactly: its digest is the version
    return source;
  }
  const fs::path list = form / kPartsFile;
  if (!fs::exists(list, ignored)) {
    return program::usage_problem(form.string(), "a directory without parts.txt",
                                  "name the form's parts in it, one file a line");
  }
  RESGUARDO_TRY(const auto names, read_list(list));
  for (const NamedLine& each : names) {
    auto content = program::read_file(form / each.name, kLargestPart);
    if (!content.ok()) {
      return in_list(list, each, each.name + ": " + content.error().what,
                     "write the part, or take its name off the list");
    }
    source.append(each.name, content.value());
  }
  return source;
}

std::string_view FormSource::text(const FormPart& part) const {
  const auto index = static_cast<std::size_t>(&part - parts_.data());
  const std::size_t end = index + 1 < offsets_.size() ? offsets_[index + 1] : bytes_.size();
  const std::string_view all(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
  return all.substr(offsets_[index], end - offsets_[index]);
}

std::string FormSource::place(std::size_t line) const {
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
    if (line < part->first_line) continue;
    const std::size_t last = std::max<std::size_t>(part->lines, 1);
    std::string place = part->name;
    return place.append(":").append(std::to_string(std::min(line - part->first_line + 1, last)));
  }
  return parts_.empty() ? std::string() : parts_.front().name;
}

std::vector<Problem> syntax_problems(const FormSource& source) {
  std::vector<Problem> problems;
  const auto add = [&](std::string where, SyntaxError error) {
    problems.push_back({std::move(where), std::move(error.what), std::move(error.mend),
                        program::ExitCode::kFailed});
  };
  for (const FormPart& part : source.parts()) {
    for (auto& error : parse_part(source.text(part)).errors) {
      std::string where = part.name;
      where.append(":").append(std::to_string(error.line));
      add(std::move(where), std::move(error));
    }
  }
  if (!problems.empty() || source.parts().size() == 1) return problems;
  // Parts that parse one by one may still contradict each other.
  for (auto& error : parse_part(to_string(source.bytes())).errors) {
    add(source.place(error.line), std::move(error));
  }
  return problems;
}

}  // namespace resguardo::form
