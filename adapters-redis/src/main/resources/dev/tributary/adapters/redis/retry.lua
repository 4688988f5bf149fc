-- Notes a failed attempt and when the next is due. The delivery stays in the group's pending list: other groups never see a retry.
--
-- KEYS[1] stream  KEYS[2] due: entry id by time of its retry  KEYS[3] retry: entry id to 'attempts:first failure'
-- KEYS[4] lease: owner, fence, until, news
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] entry id  ARGV[4] delivery count  ARGV[5] delay, ms  ARGV[6] attempts so far  ARGV[7] fencing number (0: none)
--
-- Reply: { 1 }, or { 0 } if the delivery is no longer ours

local stream, group, consumer, id, deliveries = KEYS[1], ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

if not holdsPartition(KEYS[4], consumer, ARGV[7]) or not holdsEntry(stream, group, consumer, id, deliveries) then
  return { 0 }
end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local known = redis.call('HGET', KEYS[3], id)
local first = known and string.match(known, ':(%d+)$') or string.format('%.0f', now)
redis.call('HSET', KEYS[3], id, ARGV[6] .. ':' .. first)
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[5]), id)
if ARGV[7] == '0' and exists(stream, id) then
  redis.call('XCLAIM', stream, group, WAITING, 0, id, 'JUSTID')
end
return { 1 }
