-- Notes that a consumer is alive, and makes its group, and the stream, if it is not there: from its checkpoint, where the stream is still the one that the checkpoint
-- was taken of, else from the first entry.
--
-- KEYS[1] stream  KEYS[2] checkpoint: 'entry id, entries added'  KEYS[3] due: entry id by time of its retry
-- KEYS[4] retry: entry id to 'attempts:first failure'  KEYS[5] consumers: name by time of its last sign of life
-- ARGV[1] group  ARGV[2] consumer, who is about to read
--
-- Reply: { 0 } if it is there; { 1, the id that it starts behind, its checkpoint or '' } if it was made

local stream, group = KEYS[1], ARGV[1]

-- A stream that was deleted and made again counts its entries from 0, and may give ids below the checkpoint.
local function isSameStream(id, added)
  local info = redis.pcall('XINFO', 'STREAM', stream)
  if info.err then
    return false
  end
  return not isBefore(field(info, 'last-generated-id'), id) and tonumber(added) <= field(info, 'entries-added')
end

local clock = redis.call('TIME')
redis.call('ZADD', KEYS[5], clock[1] * 1000 + math.floor(clock[2] / 1000), ARGV[2])

if groupInfo(stream, group) then
  return { 0 }
end

local checkpoint = redis.call('GET', KEYS[2]) or ''
local id, added = string.match(checkpoint, '^(%d+%-%d+) (%d+)$')
local start = id and isSameStream(id, added) and id or '0-0'
redis.call('XGROUP', 'CREATE', stream, group, start, 'MKSTREAM')
redis.call('DEL', KEYS[3], KEYS[4])
return { 1, start, checkpoint }
