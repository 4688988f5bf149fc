-- Consumers that nobody is. One holds what waits for its retry where consumers compete, and no look through the consumers' entries passes it; the
-- other what was redriven, until it is taken: gone as soon as it holds nothing.
local WAITING, REDRIVEN = 'waiting', 'redriven'

