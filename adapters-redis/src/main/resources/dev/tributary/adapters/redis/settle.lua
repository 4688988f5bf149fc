-- Settles a list of one consumer's deliveries, each for itself: state changes, events, the mark that its cause was handled, and the
-- acknowledgement. A work sees what those before it did; what all ask for is asked for together, and marks and acknowledgements are written
-- together after the last.
--
-- KEYS[1] stream  KEYS[2] handled: causes by time  KEYS[3] lease  KEYS[4] retry  KEYS[5] due  KEYS[6…] as work.lua says
-- ARGV[1] numbers: how many deliveries, how many of them are no plain ones (4 bytes each), fencing number of the plain ones (0: none; a double);
--         for each delivery 0 if it is plain: delivered once, and to be acknowledged and no more; else 1 (a byte); for each that is not: delivery
--         count, fencing number (doubles), does anything tell of it beside the pending list (a byte), how many changes, how many events (4 bytes
--         each), and as work.lua says
-- ARGV[2…7] as events.lua says  ARGV[8] group  ARGV[9] consumer  ARGV[10] the first of their entry ids  ARGV[11] the last
-- ARGV[12…] the entry ids of all deliveries; the causes of those that are not plain, empty where nothing is to be remembered; then as work.lua says
--
-- Reply: how many deliveries; of each that is not committed its number and 'duplicate', 'fenced', 'conflict <number of the change>' or
--        'error <text>'

local handled, lease, retry, due = KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local group, consumer = ARGV[8], ARGV[9]
local count, others, plainFence
count, others, plainFence, position = unpackNumbers('>I4I4d', numbers, position)
local kindsAt, causeAt = position, 12 + count
position, keyAt, at = kindsAt + count, 5, 11 + count + others

-- Delivery counts of what the consumer has, by entry id; false once it is settled. Not found here may be one among others of its own: it is asked
-- for by itself.
local function askForDeliveries()
  local pending = {}
  local found = redis.pcall('XPENDING', stream, group, ARGV[10], ARGV[11], 2 * count, consumer)
  for _, entry in ipairs(not isError(found) and found or NONE) do
    pending[entry[1]] = entry[4]
  end
  return pending
end

local function askForHandled()
  local causes = {}
  for i = causeAt, causeAt + others - 1 do
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

local pending = count > 1 and askForDeliveries() or {}
local known, broken = askForHandled()
local settled, marks = {}, {}

local function holds(entry, deliveries, fence)
  local delivered = pending[entry]
  if delivered == false or not hasTenure(fence) then
    return false
  end
  if delivered then
    return delivered == deliveries
  end
  return holdsEntry(stream, group, consumer, entry, deliveries)
end

local function acknowledge(entry, noted)
  pending[entry] = false
  settled[#settled + 1] = entry
  if noted == 1 then
    call('HDEL', retry, entry)
    call('ZREM', due, entry)
  end
end

-- Not before its entry, whose id may be ahead of the clock: a mark has to outlive the entry that it guards.
local function mark(cause, entry)
  local millis = string.match(entry, '^%d+')
  known[cause] = true
  marks[#marks + 1] = tonumber(millis) > now and millis or stamp
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

-- Nothing if it is committed.
local function settle(entry)
  local deliveries, fence, noted, changes, events
  deliveries, fence, noted, changes, events, position = unpackNumbers('>ddBI4I4', numbers, position)
  local cause = ARGV[causeAt]
  causeAt = causeAt + 1
  return settleWork(entry, cause, deliveries, fence, noted, changes, events)
end

-- Most deliveries change nothing, and are through in half the time.
local function settlePlain(entry)
  if not holds(entry, 1, plainFence) then
    return 'fenced'
  end
  acknowledge(entry, 0)
end

local replies = { count }
-- A command that fails unforeseen ends the script, but what was written before it is marked and acknowledged all the same.
local ended, failure = pcall(function()
  for i = 1, count do
    local by = string.byte(numbers, kindsAt + i - 1) == 0 and settlePlain or settle
    local refusal = by(ARGV[11 + i])
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
