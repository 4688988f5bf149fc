-- Moves a delivery to its group's dead letters: the entry as it stands in the stream, why, and since when; and acknowledges it.
--
-- KEYS[1] stream  KEYS[2] the group's dead letters  KEYS[3] retry: entry id to 'attempts:first failure'
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] entry id  ARGV[4] delivery count
-- ARGV[5] attempts  ARGV[6] reason  ARGV[7] error class
--
-- Reply: { 1 }, or { 0 } if the delivery is no longer ours

local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)[1]
if not pending or pending[2] ~= ARGV[2] or pending[4] ~= tonumber(ARGV[4]) then
  return { 0 }
end
local clock = redis.call('TIME')
local now = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))
local known = redis.call('HGET', KEYS[3], ARGV[3])
local letter = { 'entryId', ARGV[3], 'reason', ARGV[6], 'errorClass', ARGV[7], 'attempts', ARGV[5],
  'firstFailureAt', known and string.match(known, ':(%d+)$') or now, 'lastFailureAt', now }
local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])[1]
local raw = entry and entry[2] or {}
-- Lua cannot unpack more than some 7,900 values: of an absurd entry the first fields have to do.
if #raw > 6000 then
  letter[#letter + 1] = 'cut'
  letter[#letter + 1] = #raw
end
for i = 1, math.min(#raw, 6000) do
  letter[#letter + 1] = i % 2 == 1 and 'raw:' .. raw[i] or raw[i]
end
redis.call('XADD', KEYS[2], '*', unpack(letter))
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('HDEL', KEYS[3], ARGV[3])
return { 1 }
