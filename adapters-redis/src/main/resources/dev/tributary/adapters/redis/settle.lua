-- Settles a list of one consumer's deliveries, each for itself: state changes, events, the mark that its cause was handled, and the
-- acknowledgement. A work sees what those before it did; what all ask for is asked for together, and marks and acknowledgements are written
-- together after the last.
--
-- KEYS[1] stream  KEYS[2] handled: causes by time  KEYS[3] lease  KEYS[4] retry  KEYS[5] due  KEYS[6…] as work.lua says
-- ARGV[1] numbers: how many deliveries (4 bytes); for each: delivery count, fencing number (0: none; doubles each), does anything tell of it
--         beside the pending list (a byte), how many changes, how many events (4 bytes each), and as work.lua says
-- ARGV[2…7] as events.lua says  ARGV[8] group  ARGV[9] consumer
-- ARGV[10…] the entry ids of all deliveries; the causes of all, empty where nothing is to be remembered; then as work.lua says
--
-- Reply: how many deliveries; of each that is not committed its number and 'duplicate', 'fenced', 'conflict <number of the change>' or
--        'error <text>'

local handled, lease, retry, due = KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local group, consumer = ARGV[8], ARGV[9]
local count
count, position = unpackNumbers('>I4', numbers, position)
keyAt, at = 5, 9 + 2 * count

-- Delivery counts of what the consumer has, by entry id. Not found here may be one among others of its own, and one beside the bounds, for they
-- are those of a plain comparison, which knows nothing of times with more or fewer digits: it is asked for by itself.
local function askForDeliveries()
  local first, last = ARGV[10], ARGV[10]
  for i = 11, 9 + count do
    local entry = ARGV[i]
    first = entry < first and entry or first
    last = last < entry and entry or last
  end
  local pending = {}
  local found = redis.pcall('XPENDING', stream, group, string.match(first, '^%d+'), string.match(last, '^%d+'), 2 * count, consumer)
  for _, entry in ipairs(not isError(found) and found or NONE) do
    pending[entry[1]] = entry[4]
  end
  return pending
end

local function askForHandled()
  local causes = {}
  for i = 10 + count, 9 + 2 * count do
    if ARGV[i] ~= '' then
      causes[#causes + 1] = ARGV[i]
    end
  end
  if causes[1] then
    return askForMarks(handled, causes)
  end
  return NONE
end

local tenure

-- Of several tenures at most one is the present one.
local function hasTenure(fence)
  if fence ~= 0 and tenure == nil then
    local held = redis.pcall('HMGET', lease, 'owner', 'fence')
    tenure = not held.err and held[1] == consumer and tonumber(held[2])
  end
  return fence == 0 or fence == tenure
end

local pending = count > 1 and askForDeliveries() or NONE
local known, broken = askForHandled()
local settled, marks = {}, {}

local function holds(entry, deliveries, fence)
  if settled[entry] or not hasTenure(fence) then
    return false
  end
  local delivered = pending[entry]
  if delivered then
    return delivered == deliveries
  end
  return holdsEntry(stream, group, consumer, entry, deliveries)
end

local function acknowledge(entry, noted)
  settled[entry] = true
  settled[#settled + 1] = entry
  if noted == 1 then
    call('HDEL', retry, entry)
    call('ZREM', due, entry)
  end
end

-- Not before its entry, whose id may be ahead of the clock: a mark has to outlive the entry that it guards.
local function mark(cause, entry)
  known[cause] = true
  marks[#marks + 1] = math.max(now, tonumber(string.match(entry, '^%d+')))
  marks[#marks + 1] = cause
end

local function settleWork(entry, cause, deliveries, fence, noted, changes, events)
  changes, events = readChanges(changes), readEvents(events)
  if cause ~= '' and broken then
    return 'error ' .. broken
  end
  local held = holds(entry, deliveries, fence)
  if cause ~= '' and known[cause] then
    if held then
      acknowledge(entry, noted)
    end
    -- A write, for who waits until replicas have it: where the first reply was lost, nobody has waited for that yet.
    mark(cause, entry)
    return 'duplicate'
  end
  if not held then
    return 'fenced'
  end
  local conflict, wrong = findConflict(changes)
  if wrong then
    return 'error ' .. wrong
  end
  if conflict then
    return 'conflict ' .. conflict
  end
  write(changes, events)
  if cause ~= '' then
    mark(cause, entry)
  end
  acknowledge(entry, noted)
end

-- Nothing if it is committed. Most deliveries change nothing, and are through in half the time.
local function settle(entry, cause)
  local deliveries, fence, noted, changes, events
  deliveries, fence, noted, changes, events, position = unpackNumbers('>ddBI4I4', numbers, position)
  if cause ~= '' or changes + events > 0 then
    return settleWork(entry, cause, deliveries, fence, noted, changes, events)
  end
  if not holds(entry, deliveries, fence) then
    return 'fenced'
  end
  acknowledge(entry, noted)
end

local replies = { count }
-- A command that fails unforeseen ends the script, but what was written before it is marked and acknowledged all the same.
local ended, failure = pcall(function()
  for i = 1, count do
    local refusal = settle(ARGV[9 + i], ARGV[9 + count + i])
    if refusal then
      replies[#replies + 1], replies[#replies + 2] = i, refusal
    end
  end
end)
if marks[1] then
  call('ZADD', handled, unpack(marks))
end
if settled[1] then
  call('XACK', stream, group, unpack(settled))
end
if not ended then
  error(failure)
end
return replies
