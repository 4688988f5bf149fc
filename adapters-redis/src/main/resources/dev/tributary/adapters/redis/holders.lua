-- Consumers that nobody is. One holds what waits for its retry where consumers compete, and no look through the consumers' entries passes it; the
-- other what was redriven, until it is taken: gone as soon as it holds nothing.
local WAITING, REDRIVEN = 'waiting', 'redriven'

-- Whose entries the owner of a partition takes over at once. What check.lua complains of, walk.lua has to take: so both ask here. Consumers are asked
-- too, for a server that took over may not have heard of the last owners.
local function isOneOfOurs(name, consumers, former)
  return redis.call('ZSCORE', former, name) or redis.call('ZSCORE', consumers, name)
end

