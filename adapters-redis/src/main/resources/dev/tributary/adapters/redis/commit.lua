-- Commits a list of works, each for itself: state changes, events, the mark that its cause was handled, and the
-- acknowledgement of its delivery. All checks of a work stand before its first write: Redis rolls nothing back.
--
-- KEYS[1]  the partition's stream
-- KEYS[n]  whatever the works name by number; 0 is none
-- ARGV[1]  numbers, big-endian: how many works, how many texts; then for each work:
--   mark key, group's text (0: nothing to acknowledge), how many changes, how many events
--   if there is a group: consumer's text, fencing number's text (0: none), lease key, retry key, due key (0: never failed),
--     delivery count (a double)
--   for each change: key, list key, ms to keep it (a double; 0: for ever)
--   for each event: how many values
-- ARGV[2…] the texts: first the names of events' fields, in the order of their values, then whatever works name by number
-- ARGV[…]  strings; for each work:
--   cause's id, if there is a mark; entry id, if there is a group
--   for each change: expected version (0: none), state, list member, if there is a list key
--   for each event: its values
--
-- Reply: for each work 'committed', 'duplicate', 'fenced', 'conflict <number of the change>' or 'error <text>'

local stream = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local unpackNumbers, call = struct.unpack, redis.call
local numbers = ARGV[1]
local works, texts, position = unpackNumbers('>I4I4', numbers)
local at = 1 + texts

local function take()
  at = at + 1
  return ARGV[at]
end

local function text(number)
  return ARGV[1 + number]
end

local function readDelivery(work)
  local consumer, fence, lease, retry, due
  consumer, fence, lease, retry, due, work.deliveries, position = unpackNumbers('>I4I4I4I4I4d', numbers, position)
  work.entry = take()
  work.consumer = text(consumer)
  work.fence = fence == 0 and '0' or text(fence)
  work.lease, work.retry, work.due = KEYS[lease], KEYS[retry], KEYS[due]
end

local function readChanges(count)
  local changes = {}
  for i = 1, count do
    local key, list, lifetime
    key, list, lifetime, position = unpackNumbers('>I4I4d', numbers, position)
    changes[i] = { key = KEYS[key], list = KEYS[list], lifetime = lifetime, expected = take(), state = take() }
    changes[i].member = list ~= 0 and take()
  end
  return changes
end

local function readEvents(count)
  local events = {}
  for i = 1, count do
    local values
    values, position = unpackNumbers('>I4', numbers, position)
    events[i] = { before = at, values = values }
    at = at + values
  end
  return events
end

local NONE = {}

local function readWork()
  local mark, group, changes, events
  mark, group, changes, events, position = unpackNumbers('>I4I4I4I4', numbers, position)
  local work = { mark = KEYS[mark], cause = mark ~= 0 and take(), group = group ~= 0 and text(group) }
  if group ~= 0 then
    readDelivery(work)
  end
  work.changes = changes == 0 and NONE or readChanges(changes)
  work.events = events == 0 and NONE or readEvents(events)
  return work
end

local function isError(reply)
  return type(reply) == 'table' and reply.err ~= nil
end

-- What all works ask for, asked for together: marks by key, deliveries by group. What the works themselves do is noted in it, for those
-- behind them; marks and acknowledgements are written together, after the last work.
local marks, deliveries = {}, {}

