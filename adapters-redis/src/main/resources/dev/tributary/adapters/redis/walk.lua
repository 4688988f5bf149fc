-- Walks through what is pending in a partition, in order, for its owner: takes over what others have.
--
-- KEYS[1] stream  KEYS[2] lease: owner, fence, until, news  KEYS[3] due: entry id by time of its retry
-- KEYS[4] retry: entry id to 'attempts:first failure'
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] fencing number  ARGV[4] from which id on: '-', or '(' and the last that was seen
-- ARGV[5] how many at most
--
-- Reply: { 'lost' } if the partition is somebody else's; else { 'walked', last id that was looked at, '' if that was all,
--          { ids of entries that are gone }, how many were others', { { entry id, delivery count, failed attempts, ms until it is due, { field, value, … } }, … } }

local stream, lease, due, retry = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, consumer, limit = ARGV[1], ARGV[2], tonumber(ARGV[5])
if not holdsPartition(lease, consumer, ARGV[3]) then
  return { 'lost' }
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local gone, found, taken = {}, {}, 0

local function record(id)
  redis.call('XACK', stream, group, id)
  redis.call('ZREM', due, id)
  redis.call('HDEL', retry, id)
  gone[#gone + 1] = id
end

local function add(id, deliveries, fields)
  local attempts = string.match(redis.call('HGET', retry, id) or '0', '^%d+')
  local at = tonumber(redis.call('ZSCORE', due, id) or '0')
  found[#found + 1] = { id, deliveries, tonumber(attempts), math.max(0, at - now), fields }
end

local pending = redis.call('XPENDING', stream, group, ARGV[4], '+', limit)
for _, each in ipairs(pending) do
  local id, owner, deliveries = each[1], each[2], each[4]
  local entry
  if owner == consumer then
    entry = redis.call('XRANGE', stream, id, id)[1]
  else
    entry = redis.call('XCLAIM', stream, group, consumer, 0, id)[1]
    deliveries = deliveries + 1
    taken = taken + 1
  end
  if entry then
    add(id, deliveries, entry[2])
  else
    record(id)
  end
end
return { 'walked', #pending == limit and pending[#pending][1] or '', gone, taken, found }
