-- Tends a group: notes that a consumer is alive, and up to where everything is settled; removes consumers that are gone.
--
-- KEYS[1] stream  KEYS[2] consumers: name by time of its last sign of life  KEYS[3] checkpoint: 'entry id, entries added'
-- KEYS[4] former owners of the partition: name by when each ceased to be it
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] how long after its last sign of life a consumer is gone, ms
-- ARGV[4] how long one must have been idle that never gave a sign of life, ms
--
-- Reply: { names of the consumers that were removed }

local stream, consumers, group = KEYS[1], KEYS[2], ARGV[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Of a group that was set back, what is pending may lie behind what is to be delivered next.
local function settledUpTo()
  local oldest = redis.call('XPENDING', stream, group)[2]
  local delivered = field(groupInfo(stream, group), 'last-delivered-id')
  if not oldest or isBefore(delivered, oldest) then
    return delivered
  end
  return lastBefore(stream, oldest)
end

local removed = {}
-- DELCONSUMER drops what is pending, and with it the entries: never while there is any. Who was only silent and reads again, is there again.
local function remove(name)
  if not redis.call('XPENDING', stream, group, '-', '+', 1, name)[1] then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, name)
    redis.call('ZREM', consumers, name)
    if name ~= WAITING and name ~= REDRIVEN then
      removed[#removed + 1] = name
    end
  end
end

local function isUnknown(name)
  return not redis.call('ZSCORE', consumers, name)
end

local function isStale(info)
  return field(info, 'idle') > tonumber(ARGV[4])
end

-- Who had left, and whose read came late, became a consumer once more by it.
local function wasOwner(name)
  return redis.call('ZSCORE', KEYS[4], name)
end

-- Fails where the group or the stream is gone, before the first write.
local checkpoint = settledUpTo() .. ' ' .. field(redis.call('XINFO', 'STREAM', stream), 'entries-added')
if redis.call('GET', KEYS[3]) ~= checkpoint then
  redis.call('SET', KEYS[3], checkpoint)
end
redis.call('ZADD', consumers, now, ARGV[2])
for _, name in ipairs(redis.call('ZRANGE', consumers, '-inf', now - ARGV[3], 'BYSCORE')) do
  remove(name)
end
for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', stream, group)) do
  local name = field(info, 'name')
  if name == WAITING or isUnknown(name) and (isStale(info) or wasOwner(name)) then
    remove(name)
  end
end
return removed
