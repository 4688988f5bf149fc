-- Tells how a stream and its groups are doing. Writes nothing, and takes bounded time.
--
-- KEYS[1] stream  KEYS[3n - 1] due: entry id by time of its retry  KEYS[3n] dead letters
-- KEYS[3n + 1] consumers: name by time of their last sign of life, for each declared group
-- ARGV[1] how many entries to count at most, of all groups together, where Redis does not know a lag  ARGV[2…] the declared groups
--
-- Reply: { now, ms, length, first id, last id, { a group: { name, lag, pending, retrying, dead letters, oldest unsettled id,
--          { consumer, pending, idle ms, kind, … } }, … } }; ids are '' where there is none. What waits for a retry
--        and is nobody's is no consumer's. A kind is 0 for a stranger, 1 for who has registered, 2 for what was redriven and nobody took yet

local stream = KEYS[1]
local PAGE = 100
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Exact, unless there are more than the bound; then the bound.
local function countBetween(from, to, most)
  local counted = 0
  while counted < most do
    local page = range(stream, from, to, PAGE)
    counted = counted + #page
    if #page < PAGE then
      return math.min(counted, most)
    end
    from = '(' .. page[#page][1]
  end
  return most
end

local function millis(id)
  return tonumber(string.match(id, '^%d+'))
end

-- Redis does not know it after XDEL, and for groups that began in the middle; and what it knows counts entries that were deleted or
-- trimmed before they were read. So a short one is counted, from whichever end is nearer. A long one is what Redis knows, or else
-- estimated, by what was read or by time, and never less than what was counted.
local function lag(group, length, added, first, last, most)
  local delivered = field(group, 'last-delivered-id')
  local known = field(group, 'lag')
  if known and known > most then
    return math.min(known, length)
  end
  local behind = countBetween('(' .. delivered, '+', most)
  if behind < most then
    return behind
  end
  local before = countBetween('-', delivered, most)
  if before < most then
    return length - before
  end
  local read = field(group, 'entries-read')
  if read then
    return math.max(behind, math.min(length - before, added - read))
  end
  local share = (millis(last) - millis(delivered)) / math.max(1, millis(last) - millis(first))
  return math.max(behind, math.min(length - before, math.floor(length * share)))
end

local function oldestUnsettled(group)
  local oldest = redis.call('XPENDING', stream, field(group, 'name'), '-', '+', 1)[1]
  local behind = range(stream, '(' .. field(group, 'last-delivered-id'), '+', 1)[1]
  local pending, undelivered = oldest and oldest[1], behind and behind[1]
  if pending and undelivered then
    return isBefore(pending, undelivered) and pending or undelivered
  end
  return pending or undelivered or ''
end

local function kind(consumer, registered)
  return consumer == REDRIVEN and 2 or registered and 1 or 0
end

-- Redis 7.0 does not list who got nothing yet, and counts as a sign of life only what gave it something.
local function consumers(name, registry)
  local signs = {}
  local listed = registry and redis.call('ZRANGE', registry, 0, -1, 'WITHSCORES') or {}
  for i = 1, #listed, 2 do
    signs[listed[i]] = { 0, now - listed[i + 1], kind(listed[i], true) }
  end
  for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', stream, name)) do
    local consumer = field(info, 'name')
    if consumer ~= WAITING then
      local sign = signs[consumer]
      local idle = sign and math.min(sign[2], field(info, 'idle')) or field(info, 'idle')
      signs[consumer] = { field(info, 'pending'), idle, kind(consumer, sign) }
    end
  end
  local flat = {}
  for consumer, sign in pairs(signs) do
    flat[#flat + 1] = consumer
    flat[#flat + 1] = sign[1]
    flat[#flat + 1] = math.max(0, sign[2])
    flat[#flat + 1] = sign[3]
  end
  return flat
end

local declared = {}
for i = 2, #ARGV do
  declared[ARGV[i]] = { due = KEYS[3 * i - 4], dead = KEYS[3 * i - 3], consumers = KEYS[3 * i - 2] }
end

local info = redis.pcall('XINFO', 'STREAM', stream)
if info.err then
  return { now, 0, '', '', {} }
end
local length = field(info, 'length')
local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
local firstId, lastId = first and first[1] or '', last and last[1] or ''
local infos = redis.call('XINFO', 'GROUPS', stream)
-- From two ends.
local most = math.max(PAGE, math.floor(ARGV[1] / math.max(1, #infos) / 2))
local groups = {}
for _, group in ipairs(infos) do
  local name = field(group, 'name')
  local keys = declared[name] or {}
  groups[#groups + 1] = { name, lag(group, length, field(info, 'entries-added'), firstId, lastId, most), field(group, 'pending'),
    keys.due and redis.call('ZCARD', keys.due) or 0, keys.dead and redis.call('XLEN', keys.dead) or 0,
    oldestUnsettled(group), consumers(name, keys.consumers) }
end
return { now, length, firstId, lastId, groups }
