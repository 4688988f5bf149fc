-- Tells whether an entry has to wait behind a dead letter of its key.
--
-- KEYS[1] parked: key, blank and padded entry id of the dead letters that later ones of their key wait behind
-- KEYS[2] lease: owner, fence, until, news
-- ARGV[1] key  ARGV[2] entry id  ARGV[3] the news that its owner has seen
--
-- Reply: { 'free' }; { 'behind', entry id of the last dead letter before it }; { 'news' } if entries were put back into the pending list,
--        which may come first

if (redis.call('HGET', KEYS[2], 'news') or '0') ~= ARGV[3] then
  return { 'news' }
end
local before = redis.call('ZREVRANGEBYLEX', KEYS[1], '(' .. parkedAs(ARGV[1], ARGV[2]), '[' .. ARGV[1] .. ' ', 'LIMIT', 0, 1)[1]
if not before then
  return { 'free' }
end
local millis, sequence = string.match(before, ' 0*(%d+)%-0*(%d+)$')
return { 'behind', millis .. '-' .. sequence }
