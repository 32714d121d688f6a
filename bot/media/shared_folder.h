// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace resguardo::media {

// Files that signal-cli left in a folder that it shares with us. Only regular files are listed and
// removed, whose names are such as it gives (is_shared_name): nothing outside the folder is
// touched, links are not followed, and what somebody else keeps there stays.
// WARNING: what is deleted may stay on the medium, as with any file.

// The server's id, 16 to 128 of A-Z a-z 0-9 _ -, and at most an ending of 1 to 16 letters and
// digits, which may come from the sender's own name for it; of a preview, .preview after these.
// (signal-cli, storage/AttachmentStore.java)
bool is_shared_name(std::string_view name);

// ok: it is gone. kRefused: it is not such a file.
Status remove_shared(const std::filesystem::path& folder, const std::string& name);
Result<std::vector<std::string>> list_shared(const std::filesystem::path& folder);

// Whether the folder can be one where all goes that nobody waits for. kRefused: it is another's: it
// is not called `attachments`, is within one of `ours` or holds one of them (folders and files;
// links are followed), or something lies in it that is no attachment. kNotFound: it is not there
// (yet). kUnavailable: we cannot look, or not delete.
Status may_remove_in(const std::filesystem::path& folder,
                     const std::vector<std::filesystem::path>& ours);

}  // namespace resguardo::media
