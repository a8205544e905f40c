#pragma once
// One enforcement in one line, as the history keeps it. Pure; any thread.

#include "actors/certificate.hpp"
#include "persistence/store.hpp"

namespace bulkhead::actors {

[[nodiscard]] persistence::Note note_of(const Certificate& certificate, model::Instant at);

} // namespace bulkhead::actors
