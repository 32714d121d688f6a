// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/waiting_file.h"

#include "proto/media.pb.h"

namespace resguardo::media {

Bytes write_waiting(const WaitingFile& file) {
  pb::PendingMedia row;
  row.set_gateway(file.gateway);
  row.set_reference(file.told.reference);
  row.set_url(file.told.url);
  row.set_mime(file.mime);
  row.set_size(file.told.size.value_or(0));
  if (file.told.sha256) row.set_sha256(file.told.sha256->str());
  row.set_file_name(file.file_name);
  row.set_node(file.node);
  for (const std::uint32_t number : file.instance) row.add_instance(number);
  row.set_voice(file.voice);
  row.set_forwarded(file.forwarded);
  row.set_identity(file.identity);
  row.set_questionnaire(file.questionnaire.str());
  Bytes bytes(row.ByteSizeLong());
  static_cast<void>(row.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
  return bytes;
}

Result<WaitingFile> read_waiting(const storage::PendingMedia& row) {
  pb::PendingMedia read;
  const bool parsed =
      read.ParseFromArray(row.reference.data(), static_cast<int>(row.reference.size()));
  const auto questionnaire = Digest::from(as_bytes(read.questionnaire()));
  if (!parsed || !questionnaire)
    return Error{Fault::kMalformed, "what is known of a waiting file cannot be read"};
  WaitingFile file;
  file.media = row.media;
  file.report = row.report;
  file.day = row.day;
  file.gateway = read.gateway();
  file.told.reference = read.reference();
  file.told.url = read.url();
  if (read.size() != 0) file.told.size = read.size();
  file.told.sha256 = Digest::from(as_bytes(read.sha256()));
  file.mime = read.mime();
  file.file_name = read.file_name();
  file.node = read.node();
  file.instance.assign(read.instance().begin(), read.instance().end());
  file.voice = read.voice();
  file.forwarded = read.forwarded();
  file.identity = read.identity();
  file.questionnaire = *questionnaire;
  return file;
}

}  // namespace resguardo::media
