#pragma once
// What the process says when it cannot go on, so that it never ends without a word: out of memory, which ends
// it wherever that happens, no thread to be had, an exception that nobody caught. Allocates nothing.

namespace bulkhead::cli {

/// From now on such an end is one line on stderr and exit_failed when the system refused something, so that
/// the service manager starts it again; else the line and abort, for the trace. A crash
/// by a signal says so as well and stays what it is. Call before any
/// thread is started.
void leave_last_words() noexcept;

} // namespace bulkhead::cli
