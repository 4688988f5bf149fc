-- Takes a partition for one consumer of a group, if nobody else has it, or renews its lease.
--
-- KEYS[1] lease: owner, fence, until, news  KEYS[2] former owners: name by when each ceased to be it
-- ARGV[1] consumer  ARGV[2] lease, ms  ARGV[3] the fencing number that it has; 0 to take it
--
-- Reply: { fencing number, 0 if it is somebody else's; how often entries were put back into the pending list from outside }

local lease, consumer, length, fence = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local held = redis.call('HMGET', lease, 'owner', 'fence', 'until', 'news')
local owner, known, expires, news = held[1], held[2], tonumber(held[3] or '0'), tonumber(held[4] or '0')

local function keep(number)
  redis.call('HSET', lease, 'owner', consumer, 'fence', number, 'until', string.format('%.0f', now + length))
  return { tonumber(number), news }
end

if fence ~= '0' then
  -- Also where it has run out, as long as nobody has taken it.
  return owner == consumer and known == fence and keep(fence) or { 0, news }
end
if owner and owner ~= consumer and expires > now then
  return { 0, news }
end
-- A read of theirs may still be on its way. What it brings them is not a stranger's, to be left alone for a lease, but comes before anything newer.
-- A day later no connection is left by which it could come.
if owner and owner ~= consumer then
  redis.call('ZADD', KEYS[2], now, owner)
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 86400000)
-- Never a number that there was before, also where the last ones were lost with a primary.
return keep(string.format('%.0f', math.max(tonumber(known or '0') + 1, now)))
