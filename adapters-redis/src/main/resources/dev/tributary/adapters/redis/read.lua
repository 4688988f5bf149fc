-- Reads new entries of a partition for its owner. A plain read could not be fenced: what came to one who has lost the partition would be
-- overtaken by what its next owner reads.
--
-- KEYS[1] stream  KEYS[2] lease: owner, fence, until, news
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] fencing number  ARGV[4] the news that it has seen  ARGV[5] how many at most
-- ARGV[6] how long a stranger may have an entry, ms; 0: not to look for strangers
--
-- Reply: { 'lost' } if the partition is somebody else's; { 'news', number } if entries were put back into the pending list, or a stranger
--        has had one for too long, which come first; { 'read', and for each entry: its id, how many strings follow, field, value, … }. Flat,
--        for tables in tables cost the server more than all else of a read.

local held = redis.call('HMGET', KEYS[2], 'owner', 'fence', 'news')
if held[1] ~= ARGV[2] or held[2] ~= ARGV[3] then
  return { 'lost' }
end
if (held[3] or '0') ~= ARGV[4] then
  return { 'news', held[3] or '0' }
end
-- Of each other consumer the first entry tells: whoever takes several has the first for the longest.
local function hasStranger(length)
  for _, each in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1])[4] or {}) do
    local first = each[1] ~= ARGV[2] and redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, each[1])[1]
    if first and first[3] >= length then
      return true
    end
  end
  return false
end

local length = tonumber(ARGV[6])
if length > 0 and hasStranger(length) then
  return { 'news', ARGV[4] }
end
local read = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', ARGV[5], 'STREAMS', KEYS[1], '>')
local reply = { 'read' }
local last = 1
for _, entry in ipairs(read and read[1][2] or {}) do
  local strings = entry[2]
  reply[last + 1], reply[last + 2] = entry[1], #strings
  last = last + 2
  for i = 1, #strings do
    reply[last + i] = strings[i]
  end
  last = last + #strings
end
return reply
