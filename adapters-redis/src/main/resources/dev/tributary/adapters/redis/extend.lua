-- Renews the lease of deliveries in hand.
--
-- KEYS[1] stream
-- ARGV[1] group  ARGV[2] consumer  ARGV[3…] entry id, delivery count, entry id, delivery count …
--
-- Reply: those that are no longer ours: entry id, delivery count, entry id, delivery count …

local lost = {}
for i = 3, #ARGV, 2 do
  if holdsEntry(KEYS[1], ARGV[1], ARGV[2], ARGV[i], tonumber(ARGV[i + 1])) then
    if exists(KEYS[1], ARGV[i]) then
      redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
    end
  else
    lost[#lost + 1] = ARGV[i]
    lost[#lost + 1] = ARGV[i + 1]
  end
end
return lost
