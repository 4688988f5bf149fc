-- Moves a delivery to its group's dead letters: the entry as it stands in the stream, why, and since when; and acknowledges it.
--
-- KEYS[1] stream  KEYS[2] the group's dead letters  KEYS[3] retry: entry id to 'attempts:first failure'
-- KEYS[4] due: entry id by time of its retry  KEYS[5] lease: owner, fence, until, news
-- KEYS[6] parked: key, blank and padded entry id of the dead letters that later ones of their key wait behind
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] entry id  ARGV[4] delivery count
-- ARGV[5] attempts  ARGV[6] reason  ARGV[7] error class  ARGV[8] fencing number (0: none)
-- ARGV[9] the key that later ones wait of; '': they do not wait
--
-- Reply: { 1 }, or { 0 } if the delivery is no longer ours

if not holdsPartition(KEYS[5], ARGV[2], ARGV[8]) or not holdsEntry(KEYS[1], ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])) then
  return { 0 }
end
local clock = redis.call('TIME')
local now = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))
local known = redis.call('HGET', KEYS[3], ARGV[3])
local letter = { 'entryId', ARGV[3], 'reason', ARGV[6], 'errorClass', ARGV[7], 'attempts', ARGV[5],
  'firstFailureAt', known and string.match(known, ':(%d+)$') or now, 'lastFailureAt', now }
if ARGV[9] ~= '' then
  letter[#letter + 1] = 'parks'
  letter[#letter + 1] = ARGV[9]
  redis.call('ZADD', KEYS[6], 0, parkedAs(ARGV[9], ARGV[3]))
end
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
redis.call('ZREM', KEYS[4], ARGV[3])
return { 1 }
