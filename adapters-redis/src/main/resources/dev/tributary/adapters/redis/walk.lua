-- Walks through what is pending in a partition, in order, for its owner: takes over what earlier owners left, and what strangers have had for
-- longer than a lease. Who reads without ever having had the partition is a stranger; what he has is in no order until then.
--
-- KEYS[1] stream  KEYS[2] lease: owner, fence, until, news  KEYS[3] due: entry id by time of its retry
-- KEYS[4] retry: entry id to 'attempts:first failure'  KEYS[5] consumers: name by time of its last sign of life
-- KEYS[6] former owners: name by when each ceased to be it
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] fencing number  ARGV[4] from which id on: '-', or '(' and the last that was seen
-- ARGV[5] to which: '+', or one id  ARGV[6] how many at most  ARGV[7] lease, ms
--
-- Reply: { 'lost' } if the partition is somebody else's; else { 'walked', last id that was looked at, '' if that was all,
--          { ids of entries that are gone }, how many were others', { { entry id, delivery count, failed attempts, ms until it is due, { field, value, … } }, … } }

local stream, lease, due, retry = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, consumer, limit, length = ARGV[1], ARGV[2], tonumber(ARGV[6]), tonumber(ARGV[7])
if not holdsPartition(lease, consumer, ARGV[3]) then
  return { 'lost' }
end

-- Clocks that round: what is looked at because its time has come is due.
local SLACK = 50
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local gone, found, taken = {}, {}, 0

local function record(id)
  redis.call('XACK', stream, group, id)
  redis.call('ZREM', due, id)
  redis.call('HDEL', retry, id)
  gone[#gone + 1] = id
end

local function dueAt(id)
  return tonumber(redis.call('ZSCORE', due, id) or '0')
end

local function add(id, deliveries, fields)
  local attempts = string.match(redis.call('HGET', retry, id) or '0', '^%d+')
  local at = dueAt(id)
  found[#found + 1] = { id, deliveries, tonumber(attempts), math.max(0, at - now), fields }
end

local function keep(id, deliveries, entry)
  if entry then
    add(id, deliveries, entry[2])
  else
    record(id)
  end
end

-- What a redrive put back stays in its holder's hands until it is due, so that everybody sees how far that is; its owner knows of it, and takes
-- it then. Not handed out before, it is no further delivery.
local function isRedriven(id, owner)
  if owner ~= REDRIVEN then
    return false
  end
  if dueAt(id) <= now + SLACK then
    redis.call('XCLAIM', stream, group, consumer, 0, id, 'JUSTID')
  end
  return true
end

local others = {}
local pending = redis.call('XPENDING', stream, group, ARGV[4], ARGV[5], limit)
for _, each in ipairs(pending) do
  local id, owner, idle, deliveries = each[1], each[2], each[3], each[4]
  if owner == consumer or isRedriven(id, owner) then
    keep(id, deliveries, redis.call('XRANGE', stream, id, id)[1])
  elseif owner == WAITING or idle >= length or isOneOfOurs(owner, KEYS[5], KEYS[6]) then
    taken = taken + 1
    others[owner] = true
    keep(id, deliveries + 1, redis.call('XCLAIM', stream, group, consumer, 0, id)[1])
  end
end
-- Who had left, and whose read came late, became a consumer once more by it.
for owner in pairs(others) do
  if redis.call('ZSCORE', KEYS[6], owner) and not redis.call('ZSCORE', KEYS[5], owner) then
    leaveGroup(stream, group, owner, KEYS[5])
  end
end
return { 'walked', #pending == limit and pending[#pending][1] or '', gone, taken, found }
