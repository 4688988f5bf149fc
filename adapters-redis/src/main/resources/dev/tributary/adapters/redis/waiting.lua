-- Holds what waits for its retry where consumers compete: it is nobody's until then, and no walk through the consumers' entries passes it.
local WAITING = 'waiting'

