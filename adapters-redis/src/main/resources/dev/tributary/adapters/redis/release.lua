-- Gives deliveries back: another consumer may take them at once.
--
-- KEYS[1] stream  KEYS[2] consumers: name by time of its last sign of life
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] lease, ms  ARGV[4] 'leave': leave the group too, unless something is still pending; else 'stay'
-- ARGV[5…] entry id, delivery count, entry id, delivery count …
--
-- Reply: {}

for i = 5, #ARGV, 2 do
  if holdsEntry(KEYS[1], ARGV[1], ARGV[2], ARGV[i], tonumber(ARGV[i + 1])) and exists(KEYS[1], ARGV[i]) then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'IDLE', ARGV[3], 'JUSTID')
  end
end
if ARGV[4] == 'leave' then
  leaveGroup(KEYS[1], ARGV[1], ARGV[2], KEYS[2])
end
return {}
