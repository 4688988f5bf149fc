-- Reads new entries of a partition for its owner. A plain read could not be fenced: what came to one who has lost the partition would be
-- overtaken by what its next owner reads.
--
-- KEYS[1] stream  KEYS[2] lease: owner, fence, until, news
-- ARGV[1] group  ARGV[2] consumer  ARGV[3] fencing number  ARGV[4] the news that it has seen  ARGV[5] how many at most
--
-- Reply: { 'lost' } if the partition is somebody else's; { 'news', number } if entries were put back into the pending list, which come
--        first; { 'read', { entry id, { field, value, … } }, … }

local held = redis.call('HMGET', KEYS[2], 'owner', 'fence', 'news')
if held[1] ~= ARGV[2] or held[2] ~= ARGV[3] then
  return { 'lost' }
end
if (held[3] or '0') ~= ARGV[4] then
  return { 'news', held[3] or '0' }
end
local read = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', ARGV[5], 'STREAMS', KEYS[1], '>')
local reply = { 'read' }
for _, entry in ipairs(read and read[1][2] or {}) do
  reply[#reply + 1] = entry
end
return reply
