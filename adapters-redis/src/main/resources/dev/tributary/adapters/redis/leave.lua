-- Gives a partition up: another consumer of the group may take it at once. What is pending stays so, for the next owner to take over.
--
-- KEYS[1] stream  KEYS[2] lease: owner, fence, until, news  KEYS[3] consumers: name by time of its last sign of life
-- KEYS[4] former owners: name by when each ceased to be it
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] fencing number
--
-- Reply: {}, also if it is somebody else's

if not holdsPartition(KEYS[2], ARGV[2], ARGV[3]) then
  return {}
end
-- No owner: what it had already sent comes too late.
local clock = redis.call('TIME')
redis.call('ZADD', KEYS[4], clock[1] * 1000 + math.floor(clock[2] / 1000), ARGV[2])
redis.call('HDEL', KEYS[2], 'owner')
redis.call('HSET', KEYS[2], 'until', 0)
leaveGroup(KEYS[1], ARGV[1], ARGV[2], KEYS[3])
return {}
