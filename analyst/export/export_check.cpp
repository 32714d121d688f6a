// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/export_check.h"

#include <boost/json.hpp>
#include <set>
#include <system_error>

#include "analyst/export/exporter.h"
#include "analyst/export/mapped_file.h"
#include "crypto/base/hash.h"
#include "program/output_file.h"

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using program::Outcome;
using program::Problem;

constexpr std::size_t kMaxManifest = 256UL * 1024 * 1024;

Problem no_manifest(const fs::path& path) {
  return {path.string(), "is no manifest of an export", "was it changed?"};
}

const json::string* text_at(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? nullptr : found->if_string();
}

// A name of a file beside the manifest, and nothing else.
bool is_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

struct Named {
  std::string name;
  std::string sha256;
};

// Of media only those that were written have a name. False: it is no such list.
bool read_names(const json::value* list, bool all, std::vector<Named>& named) {
  const json::array* rows = list == nullptr ? nullptr : list->if_array();
  if (rows == nullptr) return false;
  for (const json::value& row : *rows) {
    const json::object* object = row.if_object();
    const json::string* name = object == nullptr ? nullptr : text_at(*object, "file");
    if (object != nullptr && name == nullptr && !all) continue;
    const json::string* digest = object == nullptr ? nullptr : text_at(*object, "sha256");
    if (name == nullptr || digest == nullptr || !is_name(*name)) return false;
    named.push_back({std::string(*name), std::string(*digest)});
  }
  return true;
}

Outcome<Done> compare(const Named& named, const fs::path& folder, ExportCheck& check) {
  const fs::path path = folder / named.name;
  ++check.files;
  std::error_code failed;
  if (!fs::is_regular_file(fs::symlink_status(path, failed))) {
    check.missing.push_back(named.name);
    return Done{};
  }
  const auto file = MappedFile::open(path);
  if (!file) return Problem{path.string(), "cannot be read", ""};
  if (to_hex(sha256(file->bytes()).view()) != named.sha256) check.changed.push_back(named.name);
  return Done{};
}

void find_strangers(const fs::path& folder, const std::vector<Named>& named, ExportCheck& check) {
  std::set<std::string> known = {"manifest.json", "manifest.json.sig"};
  for (const Named& one : named) known.insert(one.name);
  std::error_code failed;
  std::set<std::string> strange;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (!known.contains(entry.path().filename().string()))
      strange.insert(entry.path().filename().string());
  check.strange.insert(check.strange.end(), strange.begin(), strange.end());
}

Outcome<ExportCheck> head_of(const json::object& manifest, const fs::path& path) {
  ExportCheck check;
  const json::string* schema = text_at(manifest, "schema");
  const json::string* format = text_at(manifest, "format");
  const json::string* purpose = text_at(manifest, "purpose");
  const json::value* reports = manifest.if_contains("reports");
  if (schema == nullptr || *schema != kExportSchema || format == nullptr || purpose == nullptr ||
      reports == nullptr || !reports->is_int64() || reports->get_int64() < 0)
    return no_manifest(path);
  check.format = *format;
  check.purpose = *purpose;
  check.reports = static_cast<std::uint64_t>(reports->get_int64());
  return check;
}

}  // namespace

fs::path manifest_of(const fs::path& out) {
  std::error_code failed;
  return fs::is_directory(out, failed) ? out / "manifest.json"
                                       : fs::path(out.string() + ".manifest.json");
}

Outcome<ExportCheck> check_export(const fs::path& out, const fs::path& media) {
  const fs::path path = manifest_of(out);
  RESGUARDO_TRY(Bytes bytes, program::read_file(path, kMaxManifest));
  boost::system::error_code failed;
  const json::value parsed = json::parse(as_text(bytes), failed);
  if (failed || !parsed.is_object()) return no_manifest(path);
  const json::object& manifest = parsed.get_object();
  RESGUARDO_TRY(ExportCheck check, head_of(manifest, path));
  std::vector<Named> files, sent;
  if (!read_names(manifest.if_contains("files"), true, files) ||
      !read_names(manifest.if_contains("media"), false, sent))
    return no_manifest(path);
  const fs::path folder = path.parent_path();
  for (const Named& named : files) RESGUARDO_CHECK(compare(named, folder, check));
  if (fs::is_directory(out, failed)) find_strangers(folder, files, check);
  if (!media.empty()) {
    for (const Named& named : sent) RESGUARDO_CHECK(compare(named, media, check));
    find_strangers(media, sent, check);
  }
  check.manifest = std::move(bytes);
  return check;
}

}  // namespace resguardo::analyst
