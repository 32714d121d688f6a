# SPDX-License-Identifier: AGPL-3.0-or-later
# resguardo_schema(TARGET NAME FILES…): the migrations FILES, in order, as the constant
# resguardo::schema::NAME in the header schema/NAME.h, for TARGET alone. File n takes a database
# from version n-1 to version n (storage/sqlcipher/migrations.h).
function(resguardo_schema target name)
  resguardo_texts(${target} schema ${name} ${ARGN})
endfunction()

# resguardo_texts(TARGET NAMESPACE NAME FILES…): the contents of FILES, in order, as the constant
# resguardo::NAMESPACE::NAME in the header NAMESPACE/NAME.h, for TARGET alone.
function(resguardo_texts target namespace name)
  set(texts "")
  foreach(file IN LISTS ARGN)
    get_filename_component(path "${file}" ABSOLUTE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
    file(READ "${path}" content)
    string(APPEND texts "    R\"~text~(${content})~text~\",\n")
  endforeach()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/generated")
  file(CONFIGURE OUTPUT "${out}/${namespace}/${name}.h" @ONLY CONTENT
       "// Made by cmake/ResguardoSchema.cmake.
#pragma once

#include \"crypto/base/result.h\"

namespace resguardo::@namespace@ {
inline constexpr StaticText @name@[] = {
@texts@};
}  // namespace resguardo::@namespace@
")
  target_include_directories(resguardo_${target} PRIVATE "${out}")
endfunction()
