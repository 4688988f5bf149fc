-- Renews the lease of deliveries in hand.
--
-- KEYS[1] stream
-- ARGV[1] group  ARGV[2] consumer  ARGV[3…] entry id, delivery count, entry id, delivery count …
--
-- Reply: the ids of those that are no longer ours

-- A group or stream that is gone answers with an error, which has no first element: lost as well.
local lost = {}
for i = 3, #ARGV, 2 do
  local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if pending and pending[2] == ARGV[2] and pending[4] == tonumber(ARGV[i + 1]) then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
