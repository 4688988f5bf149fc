-- How the dead letters are kept that later ones of their key wait behind: so that those of a key follow each other, in the order of their entries.
local function parkedAs(key, id)
  local millis, sequence = string.match(id, '^(%d+)-(%d+)$')
  return key .. ' ' .. string.rep('0', 20 - #millis) .. millis .. '-' .. string.rep('0', 20 - #sequence) .. sequence
end

