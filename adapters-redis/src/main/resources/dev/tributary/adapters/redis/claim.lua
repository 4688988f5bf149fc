-- Takes over deliveries that nobody works on: those whose retry is due, and those whose lease has run out.
--
-- KEYS[1] stream  KEYS[2] due: entry id by time of its retry  KEYS[3] retry: entry id to 'attempts:first failure'
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] lease, ms  ARGV[4] how many at most
-- ARGV[5] from which id on to walk through what consumers have that have very much: '-', or '(' and the last that was seen
-- ARGV[6] over how many to walk at most; 0: not now
--
-- Reply: { from which id on to walk next, '-' if the walk has ended or there is none; over how many it walked; how many are pending;
--          ms until the next retry is due (-1: none waits), { ids of entries that are gone },
--          { { entry id, delivery count, failed attempts, { field, value, … } }, … } }

local stream, due, retry = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, lease, limit = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
-- Of a consumer that has no more than this all is looked at: that takes a ms or two. Who has more is walked through, a piece at a time.
local LOOKED_AT_ALL = 10000
local PAGE = 100

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

-- What waits for its retry has no lease, whoever left it behind.
local function take(id)
  if not redis.call('ZSCORE', due, id) then
    claim(id)
  elseif not redis.call('XCLAIM', stream, group, WAITING, 0, id, 'JUSTID')[1] then
    record(id)
  end
end

-- Each that is taken is no longer among what is free of that consumer, nor is what only waits for its retry.
local function takeFrom(name)
  for _ = 1, LOOKED_AT_ALL / PAGE do
    local free = #claimed < limit and redis.call('XPENDING', stream, group, 'IDLE', lease, '-', '+', PAGE, name) or {}
    for _, each in ipairs(free) do
      if #claimed >= limit then
        return
      end
      take(each[1])
    end
    if #free < PAGE then
      return
    end
  end
end

-- Of one that has died all is free, its first as well: what follows are the first next time.
local function takeFirstOf(name)
  local first = #claimed < limit and redis.call('XPENDING', stream, group, '-', '+', limit - #claimed, name) or {}
  for _, each in ipairs(first) do
    if each[3] >= lease then
      take(each[1])
    end
  end
end

for _, id in ipairs(redis.call('ZRANGE', due, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit)) do
  redis.call('ZREM', due, id)
  if redis.call('XPENDING', stream, group, id, id, 1)[1] then
    claim(id)
  else
    forget(id)
  end
end

local pending = redis.call('XPENDING', stream, group)
local nobodys, much = 0, false
for _, each in ipairs(pending[4] or {}) do
  local name, count = each[1], tonumber(each[2])
  if name == WAITING or name == REDRIVEN then
    nobodys = nobodys + count
  elseif count <= LOOKED_AT_ALL then
    takeFrom(name)
  else
    much = true
    takeFirstOf(name)
  end
end

-- Each that is nobody's has its time; else somebody has deleted times, and they would lie for ever.
local walks = much or nobodys > redis.call('ZCARD', due)
local next, walked = walks and ARGV[5] or '-', 0
if walks and ARGV[6] ~= '0' then
  local found = redis.call('XPENDING', stream, group, ARGV[5], '+', ARGV[6])
  for _, each in ipairs(found) do
    if #claimed >= limit then
      break
    end
    local waits = each[2] == WAITING or each[2] == REDRIVEN
    if each[3] >= lease and not (waits and redis.call('ZSCORE', due, each[1])) then
      take(each[1])
    end
    walked = walked + 1
    next = '(' .. each[1]
  end
  if walked == #found and walked < tonumber(ARGV[6]) then
    next = '-'
  end
end

local nextDue = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2]
return { next, walked, pending[1], nextDue and math.max(0, nextDue - now) or -1, gone, claimed }
