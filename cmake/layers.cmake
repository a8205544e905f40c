# bulkhead_layer(NAME LINK targets...)
# One static library per folder. Sources are globbed so that a new file, above all a new rule, needs no edit here.
# Include paths start at the root ("model/money.hpp"), so an include line names its layer.
function(bulkhead_layer name)
  cmake_parse_arguments(ARG "" "" "LINK;PCH" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(bulkhead_${name} STATIC ${sources})
  target_include_directories(bulkhead_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(bulkhead_${name} PUBLIC ${ARG_LINK})
  if(ARG_PCH)
    target_precompile_headers(bulkhead_${name} PRIVATE ${ARG_PCH})
  endif()
endfunction()
