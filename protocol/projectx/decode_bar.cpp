#include "protocol/projectx/objects.hpp"

namespace bulkhead::protocol::projectx {

model::Result<Bar> to_bar(const Members& members) {
  FieldReader read(members);
  Bar bar;
  bar.opened_at = read.required_instant(Member::bar_time);
  bar.open = read.required_price(Member::bar_open);
  bar.high = read.required_price(Member::bar_high);
  bar.low = read.required_price(Member::bar_low);
  bar.close = read.required_price(Member::bar_close);
  bar.volume = read.optional_whole(Member::bar_volume).value_or(0);
  if (bar.volume < 0) read.fail(model::Errc::out_of_range, Member::bar_volume, "negative");
  return read.finish(bar);
}

} // namespace bulkhead::protocol::projectx
