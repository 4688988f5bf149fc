-- Tells whether a delivery that was fenced comes all the same: its entry is pending, or yet to be delivered, as behind the position of a group
-- that was set back or has to be made again.
--
-- KEYS[1] stream
-- ARGV[1] group  ARGV[2] entry id
--
-- Reply: { 1 }, or { 0 } if it is over

local stream, group, id = KEYS[1], ARGV[1], ARGV[2]
local info = groupInfo(stream, group)
if not info or isBefore(field(info, 'last-delivered-id'), id) then
  return { 1 }
end
return { #redis.call('XPENDING', stream, group, id, id, 1) }
