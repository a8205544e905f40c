# Compiler, linker and cache settings shared by every layer.
add_compile_options(-Wall -Wextra -Wpedantic -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 at -O2 reports strings and variants of them as uninitialized, or copied out of bounds, where they are not; shown, but
  # no error.
  add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=array-bounds -Wno-error=restrict -Wno-error=stringop-overflow)
  # Its garbage collector runs after every few megabytes beyond a precompiled header: a sixth of the compile time.
  add_compile_options("SHELL:--param ggc-min-expand=1000 --param ggc-min-heapsize=1048576")
endif()
if(BULKHEAD_SANITIZE)
  # CAF 0.17 binds references to null while spawning argument-less functions; that one check stays off.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=null -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined -fno-sanitize=null)
endif()
if(BULKHEAD_FUZZ)
  # Coverage counters for libFuzzer in everything; its main() in the fuzzers alone.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(BULKHEAD_CCACHE ccache)
if(BULKHEAD_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without these sloppiness flags ccache refuses every file that uses a precompiled header. The base directory lets several
  # clones and work trees of the project share what they compiled. Depend mode, because the other one compares the preprocessed
  # text: a header of which only a comment changed would bring back the old precompiled header, for which #pragma once then no
  # longer recognises that header. The name space leaves behind what was stored without it.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true CCACHE_DEPEND=true CCACHE_NAMESPACE=depend
    ${BULKHEAD_CCACHE})
endif()
find_program(BULKHEAD_MOLD mold)
if(BULKHEAD_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(CAF 0.17.6 EXACT REQUIRED COMPONENTS core io openssl)
find_package(simdjson REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(date REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_library(SODIUM_LIBRARY sodium REQUIRED)
find_library(RE2_LIBRARY re2 REQUIRED)
find_library(NCURSES_LIBRARY ncursesw REQUIRED)
find_library(TINFO_LIBRARY tinfo REQUIRED)
find_library(LMDB_LIBRARY lmdb REQUIRED)
