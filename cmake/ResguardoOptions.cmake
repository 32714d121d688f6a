# SPDX-License-Identifier: AGPL-3.0-or-later
# What a preset may choose, and what holds for every target.
option(RESGUARDO_TESTS "build the tests" ON)
option(RESGUARDO_COVERAGE "source coverage (clang)" OFF)
option(RESGUARDO_TIDY "run clang-tidy while compiling" OFF)
set(RESGUARDO_SANITIZE "" CACHE STRING "address, thread, fuzz or nothing")
set_property(CACHE RESGUARDO_SANITIZE PROPERTY STRINGS "" address thread fuzz)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

# The presets that build everything at once join the sources of a target, six at a time: half of a
# file's compile time is the headers it shares with its neighbours. So names in the anonymous
# namespaces of one target must differ. `dev` compiles each file by itself, which shows an #include
# that is missing.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 6)

# -g1 keeps line numbers for a backtrace; assertions stay on in every build.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1 -fno-omit-frame-pointer")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

find_program(RESGUARDO_CCACHE ccache)
if(RESGUARDO_CCACHE AND NOT RESGUARDO_TIDY)
  # The checkout's own path is taken out of what is hashed, so a clone elsewhere hits the cache too.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_BASEDIR=${CMAKE_SOURCE_DIR};CCACHE_NOHASHDIR=1;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;${RESGUARDO_CCACHE}")
endif()
