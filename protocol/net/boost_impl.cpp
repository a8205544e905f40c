// The bodies of Asio and Beast, compiled once: see BOOST_ASIO_SEPARATE_COMPILATION in
// protocol/CMakeLists.txt.

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