local function gather(all)
  for _, work in ipairs(all) do
    if work.mark then
      local of = marks[work.mark] or { causes = {}, known = {}, written = {} }
      marks[work.mark] = of
      of.causes[#of.causes + 1] = work.cause
    end
    if work.group then
      local of = deliveries[work.group] or { first = work.entry, last = work.entry, count = 0, pending = {}, settled = {} }
      deliveries[work.group] = of
      of.count = of.count + 1
      of.consumer = work.consumer
      of.first = work.entry < of.first and work.entry or of.first
      of.last = of.last < work.entry and work.entry or of.last
    end
  end
end

local function askForMarks(key, of)
  local scores = redis.pcall('ZMSCORE', key, unpack(of.causes))
  if isError(scores) then
    of.broken = scores.err
    return
  end
  for i, cause in ipairs(of.causes) do
    of.known[cause] = scores[i] and true
  end
end

-- A lone one is asked for by itself; and so is whatever is not found here, as others of the consumer's may lie between, and first and last
-- are those of a plain comparison, which knows nothing of times with more or fewer digits.
local function askForDeliveries(group, of)
  if of.count < 2 then
    return
  end
  local found = redis.pcall('XPENDING', stream, group, string.match(of.first, '^%d+'), string.match(of.last, '^%d+'),
    2 * of.count, of.consumer)
  if isError(found) then
    return
  end
  for _, entry in ipairs(found) do
    of.pending[entry[1]] = entry
  end
end

local function holds(work)
  local of = deliveries[work.group]
  if of.settled[work.entry] or not holdsPartition(work.lease, work.consumer, work.fence) then
    return false
  end
  local pending = of.pending[work.entry]
  if pending and pending[2] == work.consumer then
    return pending[4] == work.deliveries
  end
  return holdsEntry(stream, work.group, work.consumer, work.entry, work.deliveries)
end

local function acknowledge(work)
  local settled = deliveries[work.group].settled
  settled[work.entry] = true
  settled[#settled + 1] = work.entry
  if work.retry then
    call('HDEL', work.retry, work.entry)
    call('ZREM', work.due, work.entry)
  end
end

-- Not before its entry, whose id may be ahead of the clock: a mark has to outlive the entry that it guards.
local function markedAt(work)
  return work.entry and math.max(now, tonumber(string.match(work.entry, '^%d+'))) or now
end

local function mark(work)
  local of = marks[work.mark]
  of.known[work.cause] = true
  of.written[#of.written + 1] = markedAt(work)
  of.written[#of.written + 1] = work.cause
end

local function findConflict(work)
  for i, change in ipairs(work.changes) do
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

local ID, TYPE, KEY, TIMESTAMP, EVENT = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]

local function append(event)
  local i = event.before
  if event.values == 5 then -- nearly all: without a table
    call('XADD', stream, '*', ID, ARGV[i + 1], TYPE, ARGV[i + 2], KEY, ARGV[i + 3], TIMESTAMP, ARGV[i + 4], EVENT, ARGV[i + 5])
    return
  end
  local fields = {}
  for value = 1, event.values do
    fields[2 * value - 1] = text(value)
    fields[2 * value] = ARGV[i + value]
  end
  call('XADD', stream, '*', unpack(fields))
end

local function write(work)
  for _, event in ipairs(work.events) do
    append(event)
  end
  for _, change in ipairs(work.changes) do
    call('HSET', change.key, 'v', change.expected + 1, 's', change.state)
    if change.lifetime ~= 0 then
      call('PEXPIRE', change.key, change.lifetime)
    end
    if change.list then
      call('ZADD', change.list, 0, change.member)
    end
  end
  if work.mark then
    mark(work)
  end
end

local function commit(work)
  local of = work.mark and marks[work.mark]
  if of and of.broken then
    return 'error ' .. of.broken
  end
  local held = work.group and holds(work)
  if of and of.known[work.cause] then
    if held then
      acknowledge(work)
    end
    -- A write, for who waits until replicas have it: where the first reply was lost, nobody has waited for that yet.
    mark(work)
    return 'duplicate'
  end
  if work.group and not held then
    return 'fenced'
  end
  local conflict, broken = findConflict(work)
  if broken then
    return 'error ' .. broken
  end
  if conflict then
    return 'conflict ' .. conflict
  end
  write(work)
  if work.group then
    acknowledge(work)
  end
  return 'committed'
end

local all = {}
for i = 1, works do
  all[i] = readWork()
end
gather(all)
for key, of in pairs(marks) do
  askForMarks(key, of)
end
for group, of in pairs(deliveries) do
  askForDeliveries(group, of)
end

local replies = {}
-- A command that fails unforeseen ends the script, but what was written before it is marked and acknowledged all the same.
local ended, failure = pcall(function()
  for i = 1, works do
    replies[i] = commit(all[i])
  end
end)
for key, of in pairs(marks) do
  if of.written[1] then
    call('ZADD', key, unpack(of.written))
  end
end
for group, of in pairs(deliveries) do
  if of.settled[1] then
    call('XACK', stream, group, unpack(of.settled))
  end
end
if not ended then
  error(failure)
end
return replies
