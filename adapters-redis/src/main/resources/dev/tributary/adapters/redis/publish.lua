-- Does what commit.lua does for a list of works of which each is one event, marked by its own id: with no table for each, in half the time.
--
-- KEYS[1] stream  KEYS[2] published: event id by time
-- ARGV[1] a digit for each event: how many values it has  ARGV[2…7] the names of events' fields, in the order of their values
-- ARGV[8…] the values of all events, one after the other; the first of each is its id
--
-- Reply: for each event 'committed' or 'duplicate', or for each 'error <text>'

local stream, published, sizes = KEYS[1], KEYS[2], ARGV[1]
local ID, TYPE, KEY, TIMESTAMP, EVENT, TRACE = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local byte, pcall = string.byte, redis.pcall
local replies = {}

local ids, first = {}, 8
for i = 1, #sizes do
  ids[i] = ARGV[first]
  first = first + byte(sizes, i) - 48
end
local marked = pcall('ZMSCORE', published, unpack(ids))
if marked.err then
  for i = 1, #sizes do
    replies[i] = 'error ' .. marked.err
  end
  return replies
end

-- Also those that were there already are marked once more: a write, for who waits until replicas have it, where the first reply was lost.
local seen, marks, failure = {}, {}, nil
local at = 8
for i, id in ipairs(ids) do
  local size = byte(sizes, i) - 48
  if marked[i] or seen[id] then
    replies[i] = 'duplicate'
  else
    local added
    if size == 5 then
      added = pcall('XADD', stream, '*', ID, id, TYPE, ARGV[at + 1], KEY, ARGV[at + 2], TIMESTAMP, ARGV[at + 3], EVENT, ARGV[at + 4])
    else
      added = pcall('XADD', stream, '*', ID, id, TYPE, ARGV[at + 1], KEY, ARGV[at + 2], TIMESTAMP, ARGV[at + 3], EVENT, ARGV[at + 4],
        TRACE, ARGV[at + 5])
    end
    if type(added) == 'table' then
      failure = added
      break
    end
    seen[id] = true
    replies[i] = 'committed'
  end
  marks[2 * i - 1] = now
  marks[2 * i] = id
  at = at + size
end
-- Whatever was added before a failure is marked all the same.
if marks[1] then
  redis.call('ZADD', published, unpack(marks))
end
return failure or replies
