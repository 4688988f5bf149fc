-- What several scripts need to tell whose a delivery is: whoever took its entry over has another delivery count, and whoever took over a
-- partition that is read in order has another fencing number.

-- Where a group competes there is no number, and nothing to hold.
local function holdsPartition(lease, consumer, fence)
  if fence == '0' then
    return true
  end
  local held = redis.pcall('HMGET', lease, 'owner', 'fence')
  return not held.err and held[1] == consumer and held[2] == fence
end

local function holdsEntry(stream, group, consumer, entry, deliveries)
  local pending = redis.pcall('XPENDING', stream, group, entry, entry, 1)
  if pending.err then
    return false -- the group or the stream is gone, and the delivery with it
  end
  local found = pending[1]
  return found ~= nil and found[2] == consumer and found[4] == deliveries
end

-- XCLAIM drops an entry that was deleted from the pending list, and says so to nobody. Who only moves it or renews its lease leaves it, to whoever
-- takes over what has no lease or is due, and reports it as gone; until then it can still be settled.
local function exists(stream, id)
  return redis.call('XRANGE', stream, id, id)[1] ~= nil
end

