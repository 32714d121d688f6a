// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/golden/roster_vector.h"

#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

std::filesystem::path folder() {
  return source_dir() / "tests" / "golden" / "roster";
}

PublicKey<RootRole> root_in(const GoldenVector& vector, std::string_view field) {
  return PublicKey<RootRole>::from_bytes(vector.bytes(field)).value();
}

std::optional<RosterAnchor> anchor_in(const GoldenVector& vector) {
  if (!vector.has("anchor_number")) return std::nullopt;
  RosterAnchor anchor{std::stoull(vector.text("anchor_number")),
                      *Digest::from(vector.bytes("anchor_digest"))};
  if (vector.has("anchor_root")) {
    anchor.pin = root_in(vector, "root");
    anchor.root = root_in(vector, "anchor_root");
  }
  if (vector.has("anchor_next_root")) anchor.next_root = root_in(vector, "anchor_next_root");
  const auto members = vector.list("anchor_list_member");
  const auto digests = vector.list("anchor_list_digest");
  const auto numbers = vector.texts("anchor_list_number");
  for (std::size_t i = 0; i < members.size(); ++i)
    anchor.lists.push_back(
        {*MemberId::from(members[i]), std::stoull(numbers.at(i)), *Digest::from(digests.at(i))});
  return anchor;
}

}  // namespace

RosterVector RosterVector::read(const std::string& name) {
  auto fields = GoldenVector::read(folder() / (name + ".txt"));
  Bytes file = fields.bytes("file");
  const auto root = root_in(fields, "root");
  const TimePoint now = start_of(parse_day(fields.text("now")).value());
  auto anchor = anchor_in(fields);
  std::string expect = fields.text("expect");
  return {std::move(fields), std::move(file), root, now, std::move(anchor), std::move(expect)};
}

std::vector<std::string> roster_vectors() {
  return vectors_in(folder());
}

}  // namespace resguardo::testing_support
