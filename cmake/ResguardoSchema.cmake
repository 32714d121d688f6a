# SPDX-License-Identifier: AGPL-3.0-or-later
# resguardo_schema(TARGET NAME FILES…): the migrations FILES, in order, as the constant
# resguardo::schema::NAME in the header schema/NAME.h, for TARGET alone. File n takes a database
# from version n-1 to version n (storage/sqlcipher/migrations.h).
function(resguardo_schema target name)
  set(migrations "")
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    file(READ "${file}" sql)
    string(APPEND migrations "    R\"~sql~(${sql})~sql~\",\n")
  endforeach()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/generated")
  file(CONFIGURE OUTPUT "${out}/schema/${name}.h" @ONLY CONTENT
       "// Made by cmake/ResguardoSchema.cmake.
#pragma once

#include \"crypto/base/result.h\"

namespace resguardo::schema {
inline constexpr StaticText @name@[] = {
@migrations@};
}  // namespace resguardo::schema
")
  target_include_directories(resguardo_${target} PRIVATE "${out}")
endfunction()
