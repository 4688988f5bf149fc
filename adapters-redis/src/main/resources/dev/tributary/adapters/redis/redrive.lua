-- Delivers dead letters again, to their group alone: puts the entries back into its pending list, where they are due one after
-- the other. An entry that has left the stream is appended again, marked as this group's.
--
-- KEYS[1] stream  KEYS[2] the group's dead letters  KEYS[3] due: entry id by time of its retry
-- KEYS[4] retry: entry id to 'attempts:first failure'  KEYS[5] consumers: name by time of its last sign of life
-- KEYS[6] checkpoint: 'entry id, entries added'  KEYS[7] lease: owner, fence, until, news
-- KEYS[8] parked: key, blank and padded entry id of the dead letters that later ones of their key wait behind
-- ARGV[1] group  ARGV[2] when the first is due, ms from now  ARGV[3] how much later the next, ms  ARGV[4…] ids of dead letters
--
-- Reply: { how many of them are there, how many will be delivered again }

local stream, dead, due, retry = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group = ARGV[1]
local clock = redis.call('TIME')
local at = clock[1] * 1000 + math.floor(clock[2] / 1000) + ARGV[2]
local matched, redriven = 0, 0

-- Fails where the group is gone, before the first write.
redis.call('XPENDING', stream, group)
local settled, added = string.match(redis.call('GET', KEYS[6]) or '', '^(%d+%-%d+) (%d+)$')

local function parse(strings)
  local letter = { raw = {} }
  for i = 1, #strings, 2 do
    local name = string.match(strings[i], '^raw:(.*)$')
    if name then
      letter.raw[#letter.raw + 1] = name
      letter.raw[#letter.raw + 1] = strings[i + 1]
    else
      letter[strings[i]] = strings[i + 1]
    end
  end
  return letter
end

-- What comes again is not settled, and its letter is gone: were the group destroyed now, it would be made again behind it.
local function lowerCheckpoint(id)
  if settled and not isBefore(settled, id) then
    settled = lastBefore(stream, id)
    redis.call('SET', KEYS[6], settled .. ' ' .. added)
  end
end

local function putBack(id)
  lowerCheckpoint(id)
  redis.call('XCLAIM', stream, group, REDRIVEN, 0, id, 'FORCE', 'JUSTID')
  redis.call('ZADD', KEYS[5], 'NX', 0, REDRIVEN)
  redis.call('HDEL', retry, id)
  redis.call('ZADD', due, at, id)
  at = at + ARGV[3]
end

-- It stands for the entry that was appended first, however often it is appended again.
local function appendAgain(letter)
  local fields, first = {}, letter.entryId
  for i = 1, #letter.raw, 2 do
    local name, value = letter.raw[i], letter.raw[i + 1]
    if name == 'redrive-of' then
      first = value
    elseif name ~= 'redrive-group' then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
  end
  redis.call('XADD', stream, '*', 'redrive-group', group, 'redrive-of', first, unpack(fields))
end

local function isWhole(letter)
  return letter.entryId and #letter.raw > 0 and not letter.cut
end

local function deliverAgain(letter)
  local id = letter.entryId
  if redis.call('XRANGE', stream, id, id)[1] then
    if not redis.call('XPENDING', stream, group, id, id, 1)[1] then
      putBack(id)
    end -- else it is being delivered again already
    return true
  end
  if isWhole(letter) then
    appendAgain(letter)
    return true
  end
  return false
end

for i = 4, #ARGV do
  local found = redis.call('XRANGE', dead, ARGV[i], ARGV[i])[1]
  local letter = found and parse(found[2])
  matched = matched + (letter and 1 or 0)
  if letter and string.match(letter.entryId or '', '^%d+%-%d+$') and deliverAgain(letter) then
    redis.call('XDEL', dead, ARGV[i])
    if letter.parks then
      redis.call('ZREM', KEYS[8], parkedAs(letter.parks, letter.entryId))
    end
    redriven = redriven + 1
  end
end
-- Whoever reads the partition in order has to look at what is pending, before anything new.
if redriven > 0 and redis.call('EXISTS', KEYS[7]) == 1 then
  redis.call('HINCRBY', KEYS[7], 'news', 1)
end
return { matched, redriven }
