-- Removes dead letters for good. What waited behind them goes on when nothing else is before it.
--
-- KEYS[1] the group's dead letters
-- KEYS[2] parked: key, blank and padded entry id of the dead letters that later ones of their key wait behind
-- ARGV[…] ids of dead letters
--
-- Reply: { how many were there }

local removed = 0
for _, id in ipairs(ARGV) do
  local letter = redis.call('XRANGE', KEYS[1], id, id)[1]
  if letter then
    local parks, entry = field(letter[2], 'parks'), field(letter[2], 'entryId')
    if parks and entry then
      redis.call('ZREM', KEYS[2], parkedAs(parks, entry))
    end
    removed = removed + redis.call('XDEL', KEYS[1], id)
  end
end
return { removed }
