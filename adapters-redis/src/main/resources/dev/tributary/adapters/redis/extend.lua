-- Renews the lease of deliveries in hand.
--
-- KEYS[1] stream
-- ARGV[1] group  ARGV[2] consumer  ARGV[3…] entry id, delivery count, entry id, delivery count …
--
-- Reply: those that are no longer ours: entry id, delivery count, entry id, delivery count …

-- XCLAIM drops an entry that was deleted from the pending list, and says so to nobody. It is left to whoever takes over
-- what has no lease, and reports it as gone; until then it can still be settled.
local function exists(id)
  return redis.call('XRANGE', KEYS[1], id, id)[1] ~= nil
end

-- A group or stream that is gone answers with an error, which has no first element: lost as well.
local lost = {}
for i = 3, #ARGV, 2 do
  local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if pending and pending[2] == ARGV[2] and pending[4] == tonumber(ARGV[i + 1]) then
    if exists(ARGV[i]) then
      redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
    end
  else
    lost[#lost + 1] = ARGV[i]
    lost[#lost + 1] = ARGV[i + 1]
  end
end
return lost
