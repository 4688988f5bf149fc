-- Notes that a member of a group is alive, or has gone, and tells who else is.
--
-- KEYS[1] members: name by time of its last sign of life
-- ARGV[1] member  ARGV[2] how long after its last sign of life one is gone, ms; 0: this one goes now
--
-- Reply: the names of the members that are alive

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local silence = tonumber(ARGV[2])
if silence == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
  return {}
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
-- Whole days later nobody asks any more.
redis.call('PEXPIRE', KEYS[1], 86400000 + silence)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', now - silence))
return redis.call('ZRANGE', KEYS[1], 0, -1)
