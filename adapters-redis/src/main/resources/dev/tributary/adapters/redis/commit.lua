-- Commits a list of works, each for itself: state changes, events, the mark that its cause was handled, and the
-- acknowledgement of its delivery. All checks of a work stand before its first write: Redis rolls nothing back.
--
-- KEYS[1]  the partition's stream
-- KEYS[n]  whatever the works name by number
-- ARGV[1]  how many works; then for each:
--   mark key number (0: no mark), cause's id
--   group ('': nothing to acknowledge), consumer, entry id, delivery count, fencing number (0: none), lease key number (0: none),
--     retry key number, due key number (0: never failed)
--   how many changes; for each: key number, expected version (0: none), state, ms to keep it (0: for ever),
--     list key number (0: none), list member
--   how many events; for each: how many strings, then field, value, field, value …
--
-- Reply: for each work 'committed', 'duplicate', 'fenced', 'conflict <number of the change>' or 'error <text>'

local stream = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local at = 1
local function take()
  at = at + 1
  return ARGV[at]
end
local function takeNumber()
  return tonumber(take())
end

local function readChanges()
  local changes = {}
  for i = 1, takeNumber() do
    changes[i] = { key = KEYS[takeNumber()], expected = take(), state = take(), lifetime = take(),
      list = KEYS[takeNumber()], member = take() }
  end
  return changes
end

local function readEvents()
  local events = {}
  for i = 1, takeNumber() do
    local strings = takeNumber()
    events[i] = { first = at + 1, last = at + strings }
    at = at + strings
  end
  return events
end

local function readWork()
  local work = { mark = KEYS[takeNumber()], cause = take(),
    group = take(), consumer = take(), entry = take(), deliveries = takeNumber(), fence = take(), lease = KEYS[takeNumber()],
    retry = KEYS[takeNumber()], due = KEYS[takeNumber()] }
  work.changes = readChanges()
  work.events = readEvents()
  return work
end

local function isError(reply)
  return type(reply) == 'table' and reply.err ~= nil
end

local function holds(work)
  return holdsPartition(work.lease, work.consumer, work.fence)
    and holdsEntry(stream, work.group, work.consumer, work.entry, work.deliveries)
end

local function acknowledge(work)
  redis.call('XACK', stream, work.group, work.entry)
  if work.retry then
    redis.call('HDEL', work.retry, work.entry)
    redis.call('ZREM', work.due, work.entry)
  end
end

local function isMarked(work)
  if not work.mark then
    return false
  end
  local score = redis.pcall('ZSCORE', work.mark, work.cause)
  if isError(score) then
    return false, score.err
  end
  return score and true or false
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

-- Not before its entry, whose id may be ahead of the clock: a mark has to outlive the entry that it guards.
local function markedAt(work)
  return math.max(now, tonumber(string.match(work.entry, '^%d+')) or 0)
end

local function write(work)
  for _, event in ipairs(work.events) do
    redis.call('XADD', stream, '*', unpack(ARGV, event.first, event.last))
  end
  for _, change in ipairs(work.changes) do
    redis.call('HSET', change.key, 'v', change.expected + 1, 's', change.state)
    if change.lifetime ~= '0' then
      redis.call('PEXPIRE', change.key, change.lifetime)
    end
    if change.list then
      redis.call('ZADD', change.list, 0, change.member)
    end
  end
  if work.mark then
    redis.call('ZADD', work.mark, markedAt(work), work.cause)
  end
end

local function commit(work)
  local delivered = work.group ~= ''
  local marked, broken = isMarked(work)
  if broken then
    return 'error ' .. broken
  end
  local held = delivered and holds(work)
  if marked then
    if held then
      acknowledge(work)
    end
    -- A write, for who waits until replicas have it: where the first reply was lost, nobody has waited for that yet.
    redis.call('ZADD', work.mark, 'XX', markedAt(work), work.cause)
    return 'duplicate'
  end
  if delivered and not held then
    return 'fenced'
  end
  local conflict
  conflict, broken = findConflict(work)
  if broken then
    return 'error ' .. broken
  end
  if conflict then
    return 'conflict ' .. conflict
  end
  write(work)
  if delivered then
    acknowledge(work)
  end
  return 'committed'
end

local replies = {}
for i = 1, tonumber(ARGV[1]) do
  replies[i] = commit(readWork())
end
return replies
