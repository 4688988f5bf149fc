-- Tells the owner of a partition whether what it read just before may be handled. A read cannot be fenced, and within a script it costs three times
-- as much; so this goes right behind it. Whoever has the partition now, had it then; and who had lost it and read all the same, holds entries that come
-- before ours.
--
-- KEYS[1] stream  KEYS[2] lease: owner, fence, until, news  KEYS[3] consumers: name by time of its last sign of life
-- KEYS[4] former owners: name by when each ceased to be it
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] fencing number  ARGV[4] the news that it has seen
-- ARGV[5] how long a stranger may have an entry, ms; 0: not to look for strangers  ARGV[6] the last entry that it knew of before the read
--
-- Reply: { 'lost' } if the partition is somebody else's; { 'news', number } if entries were put back into the pending list, or others have some that
--        are to be taken over first; else { 'owned', the first that is pending for it behind the last that it knew of, '' if none is }

local stream, lease, consumers, former = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, consumer, length = ARGV[1], ARGV[2], tonumber(ARGV[5])

local held = redis.call('HMGET', lease, 'owner', 'fence', 'news')
if held[1] ~= consumer or held[2] ~= ARGV[3] then
  return { 'lost' }
end
if (held[3] or '0') ~= ARGV[4] then
  return { 'news', held[3] or '0' }
end

-- Of a stranger the first entry tells: whoever takes several has the first for the longest.
local function comesFirst(owner)
  if isOneOfOurs(owner, consumers, former) then
    return true
  end
  local first = length > 0 and redis.call('XPENDING', stream, group, '-', '+', 1, owner)[1]
  return first and first[3] >= length
end

-- What was redriven is told of by the news, and waits with its holder until it is due.
for _, each in ipairs(redis.call('XPENDING', stream, group)[4] or {}) do
  if each[1] ~= consumer and each[1] ~= REDRIVEN and comesFirst(each[1]) then
    return { 'news', ARGV[4] }
  end
end
-- Not from behind it: there is nothing behind the greatest of all ids.
for _, each in ipairs(redis.call('XPENDING', stream, group, ARGV[6], '+', 2, consumer)) do
  if each[1] ~= ARGV[6] then
    return { 'owned', each[1] }
  end
end
return { 'owned', '' }
