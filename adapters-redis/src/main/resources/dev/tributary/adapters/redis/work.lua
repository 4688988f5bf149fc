-- What commit.lua and settle.lua share: to read what works change and emit, to check it, and to write it. Redis rolls nothing back: all checks of
-- a work stand before its first write.
--
-- KEYS[1] stream
-- ARGV[1] numbers, big-endian  ARGV[2…7] as events.lua says
--
-- A work's part, each from where the script has put its place to:
-- numbers  for each change: is it listed (a byte), ms to keep it (a double; 0: for ever); for each event: how many values (a byte)
-- KEYS     for each change: its key, and its list's if it is listed
-- ARGV     for each change: expected version (0: none), state, list member if it is listed; for each event: its values

local numbers = ARGV[1]
local unpackNumbers, call, NONE = struct.unpack, redis.call, {}

-- The places: the next number, the last key and the last argument that were read.
local position, keyAt, at = 1, 1, 7

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

local function write(changes, events)
  for i = 1, #events, 2 do
    append(call, events[i], events[i + 1])
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

