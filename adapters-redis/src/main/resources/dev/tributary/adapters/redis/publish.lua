-- Does what commit.lua does for a list of works of which each is one event, marked by its own id: with no table for each, in half the time.
--
-- KEYS[1] stream  KEYS[2] published: event id by time
-- ARGV[1] a digit for each event: how many values it has  ARGV[2…7] as events.lua says
-- ARGV[8…] the values of all events, one after the other; the first of each is its id
--
-- Reply: how many events; of each that is not committed its number and 'duplicate', or of each 'error <text>'

local published, sizes = KEYS[2], ARGV[1]
local byte = string.byte
local replies = { #sizes }

local ids, first = {}, 8
for i = 1, #sizes do
  ids[i] = ARGV[first]
  first = first + byte(sizes, i) - 48
end
local known, broken = askForMarks(published, ids)
if broken then
  for i = 1, #sizes do
    replies[2 * i], replies[2 * i + 1] = i, 'error ' .. broken
  end
  return replies
end

-- Also those that were there already are marked once more: a write, for who waits until replicas have it, where the first reply was lost.
local marks, failure = {}, nil
local at = 7
for i, id in ipairs(ids) do
  local size = byte(sizes, i) - 48
  if known[id] then
    replies[#replies + 1], replies[#replies + 2] = i, 'duplicate'
  else
    local added = append(redis.pcall, size, at)
    if isError(added) then
      failure = added
      break
    end
    known[id] = true
  end
  marks[2 * i - 1] = stamp
  marks[2 * i] = id
  at = at + size
end
-- Whatever was added before a failure is marked all the same.
if marks[1] then
  redis.call('ZADD', published, unpack(marks))
end
return failure or replies
