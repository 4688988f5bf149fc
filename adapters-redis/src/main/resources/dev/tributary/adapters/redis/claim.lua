-- Takes over deliveries that nobody works on: those whose retry is due, and those whose lease has run out.
--
-- KEYS[1] stream  KEYS[2] due: entry id by time of its retry  KEYS[3] retry: entry id to 'attempts:first failure'
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] lease, ms  ARGV[4] how many at most  ARGV[5] cursor, '0-0' to begin with
--
-- Reply: { next cursor, ms until the next retry is due (-1: none waits), { ids of entries that are gone },
--          { { entry id, delivery count, failed attempts, { field, value, … } }, … } }

local stream, due, retry = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, lease, limit, cursor = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local SCANS = 20

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local gone, claimed = {}, {}

local function forget(id)
  redis.call('ZREM', due, id)
  redis.call('HDEL', retry, id)
end

local function record(id)
  forget(id)
  gone[#gone + 1] = id
end

-- Without JUSTID, so that the delivery count grows: with the owner it is the fence.
local function claim(id)
  local entry = redis.call('XCLAIM', stream, group, consumer, 0, id)[1]
  if not entry then
    record(id)
    return
  end
  local deliveries = redis.call('XPENDING', stream, group, id, id, 1)[1][4]
  local attempts = string.match(redis.call('HGET', retry, id) or '0', '^%d+')
  claimed[#claimed + 1] = { id, deliveries, tonumber(attempts), entry[2] }
end

for _, id in ipairs(redis.call('ZRANGE', due, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit)) do
  redis.call('ZREM', due, id)
  if redis.call('XPENDING', stream, group, id, id, 1)[1] then
    claim(id)
  else
    forget(id)
  end
end

-- XAUTOCLAIM looks at ten times COUNT entries and may find none of them free: go on where it stopped.
for _ = 1, SCANS do
  if #claimed >= limit then
    break
  end
  local found = redis.call('XAUTOCLAIM', stream, group, consumer, lease, cursor, 'COUNT', limit - #claimed, 'JUSTID')
  cursor = found[1]
  for _, id in ipairs(found[3] or {}) do
    record(id)
  end
  for _, id in ipairs(found[2]) do
    if not redis.call('ZSCORE', due, id) then
      claim(id)
    end
  end
  if cursor == '0-0' then
    break
  end
end

local nextDue = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2]
return { cursor, nextDue and math.max(0, nextDue - now) or -1, gone, claimed }
