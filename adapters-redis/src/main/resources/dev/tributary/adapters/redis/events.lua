-- What publish.lua, commit.lua and settle.lua share: how an event is appended, and how causes are found that are marked.
--
-- KEYS[1] stream  ARGV[2…7] the names of events' fields, in the order of their values

local stream = KEYS[1]
local ID, TYPE, KEY, TIMESTAMP, EVENT, TRACE = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- As a mark's score: made of a number, redis-server would write it anew for each.
local stamp = string.format('%.0f', now)

local function isError(reply)
  return type(reply) == 'table' and reply.err ~= nil
end

-- By redis.call or redis.pcall; of an event with 5 or 6 values, of which the first stands behind this place in ARGV.
local function append(call, values, i)
  if values == 5 then
    return call('XADD', stream, '*', ID, ARGV[i + 1], TYPE, ARGV[i + 2], KEY, ARGV[i + 3], TIMESTAMP, ARGV[i + 4], EVENT, ARGV[i + 5])
  end
  return call('XADD', stream, '*', ID, ARGV[i + 1], TYPE, ARGV[i + 2], KEY, ARGV[i + 3], TIMESTAMP, ARGV[i + 4], EVENT, ARGV[i + 5],
    TRACE, ARGV[i + 6])
end

-- Which of these causes are marked already, by cause; or nil, and what is wrong with the key.
local function askForMarks(key, causes)
  local scores = redis.pcall('ZMSCORE', key, unpack(causes))
  if isError(scores) then
    return nil, scores.err
  end
  local known = {}
  for i, cause in ipairs(causes) do
    known[cause] = scores[i] and true
  end
  return known
end

