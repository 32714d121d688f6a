// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "storage/store.h"

namespace resguardo::storage {

// What every engine must do: store_contract.cpp. An engine joins by a line in store_kinds.cpp.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual Store& store() = 0;
  virtual void reopen() = 0;  // as another process would find it; a memory store stays as it is
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreUnderTest>()> make;  // empty
};

class StoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override { under_test_ = GetParam().make(); }
  Store& store() { return under_test_->store(); }
  void reopen() { under_test_->reopen(); }

 private:
  std::unique_ptr<StoreUnderTest> under_test_;
};

template <class Value>
Fault fault_of(const Result<Value>& result) {
  return result.error().fault;
}

inline std::string name_of_kind(const testing::TestParamInfo<StoreKind>& info) {
  return info.param.name;
}

}  // namespace resguardo::storage
