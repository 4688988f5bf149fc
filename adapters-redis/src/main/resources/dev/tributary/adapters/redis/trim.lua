-- Removes what is older than the retention and no longer needed: entries that every declared group has settled, the marks that
-- guarded them, and dead letters.
--
-- KEYS[1] stream  KEYS[2] requests  KEYS[3] published: marks by time
-- KEYS[3n + 1] a group's marks of what it handled, by time  KEYS[3n + 2] its dead letters
-- KEYS[3n + 3] parked: key, blank and padded entry id of the dead letters that later ones of their key wait behind, for each declared group
-- ARGV[1] retention, ms  ARGV[2] how many of each kind at most  ARGV[3…] the declared groups
--
-- Reply: { entries removed, 1 if there may be more of anything else 0, { declared groups that do not exist: no entry was removed },
--          { dead letters removed, for each group } }

local stream, limit = KEYS[1], tonumber(ARGV[2])
local clock = redis.call('TIME')
local cutoff = clock[1] * 1000 + math.floor(clock[2] / 1000) - ARGV[1]
local more = 0

local function millis(id)
  return tonumber(string.match(id, '^%d+'))
end

local function positions()
  local found = {}
  local groups = redis.pcall('XINFO', 'GROUPS', stream)
  for _, info in ipairs(groups) do
    local name = field(info, 'name')
    found[name] = { delivered = field(info, 'last-delivered-id'), pending = redis.call('XPENDING', stream, name)[2] }
  end
  return found
end

local groups, missing = {}, {}
local known = positions()
for i = 3, #ARGV do
  groups[#groups + 1] = known[ARGV[i]]
  if not known[ARGV[i]] then
    missing[#missing + 1] = ARGV[i]
  end
end

local function isSettled(id)
  for _, group in ipairs(groups) do
    if isBefore(group.delivered, id) or (group.pending and not isBefore(id, group.pending)) then
      return false
    end
  end
  return true
end

-- The first entries of a stream that may go, and the id of the first that stays. Entries may be large, and mostly the first one stays: so they
-- are read in growing steps.
local function split(key, mayGo)
  local going, from, step = {}, '-', 1
  repeat
    local page = range(key, from, '+', step)
    for _, entry in ipairs(page) do
      if not mayGo(entry[1]) then
        return going, entry[1]
      elseif #going == limit then
        more = 1
        return going, entry[1]
      end
      going[#going + 1] = entry
      from = '(' .. entry[1]
    end
    local isLast = #page < step
    step = math.min(4 * step, limit + 1 - #going)
  until isLast
  return going
end

-- Removes the first entries of a stream that may go. Returns them.
local function trim(key, mayGo)
  local gone, kept = split(key, mayGo)
  if kept and #gone > 0 then
    redis.call('XTRIM', key, 'MINID', '=', kept)
  elseif #gone > 0 then
    redis.call('XTRIM', key, 'MAXLEN', '=', 0)
  end
  return gone
end

local function isOld(id)
  return millis(id) < cutoff
end

local function forget(marks, before)
  local count = redis.call('ZCOUNT', marks, '-inf', '(' .. string.format('%.0f', before))
  if count > limit then
    more = 1
  end
  if count > 0 then
    redis.call('ZREMRANGEBYRANK', marks, 0, math.min(count, limit) - 1)
  end
end

local removed = 0
if #missing == 0 and #groups > 0 then
  removed = #trim(stream, function(id) return isOld(id) and isSettled(id) end)
end

local oldest = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]

local function oldestUnsettled(group)
  if not group then
    return oldest and oldest[1]
  end
  local behind = range(stream, '(' .. group.delivered, '+', 1)[1]
  local undelivered = behind and behind[1]
  if group.pending and (not undelivered or isBefore(group.pending, undelivered)) then
    return group.pending
  end
  return undelivered
end

-- A mark is never older than the entry that it guards. What is not settled may be a duplicate of an entry that has gone, if that came no
-- more than the retention before it.
local function guarded(group)
  local unsettled = oldestUnsettled(group)
  return math.min(cutoff, oldest and millis(oldest[1]) or cutoff, unsettled and millis(unsettled) - ARGV[1] or cutoff)
end

-- Nothing waits behind what is not there.
local function trimLetters(letters, parked)
  local gone = trim(letters, isOld)
  for _, letter in ipairs(gone) do
    local parks, entry = field(letter[2], 'parks'), field(letter[2], 'entryId')
    if parks and entry then
      redis.call('ZREM', parked, parkedAs(parks, entry))
    end
  end
  return #gone
end

forget(KEYS[2], cutoff)
forget(KEYS[3], cutoff)
local letters = {}
for i = 3, #ARGV do
  forget(KEYS[3 * i - 5], guarded(known[ARGV[i]]))
  letters[i - 2] = trimLetters(KEYS[3 * i - 4], KEYS[3 * i - 3])
end
return { removed, more, missing, letters }
