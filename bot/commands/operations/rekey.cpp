// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/operations.h"

namespace resguardo::commands {

operations::Result operations::rekey(const Owner& owner) {
  RESGUARDO_CHECK(program::at(owner.config.store.directory.string(), owner.store().replace_key(),
                              "nothing is lost; see the disk, restart the server if it runs, and "
                              "`rekey` again: until then think of the old key as in use"));
  pb::ControlResult result;
  result.mutable_rekey()->set_serving(static_cast<bool>(owner.serving));
  return result;
}

}  // namespace resguardo::commands
