# bulkhead_layer(NAME [UNITY] LINK targets... PCH headers...)
# UNITY: several files are compiled as one, so that CAF's and Beast's templates are instantiated once and not in each file. What
# stands in an unnamed namespace must then have a name of its own within the layer.
# PCH: what most files of the layer include. Parsing those headers once instead of in each file is what keeps a build from
# nothing short; with CMAKE_DISABLE_PRECOMPILE_HEADERS everything compiles as well, which scripts/check --clang sees to.
# One static library per folder. Sources are globbed so that a new file, above all a new rule, needs no edit here.
# Include paths start at the root ("model/money.hpp"), so an include line names its layer.
function(bulkhead_layer name)
  cmake_parse_arguments(ARG "UNITY" "" "LINK;PCH" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(NOT sources)
    add_library(bulkhead_${name} INTERFACE)
    target_include_directories(bulkhead_${name} INTERFACE "${CMAKE_SOURCE_DIR}")
    target_link_libraries(bulkhead_${name} INTERFACE ${ARG_LINK})
    return()
  endif()
  add_library(bulkhead_${name} STATIC ${sources})
  target_include_directories(bulkhead_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(bulkhead_${name} PUBLIC ${ARG_LINK})
  if(BULKHEAD_COVERAGE AND name MATCHES "^(model|rules)$")
    target_compile_options(bulkhead_${name} PRIVATE -O0 --coverage)
    target_link_options(bulkhead_${name} PUBLIC --coverage)
  endif()
  if(ARG_UNITY AND BULKHEAD_UNITY)
    set_target_properties(bulkhead_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
  endif()
  bulkhead_precompile(bulkhead_${name} ${ARG_PCH})
endfunction()

# Headers in angle brackets or with a path from the root: <map> rules/rule.hpp.
function(bulkhead_precompile target)
  set(common <algorithm> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <set> <string>
    <string_view> <variant> <vector> <fmt/format.h>)
  set(own ${ARGN})
  list(FILTER own EXCLUDE REGEX "^<")
  list(TRANSFORM own REPLACE "(.+)" "\"\\1\"")
  set(others ${ARGN})
  list(FILTER others INCLUDE REGEX "^<")
  target_precompile_headers(${target} PRIVATE ${common} ${others} ${own})
endfunction()
