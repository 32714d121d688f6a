// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/strict_parse.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/unknown_field_set.h>

#include <limits>
#include <unordered_map>
#include <vector>

namespace resguardo {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool enums_known(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const auto known = [&](int number) {
    return field.enum_type()->FindValueByNumber(number) != nullptr;
  };
  if (!field.is_repeated()) return known(reflection.GetEnumValue(message, &field));
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i)
    if (!known(reflection.GetRepeatedEnumValue(message, &field, i))) return false;
  return true;
}

// Fields of one kind of message that may hold something unknown: what all others can be, their type
// says. To ask a message for the list of all its fields took longer than to parse it.
const std::vector<const FieldDescriptor*>& fields_to_look_into(const Descriptor& kind) {
  thread_local std::unordered_map<const Descriptor*, std::vector<const FieldDescriptor*>> known;
  const auto [found, added] = known.try_emplace(&kind);
  for (int i = 0; added && i < kind.field_count(); ++i)
    if (const auto type = kind.field(i)->cpp_type();
        type == FieldDescriptor::CPPTYPE_ENUM || type == FieldDescriptor::CPPTYPE_MESSAGE)
      found->second.push_back(kind.field(i));
  return found->second;
}

// The schemas have no recursive message: the depth is theirs.
bool all_known(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return false;
  for (const FieldDescriptor* field : fields_to_look_into(*message.GetDescriptor())) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      if (!enums_known(message, *field)) return false;
    } else if (!field->is_repeated()) {
      if (reflection.HasField(message, field) && !all_known(reflection.GetMessage(message, field)))
        return false;
    } else {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i)
        if (!all_known(reflection.GetRepeatedMessage(message, field, i))) return false;
    }
  }
  return true;
}

}  // namespace

Bytes serialize_canonical(const Message& message) {
  Bytes bytes(message.ByteSizeLong());
  google::protobuf::io::ArrayOutputStream array(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::io::CodedOutputStream coded(&array);
  coded.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&coded);
  coded.Trim();
  return bytes;
}

Status parse_strict_into(ByteView bytes, Message& message) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Error{Fault::kMalformed, "not a message of the expected kind"};
  if (!all_known(message))
    return Error{Fault::kMalformed, "a field or value that this version does not know"};
  if (!equal(serialize_canonical(message), bytes))
    return Error{Fault::kMalformed, "not the canonical form of its content"};
  return success();
}

}  // namespace resguardo
