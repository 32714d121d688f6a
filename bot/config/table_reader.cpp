// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/config/table_reader.h"

#include <charconv>

namespace resguardo::config {

TableReader::TableReader(const toml::table* table, std::string name, Path folder,
                         std::vector<ConfigProblem>& problems)
    : table_(table), name_(std::move(name)), folder_(std::move(folder)), problems_(problems) {}

void TableReader::tell(std::string_view key, std::string what, std::string mend) {
  problems_.push_back({"[" + name_ + "] " + std::string(key), std::move(what), std::move(mend)});
}

const toml::node* TableReader::node(std::string_view key) {
  known_.emplace(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

void TableReader::text(std::string_view key, std::string& value, bool required) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    if (required && table_ != nullptr)
      tell(key, "is missing", "add " + std::string(key) + " = \"…\" to [" + name_ + "]");
    return;
  }
  if (const auto* read = found->as_string()) {
    value = read->get();
    if (required && value.empty()) tell(key, "is empty", "give it a value");
  } else {
    tell(key, "is not a text", "write it in quotes");
  }
}

void TableReader::text(std::string_view key, std::optional<std::string>& value) {
  if (node(key) == nullptr) return;
  text(key, value.emplace(), true);
}

void TableReader::path(std::string_view key, Path& value, bool required) {
  std::string read;
  text(key, read, required);
  if (!read.empty()) value = folder_ / read;
}

void TableReader::path(std::string_view key, std::optional<Path>& value) {
  if (node(key) == nullptr) return;
  path(key, value.emplace(), true);
}

void TableReader::flag(std::string_view key, bool& value) {
  const toml::node* found = node(key);
  if (found == nullptr) return;
  if (const auto* read = found->as_boolean()) {
    value = read->get();
  } else {
    tell(key, "is neither true nor false", "write true or false without quotes");
  }
}

std::optional<std::uint64_t> TableReader::integer(std::string_view key, std::uint64_t least,
                                                  std::uint64_t most) {
  const toml::node* found = node(key);
  if (found == nullptr) return std::nullopt;
  const auto* read = found->as_integer();
  const bool in_range = read != nullptr && read->get() >= 0 &&
                        static_cast<std::uint64_t>(read->get()) >= least &&
                        static_cast<std::uint64_t>(read->get()) <= most;
  if (!in_range) {
    tell(key, "is not a whole number from " + std::to_string(least) + " to " + std::to_string(most),
         "write such a number without quotes");
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(read->get());
}

std::optional<std::uint64_t> TableReader::quantity(
    std::string_view key, const std::vector<std::pair<std::string_view, std::uint64_t>>& units,
    std::string_view example) {
  if (node(key) == nullptr) return std::nullopt;
  std::string read;
  text(key, read, true);
  if (read.empty()) return std::nullopt;  // told already
  std::uint64_t count = 0;
  const auto [end, failure] = std::from_chars(read.data(), read.data() + read.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(read.data() + read.size() - end));
  for (const auto& [name, factor] : units)
    if (failure == std::errc{} && unit == name && count > 0 && count < 1'000'000'000'000 / factor)
      return count * factor;
  tell(key, "cannot be read", "write it like \"" + std::string(example) + "\"");
  return std::nullopt;
}

void TableReader::hours(std::string_view key, std::chrono::hours& value, std::chrono::hours least,
                        std::chrono::hours most) {
  const auto read = quantity(key, {{"h", 1}, {"d", 24}}, "72h");
  if (!read) return;
  const auto hours = std::chrono::hours(static_cast<std::int64_t>(*read));
  if (hours < least || hours > most) {
    tell(key, "is out of range",
         "choose from " + std::to_string(least.count()) + "h to " + std::to_string(most.count()) +
             "h");
  } else {
    value = hours;
  }
}

void TableReader::bytes(std::string_view key, std::uint64_t& value) {
  if (const auto read = quantity(
          key, {{"", 1}, {"B", 1}, {"KB", 1000}, {"MB", 1000 * 1000}, {"GB", 1000 * 1000 * 1000}},
          "3MB"))
    value = *read;
}

void TableReader::bytes_or_none(std::string_view key, std::uint64_t& value) {
  const toml::node* found = node(key);
  if (found == nullptr) return;
  const auto* number = found->as_integer();
  const auto* words = found->as_string();
  if ((number != nullptr && number->get() == 0) || (words != nullptr && words->get() == "0")) {
    value = 0;
  } else {
    bytes(key, value);
  }
}

void TableReader::texts(std::string_view key, std::vector<std::string>& value) {
  const toml::node* found = node(key);
  if (found == nullptr) return;
  const auto* array = found->as_array();
  if (array == nullptr) return tell(key, "is not a list", "write it like [\"es\", \"en\"]");
  value.clear();
  for (const toml::node& element : *array) {
    const auto* read = element.as_string();
    if (read == nullptr) return tell(key, "holds something that is no text", "put it in quotes");
    value.push_back(read->get());
  }
}

void TableReader::pairs(std::string_view key,
                        std::vector<std::pair<std::string, std::string>>& value) {
  const toml::node* found = node(key);
  if (found == nullptr) return;
  const auto* table = found->as_table();
  if (table == nullptr) return tell(key, "is not a table", "write it like { es = \"…\" }");
  for (const auto& [name, element] : *table) {
    const auto* read = element.as_string();
    if (read == nullptr) return tell(key, "holds something that is no text", "put it in quotes");
    value.emplace_back(std::string(name.str()), read->get());
  }
}

void TableReader::finish() {
  if (table_ == nullptr) return;
  for (const auto& [key, value] : *table_)
    if (!known_.contains(key.str()))
      tell(key.str(), "is not a setting", "check its spelling, or remove it");
}

}  // namespace resguardo::config
