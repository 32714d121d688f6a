// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/analyst/recover_fixture.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;

// A double's text may be written in two ways; both are read to the nearest.
json::object parsed(const std::string& line) {
  json::parse_options options;
  options.numbers = json::number_precision::precise;
  return json::parse(line, {}, options).as_object();
}

void move_field(json::object& from, const char* name, json::object& to) {
  const auto* value = from.if_contains(name);
  to[name] = value == nullptr ? json::value("") : *value;
}

// recover.py names the arm that is there; report_json() has one field for all of them.
json::value value_of(json::object& answer) {
  json::object value;
  if (const auto* number = answer.if_contains("number")) value["number"] = *number;
  for (const auto& [arm, fields] :
       std::initializer_list<std::pair<const char*, std::vector<const char*>>>{
           {"date", {"edtf", "precision"}}, {"place", {"code", "precision"}}}) {
    if (auto* found = answer.if_contains(arm))
      for (const char* field : fields) move_field(found->as_object(), field, value);
  }
  if (auto* money = answer.if_contains("money")) {
    value["minorUnits"] = money->as_object().contains("minorUnits") ? money->at("minorUnits")
                                                                    : json::value(std::int64_t{0});
    move_field(money->as_object(), "currency", value);
  }
  if (auto* point = answer.if_contains("point")) {
    for (const char* axis : {"latitude", "longitude"})
      value[axis] = point->as_object().contains(axis) ? point->at(axis).to_number<double>()
                                                      : json::value(0.0);
    move_field(point->as_object(), "source", value);
  }
  for (const char* arm : {"number", "date", "place", "money", "point"}) answer.erase(arm);
  return value.empty() ? json::value(nullptr) : json::value(value);
}

// recover.py leaves out what is not there; report_json() writes it.
json::object whole(const json::object& line, json::object answer) {
  answer["value"] = value_of(answer);
  for (const char* text : {"node", "text", "raw", "language", "textVersion"})
    if (!answer.contains(text)) answer[text] = "";
  for (const char* list : {"codes", "instance"})
    if (!answer.contains(list)) answer[list] = json::array();
  for (const char* flag : {"skipped", "remark"})
    if (!answer.contains(flag)) answer[flag] = false;
  if (!answer.contains("part")) answer["part"] = 0;
  for (const char* place : {"report", "segment", "row", "compartment", "time", "message"})
    answer[place] = line.at(place);
  return answer;
}

std::vector<json::object> lines_of(const std::string& text) {
  std::vector<json::object> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) all.push_back(parsed(line));
  return all;
}

std::string name_of(const json::object& line) {
  json::array name;
  for (const char* field : {"segmentDigest", "row", "compartment"}) name.push_back(line.at(field));
  return json::serialize(name);
}

// Purposes that recover.py says are taken back are none of the codes of report_json().
void take_back(const json::object& line, json::object& answer) {
  const auto* gone = line.if_contains("takenBack");
  answer["takenBack"] = gone == nullptr ? json::value(json::array()) : *gone;
  json::array left;
  for (const json::value& code : answer.at("codes").as_array())
    if (std::ranges::find(answer.at("takenBack").as_array(), code) ==
        answer.at("takenBack").as_array().end())
      left.push_back(code);
  answer["codes"] = left;
}

// An answer of a record, with what recover.py makes of it.
json::object standing(const json::object& record, const json::object& line) {
  const auto entry = line.at("entry").to_number<std::size_t>();
  const json::object& body = record.at("entries").as_array().at(entry).as_object();
  const bool mended = body.contains("correction");
  const json::object& said = body.begin()->value().as_object();
  json::object answer = whole(record, mended ? said.at("answer").as_object() : said);
  take_back(line, answer);
  const auto* of = said.if_contains("ofMessage");
  answer["ofMessage"] = mended && of != nullptr ? *of : json::value("");
  for (const char* field :
       {"state", "correction", "ofUnknown", "node", "instance", "part", "remark"})
    answer[field] = line.at(field);
  return answer;
}

