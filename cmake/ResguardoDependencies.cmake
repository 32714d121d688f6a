# SPDX-License-Identifier: AGPL-3.0-or-later
# Every library we use, found once. docs/dependencies.md says why each is here.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.83 REQUIRED COMPONENTS json url)
find_package(Protobuf 3.21 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
# sqlcipher.pc states SQLite's version: 3.46 is SQLCipher 4.6.
pkg_check_modules(sqlcipher REQUIRED IMPORTED_TARGET sqlcipher>=3.46)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode>=4.1)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter>=1.1.4)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib>=1.2.13)
if(RESGUARDO_TESTS)
  find_package(GTest REQUIRED)
endif()
