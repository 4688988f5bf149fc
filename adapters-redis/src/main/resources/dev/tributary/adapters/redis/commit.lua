-- Commits a list of new works, each for itself: state changes, events, and the mark that its cause was handled. A work sees what those before
-- it did; marks are asked for together, and written together after the last.
--
-- KEYS[1] stream  KEYS[2] requests  KEYS[3] published: where causes are marked, by time  KEYS[4…] as work.lua says
-- ARGV[1] numbers: how many works (4 bytes); for each: 0 or 1, a request or a publication (a byte), how many changes, how many events (4 bytes
--         each), and as work.lua says
-- ARGV[2…7] as events.lua says  ARGV[8…] the causes of all works; then as work.lua says
--
-- Reply: how many works; of each that is not committed its number and 'duplicate', 'conflict <number of the change>' or 'error <text>'

local count
count, position = unpackNumbers('>I4', numbers, position)
keyAt, at = 3, 7 + count

local works, marks = {}, { { key = KEYS[2], causes = {}, written = {} }, { key = KEYS[3], causes = {}, written = {} } }

local function readWork(i)
  local kind, changes, events
  kind, changes, events, position = unpackNumbers('>BI4I4', numbers, position)
  local of, cause = marks[kind + 1], ARGV[7 + i]
  of.causes[#of.causes + 1] = cause
  return { cause = cause, marks = of, changes = readChanges(changes), events = readEvents(events) }
end

local function mark(of, cause)
  of.known[cause] = true
  of.written[#of.written + 1] = stamp
  of.written[#of.written + 1] = cause
end

-- Nothing if it is committed.
local function commit(work)
  local of, cause = work.marks, work.cause
  if of.broken then
    return 'error ' .. of.broken
  end
  if of.known[cause] then
    -- A write, for who waits until replicas have it: where the first reply was lost, nobody has waited for that yet.
    mark(of, cause)
    return 'duplicate'
  end
  local conflict, broken = findConflict(work.changes)
  if broken then
    return 'error ' .. broken
  end
  if conflict then
    return 'conflict ' .. conflict
  end
  write(work.changes, work.events)
  mark(of, cause)
end

for i = 1, count do
  works[i] = readWork(i)
end
for _, of in ipairs(marks) do
  if of.causes[1] then
    of.known, of.broken = askForMarks(of.key, of.causes)
  end
end

local replies = { count }
-- A command that fails unforeseen ends the script, but what was written before it is marked all the same.
local ended, failure = pcall(function()
  for i = 1, count do
    local refusal = commit(works[i])
    if refusal then
      replies[#replies + 1], replies[#replies + 2] = i, refusal
    end
  end
end)
for _, of in ipairs(marks) do
  if of.written[1] then
    call('ZADD', of.key, unpack(of.written))
  end
end
if not ended then
  error(failure)
end
return replies
