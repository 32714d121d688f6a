# SPDX-License-Identifier: AGPL-3.0-or-later
# One function per kind of target. Warnings, hardening and sanitizers are set here and nowhere else.
#
#   resguardo_library(NAME   SOURCES … [PUBLIC …] [PRIVATE …])   → target resguardo::NAME
#   resguardo_program(NAME   SOURCES … [PRIVATE …])              → bin/NAME
#   resguardo_test(NAME      SOURCES … [PRIVATE …] [LABELS …])   → one GoogleTest program, each case a ctest case
#   resguardo_fuzzer(NAME    SOURCES … [PRIVATE …] CORPUS DIR)   → libFuzzer program (preset fuzz) or corpus replay
#   resguardo_proto(NAME     SOURCES …)                          → generated code, without our warnings

add_library(resguardo_flags INTERFACE)
target_include_directories(resguardo_flags INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(
  resguardo_flags
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
            -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wundef -Wswitch -Wreturn-type -Werror)
# What g++ says after inlining is told and stops nothing: docs/adr/012.
target_compile_options(
  resguardo_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-error=array-bounds -Wno-error=stringop-overflow
                            -Wno-error=restrict>)
# A joined source is an #include to g++, which then takes the anonymous namespaces in it for those
# of a header.
if(CMAKE_UNITY_BUILD)
  target_compile_options(resguardo_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()

# Sanitizers and path mapping also cover generated code.
add_library(resguardo_instrument INTERFACE)
target_compile_options(resguardo_instrument INTERFACE "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
if(RESGUARDO_SANITIZE STREQUAL "address" OR RESGUARDO_SANITIZE STREQUAL "fuzz")
  target_compile_options(resguardo_instrument INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(resguardo_instrument INTERFACE -fsanitize=address,undefined)
elseif(RESGUARDO_SANITIZE STREQUAL "thread")
  target_compile_options(resguardo_instrument INTERFACE -fsanitize=thread)
  target_link_options(resguardo_instrument INTERFACE -fsanitize=thread)
endif()
if(RESGUARDO_SANITIZE STREQUAL "fuzz")
  target_compile_options(resguardo_instrument INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(RESGUARDO_COVERAGE)
  target_compile_options(resguardo_instrument INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(resguardo_instrument INTERFACE -fprofile-instr-generate)
endif()

if(RESGUARDO_SANITIZE OR RESGUARDO_COVERAGE)
  target_compile_definitions(resguardo_instrument INTERFACE RESGUARDO_INSTRUMENTED)
endif()

# Hardening of what is shipped (OpenSSF's compiler options guide); sanitizers bring their own.
if(NOT RESGUARDO_SANITIZE)
  target_compile_options(resguardo_instrument INTERFACE -fstack-protector-strong -fstack-clash-protection
                                                        -fcf-protection=full)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    # The tests' own code is not optimized (a third of the build's time was), and cannot be fortified.
    set(tests_own "$<BOOL:$<TARGET_PROPERTY:RESGUARDO_TESTS_OWN>>")
    target_compile_options(
      resguardo_instrument INTERFACE -U_FORTIFY_SOURCE "$<IF:${tests_own},-O0,-D_FORTIFY_SOURCE=3>")
  endif()
  target_compile_definitions(resguardo_instrument INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(resguardo_instrument INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
endif()

function(resguardo_common target scope)
  target_link_libraries(${target} ${scope} resguardo_instrument)
  if(RESGUARDO_TIDY)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "clang-tidy-19;--quiet")
  endif()
endfunction()

# The standard library's headers are a quarter of a small file's compile time: parsed once.
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/std_pch.cpp" CONTENT "")
add_library(resguardo_std_pch STATIC "${CMAKE_BINARY_DIR}/std_pch.cpp")
target_link_libraries(resguardo_std_pch PRIVATE resguardo_flags)
resguardo_common(resguardo_std_pch PRIVATE)
target_precompile_headers(
  resguardo_std_pch
  PRIVATE
  <algorithm>
  <array>
  <chrono>
  <cstdint>
  <functional>
  <map>
  <memory>
  <optional>
  <span>
  <string>
  <string_view>
  <utility>
  <variant>
  <vector>)

function(resguardo_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(resguardo_${name} STATIC ${arg_SOURCES})
  add_library(resguardo::${name} ALIAS resguardo_${name})
  target_include_directories(resguardo_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(resguardo_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} resguardo_flags)
  resguardo_common(resguardo_${name} PUBLIC)
  target_precompile_headers(resguardo_${name} REUSE_FROM resguardo_std_pch)
endfunction()

function(resguardo_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;PRIVATE" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_PRIVATE} resguardo_flags)
  resguardo_common(${name} PRIVATE)
  if(NOT RESGUARDO_SANITIZE)
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_link_options(${name} PRIVATE -pie)
  endif()
endfunction()

if(RESGUARDO_TESTS)
  include(GoogleTest)
  # GoogleTest's headers are most of a small test's compile time: parsed once. The donor is a
  # program because a precompiled header is only good for the same -fPIE.
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/gtest_pch.cpp" CONTENT "")
  add_executable(resguardo_gtest_pch "${CMAKE_BINARY_DIR}/gtest_pch.cpp")
  target_link_libraries(resguardo_gtest_pch PRIVATE GTest::gmock_main resguardo_flags)
  resguardo_common(resguardo_gtest_pch PRIVATE)
  set_target_properties(resguardo_gtest_pch PROPERTIES RESGUARDO_TESTS_OWN ON)
  target_precompile_headers(resguardo_gtest_pch PRIVATE <gmock/gmock.h> <gtest/gtest.h> <string> <vector>)
endif()

function(resguardo_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;PRIVATE;LABELS" ${ARGN})
  if(NOT arg_LABELS)
    set(arg_LABELS fast)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_PRIVATE} resguardo::test_main resguardo::test_support
                                        resguardo::base GTest::gmock protobuf::libprotobuf resguardo_flags)
  resguardo_common(${name} PRIVATE)
  set_target_properties(${name} PROPERTIES RESGUARDO_TESTS_OWN ON)
  target_precompile_headers(${name} REUSE_FROM resguardo_gtest_pch)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}:" PROPERTIES LABELS "${arg_LABELS}" TIMEOUT
                                                                                        600)
endfunction()

# Without the fuzz preset the same sources replay their corpus as an ordinary test.
function(resguardo_fuzzer name)
  cmake_parse_arguments(arg "" "CORPUS" "SOURCES;PRIVATE" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_PRIVATE} resguardo_flags)
  resguardo_common(${name} PRIVATE)
  if(RESGUARDO_SANITIZE STREQUAL "fuzz")
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_property(GLOBAL APPEND PROPERTY RESGUARDO_FUZZERS ${name})
    add_test(NAME fuzz:${name} COMMAND ${name} -max_total_time=60 -rss_limit_mb=2048 -timeout=20
                                       "${CMAKE_BINARY_DIR}/corpus/${name}" "${arg_CORPUS}")
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/corpus/${name}")
    set_tests_properties(fuzz:${name} PROPERTIES LABELS fuzz TIMEOUT 300)
  else()
    target_sources(${name} PRIVATE "${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cpp")
    add_test(NAME corpus:${name} COMMAND ${name} "${arg_CORPUS}")
    set_tests_properties(corpus:${name} PROPERTIES LABELS fast TIMEOUT 300)
  endif()
endfunction()

# protoc's output fails our warnings (it is not ours): its own target, its folder a system folder.
function(resguardo_proto name)
  cmake_parse_arguments(arg "" "" "SOURCES" ${ARGN})
  set(out "${CMAKE_BINARY_DIR}/generated")
  file(MAKE_DIRECTORY "${out}")
  set(generated)
  foreach(source IN LISTS arg_SOURCES)
    string(REGEX REPLACE "\\.proto$" "" stem "${source}")
    add_custom_command(
      OUTPUT "${out}/proto/${stem}.pb.cc" "${out}/proto/${stem}.pb.h"
      COMMAND protobuf::protoc "--proto_path=${CMAKE_SOURCE_DIR}" "--cpp_out=${out}" "proto/${source}"
      DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${source}"
      WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
      VERBATIM)
    list(APPEND generated "${out}/proto/${stem}.pb.cc")
  endforeach()
  add_library(resguardo_${name} STATIC ${generated})
  add_library(resguardo::${name} ALIAS resguardo_${name})
  target_include_directories(resguardo_${name} SYSTEM PUBLIC "${out}")
  target_link_libraries(resguardo_${name} PUBLIC protobuf::libprotobuf)
  target_link_libraries(resguardo_${name} PUBLIC resguardo_instrument)
  set_target_properties(resguardo_${name} PROPERTIES UNITY_BUILD OFF)  # protoc names its tables alike
endfunction()
