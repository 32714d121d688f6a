// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/store.h"

#include <future>
#include <memory>
#include <utility>

namespace resguardo::storage {

Result<Recorded> Store::record(Turn turn) {
  // Shared: the completion may still be inside set_value when the waiter goes on.
  const auto promise = std::make_shared<std::promise<Result<Recorded>>>();
  auto recorded = promise->get_future();
  submit(std::move(turn), [promise](Result<Recorded> result) { promise->set_value(result); });
  return recorded.get();
}

}  // namespace resguardo::storage
