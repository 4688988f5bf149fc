-- How a consumer leaves its group. DELCONSUMER drops what is pending, and with it the entries: never while there is any.
local function leaveGroup(stream, group, consumer, consumers)
  local pending = redis.pcall('XPENDING', stream, group, '-', '+', 1, consumer)
  if not pending.err and not pending[1] then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, consumer)
    redis.call('ZREM', consumers, consumer)
  end
end