// What recover.py says, and what `list` calls it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kNames = {{
    {"and all after it in its segment", "unreadable"},
    {"segment: ", "unreadable"},
    {"interrupted: ", "interrupted"},
    {"a record that opens and is none", "malformed-record"},
    {"a segment is missing", "missing-segment"},
    {"two segments of one index", "two-of-one-segment"},
    {"counts other rows", "totals-differ"},
    {"finished anew", "finished-anew"},
    {"sealed under a roster that did not come", "unknown-roster"},
    {"sealed for others than its roster", "other-readers"},
    {"the log has no entry for it", "not-logged"},
    {"the log says other bytes", "log-differs"},
    {"the person withdrew it", "withdrawal-claimed"},
    {"incomplete: ", "incomplete"},
    {"addenda that did not come", "addendum-absent"},
    {"addenda not compared with the log", "addendum-absent"},
    {"and not all of the file", "file-absent"},
    {" cannot be opened: ", "file-damaged"},
}};

}  // namespace

ProgramResult RecoverTest::recover(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(),
                   {RESGUARDO_PYTHON, "-B", source_dir() / "analyst/recover/recover.py"});
  return run_program({arguments, "", {}});
}

std::string RecoverTest::root() const {
  return content(organisation().root_public()).substr(0, 64);
}

ProgramResult RecoverTest::opened(const std::filesystem::path& bundle, const std::string& who,
                                  std::vector<std::string> more) const {
  std::string passphrase = kPassphrase;
  passphrase.append("\n");
  const auto words = put("passphrase", passphrase);
  more.insert(more.begin(), {bundle, "--root", root(), "--keys", organisation().keys(who),
                             "--passphrase-file", words});
  return recover(more);
}

RecoverTest::Said RecoverTest::by_cplusplus(const std::string& vault) const {
  Said said;
  std::filesystem::path out = path(vault);
  out.replace_extension("ndjson");
  const auto result = run_unlocked({"export", "--vault", path(vault), "--format", "ndjson",
                                    "--despite-consent", "--out", out.string()});
  EXPECT_EQ(result.code, 0) << result.err;
  std::istringstream lines(content(out));
  for (std::string line; std::getline(lines, line);) {
    const json::object report = parsed(line);
    for (const json::value& answer : report.at("answers").as_array()) {
      json::object one = answer.as_object();
      one["report"] = report.at("report");
      said.push_back(std::move(one));
    }
  }
  return said;
}

RecoverTest::Said RecoverTest::by_python(const std::string& folder) const {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(path(folder) / "reports"))
    if (file.path().extension() == ".jsonl") files.push_back(file.path());
  std::sort(files.begin(), files.end());
  Said said;
  for (const auto& file : files) {
    std::map<std::string, json::object> records;
    for (const json::object& record : lines_of(content(file))) records[name_of(record)] = record;
    auto stands = file;
    stands.replace_extension(".stands");
    for (const json::object& line : lines_of(content(stands)))
      said.push_back(standing(records.at(name_of(line)), line));
  }
  return said;
}

std::set<std::string> RecoverTest::flags_by_cplusplus(const std::string& vault) const {
  std::set<std::string> flags;
  const auto result = run_unlocked({"list", "--vault", path(vault), "--json"});
  const json::value all = json::parse(result.out);
  for (const json::value& report : all.at("reports").as_array()) {
    for (const json::value& flag : report.at("flags").as_array())
      flags.insert(json::value_to<std::string>(flag));
    if (report.at("status") == "incomplete") flags.insert("incomplete");
  }
  return flags;
}

std::set<std::string> RecoverTest::flags_by_python(const std::string& folder) const {
  std::set<std::string> flags;
  const json::value found = json::parse(content(path(folder) / "findings.json"));
  for (const char* kind : {"faults", "remarks"})
    for (const json::value& one : found.at(kind).as_array()) {
      const std::string what = json::value_to<std::string>(one.at("what"));
      for (const auto& [said, name] : kNames)
        if (what.find(said) != std::string::npos) flags.emplace(name);
    }
  return flags;
}

void expect_same(const std::vector<json::object>& one, const std::vector<json::object>& other) {
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i)
    EXPECT_TRUE(one[i] == other[i]) << json::serialize(one[i]) << "\n" << json::serialize(other[i]);
}

}  // namespace resguardo::testing_support
