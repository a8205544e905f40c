#pragma once
// How each kind of type goes through an archive: numbers, enums, instants, ids, containers, variants; any
// other struct by its fields(). Containers with keys must come in strictly ascending order, so equal values
// have equal bytes. Included by the codec only; any thread.

#include "model/ids.hpp"
#include "model/time.hpp"
#include "persistence/archive.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace bulkhead::persistence {

/// The last enumerator of a closed enum (one byte, checked). Enums over 32 bits are open: the gateway's own
/// numbers, kept as they came.
template <class E>
struct EnumRange;

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <template <class...> class Template, class... Args>
inline constexpr bool is_a<Template<Args...>, Template> = true;

template <class Ar, class T>
void item(Ar& ar, T& value);

template <class E>
void enum_item(Writer& ar, const E& value) {
  if constexpr (sizeof(E) == 1) {
    ar.byte(static_cast<std::uint8_t>(value));
  } else {
    ar.number(static_cast<std::underlying_type_t<E>>(value));
  }
}
template <class E>
void enum_item(Reader& ar, E& value) {
  if constexpr (sizeof(E) == 1) {
    const std::uint8_t raw = ar.byte();
    if (raw > static_cast<std::uint8_t>(EnumRange<E>::last)) ar.fail("unknown enumerator");
    value = static_cast<E>(ar.ok() ? raw : 0);
  } else {
    std::underlying_type_t<E> raw{};
    ar.number(raw);
    value = static_cast<E>(raw);
  }
}

inline void bool_item(Writer& ar, bool value) { ar.byte(value ? 1 : 0); }
inline void bool_item(Reader& ar, bool& value) {
  const std::uint8_t raw = ar.byte();
  if (raw > 1) ar.fail("neither true nor false");
  value = raw == 1;
}

inline void instant_item(Writer& ar, model::Instant value) { ar.fixed(value.time_since_epoch().count()); }
inline void instant_item(Reader& ar, model::Instant& value) {
  value = model::Instant{model::Duration{ar.fixed()}};
}

template <class T>
void optional_item(Writer& ar, const std::optional<T>& value) {
  bool_item(ar, value.has_value());
  if (value) item(ar, *value);
}
template <class T>
void optional_item(Reader& ar, std::optional<T>& value) {
  bool present = false;
  bool_item(ar, present);
  value.reset();
  if (present) item(ar, value.emplace());
}

template <class C>
void container_item(Writer& ar, const C& values) {
  ar.varint(values.size());
  for (const auto& value : values) item(ar, value);
}
template <class T>
void container_item(Reader& ar, std::vector<T>& values) {
  values.clear();
  for (std::size_t left = ar.count(); left > 0 && ar.ok(); --left) item(ar, values.emplace_back());
}
template <class K, class V>
void container_item(Reader& ar, std::map<K, V>& values) {
  values.clear();
  for (std::size_t left = ar.count(); left > 0 && ar.ok(); --left) {
    std::pair<K, V> entry;
    item(ar, entry);
    if (!values.empty() && !(values.rbegin()->first < entry.first)) ar.fail("keys out of order");
    if (ar.ok()) values.insert(values.end(), std::move(entry));
  }
}
template <class K>
void container_item(Reader& ar, std::set<K>& values) {
  values.clear();
  for (std::size_t left = ar.count(); left > 0 && ar.ok(); --left) {
    K key;
    item(ar, key);
    if (!values.empty() && !(*values.rbegin() < key)) ar.fail("keys out of order");
    if (ar.ok()) values.insert(values.end(), std::move(key));
  }
}

template <class... Ts>
void variant_item(Writer& ar, const std::variant<Ts...>& value) {
  ar.byte(static_cast<std::uint8_t>(value.index()));
  std::visit([&](const auto& held) { item(ar, held); }, value);
}
template <class... Ts>
void variant_item(Reader& ar, std::variant<Ts...>& value) {
  const std::uint8_t index = ar.byte();
  if (index >= sizeof...(Ts)) ar.fail("unknown alternative");
  if (!ar.ok()) return;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((index == I ? item(ar, value.template emplace<I>()) : void()), ...);
  }
  (std::index_sequence_for<Ts...>{});
}

template <class Ar, class Tag, class Rep>
void id_item(Ar& ar, const model::StrongId<Tag, Rep>& value) {
  item(ar, value.value);
}
template <class Ar, class Tag, class Rep>
void id_item(Ar& ar, model::StrongId<Tag, Rep>& value) {
  item(ar, value.value);
}

template <class Ar, class T>
void item(Ar& ar, T& value) {
  using U = std::remove_const_t<T>;
  if constexpr (std::is_same_v<U, bool>)
    bool_item(ar, value);
  else if constexpr (std::is_enum_v<U>)
    enum_item(ar, value);
  else if constexpr (std::is_integral_v<U>)
    ar.number(value);
  else if constexpr (std::is_same_v<U, std::string>)
    ar.text(value);
  else if constexpr (std::is_same_v<U, model::Instant>)
    instant_item(ar, value);
  else if constexpr (is_a<U, model::StrongId>)
    id_item(ar, value);
  else if constexpr (is_a<U, std::optional>)
    optional_item(ar, value);
  else if constexpr (is_a<U, std::variant>)
    variant_item(ar, value);
  else if constexpr (is_a<U, std::vector> || is_a<U, std::map> || is_a<U, std::set>)
    container_item(ar, value);
  else if constexpr (is_a<U, std::pair>)
    ar(value.first, value.second);
  else if constexpr (!std::is_empty_v<U>)
    fields(ar, value);
}

} // namespace bulkhead::persistence
