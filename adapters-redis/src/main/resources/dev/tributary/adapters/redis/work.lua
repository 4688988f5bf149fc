-- What commit.lua and settle.lua share: to read what works change and emit, to check it, and to write it. Redis rolls nothing back: all checks of
-- a work stand before its first write.
--
-- KEYS[1] stream
-- ARGV[1] numbers, big-endian  ARGV[2…7] the names of events' fields, in the order of their values
--
-- A work's part, each from where the script has put its place to:
-- numbers  for each change: is it listed (a byte), ms to keep it (a double; 0: for ever); for each event: how many values (a byte)
-- KEYS     for each change: its key, and its list's if it is listed
-- ARGV     for each change: expected version (0: none), state, list member if it is listed; for each event: its values

local stream, numbers = KEYS[1], ARGV[1]
local ID, TYPE, KEY, TIMESTAMP, EVENT, TRACE = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local unpackNumbers, call, NONE = struct.unpack, redis.call, {}
local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- The places: the next number, the last key and the last argument that were read.
local position, keyAt, at = 1, 1, 7

local function isError(reply)
  return type(reply) == 'table' and reply.err ~= nil
end

local function readChange()
  local listed, lifetime
  listed, lifetime, position = unpackNumbers('>Bd', numbers, position)
  local change = {
    key = KEYS[keyAt + 1], lifetime = lifetime, expected = ARGV[at + 1], state = ARGV[at + 2],
    list = listed == 1 and KEYS[keyAt + 2], member = listed == 1 and ARGV[at + 3]
  }
  keyAt, at = keyAt + 1 + listed, at + 2 + listed
  return change
end

local function readChanges(count)
  if count == 0 then
    return NONE
  end
  local changes = {}
  for i = 1, count do
    changes[i] = readChange()
  end
  return changes
end

-- Of each event: how many values it has, and the place before the first.
local function readEvents(count)
  if count == 0 then
    return NONE
  end
  local events = {}
  for i = 1, count do
    local values
    values, position = unpackNumbers('B', numbers, position)
    events[2 * i - 1], events[2 * i] = values, at
    at = at + values
  end
  return events
end

-- The number of the change whose state has moved on; or nil, and what is wrong with a key.
local function findConflict(changes)
  for i, change in ipairs(changes) do
    local version = redis.pcall('HGET', change.key, 'v')
    if isError(version) then
      return nil, version.err
    end
    if (version or '0') ~= change.expected then
      return i
    end
    local listed = change.list and redis.pcall('ZCARD', change.list)
    if isError(listed) then
      return nil, listed.err
    end
  end
end

local function append(values, i)
  if values == 5 then
    call('XADD', stream, '*', ID, ARGV[i + 1], TYPE, ARGV[i + 2], KEY, ARGV[i + 3], TIMESTAMP, ARGV[i + 4], EVENT, ARGV[i + 5])
  else
    call('XADD', stream, '*', ID, ARGV[i + 1], TYPE, ARGV[i + 2], KEY, ARGV[i + 3], TIMESTAMP, ARGV[i + 4], EVENT, ARGV[i + 5],
      TRACE, ARGV[i + 6])
  end
end

local function write(changes, events)
  for i = 1, #events, 2 do
    append(events[i], events[i + 1])
  end
  for _, change in ipairs(changes) do
    call('HSET', change.key, 'v', change.expected + 1, 's', change.state)
    if change.lifetime ~= 0 then
      call('PEXPIRE', change.key, change.lifetime)
    end
    if change.list then
      call('ZADD', change.list, 0, change.member)
    end
  end
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
