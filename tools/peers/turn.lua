-- The turn of scenarios/baseline-http.js for wrk: read the list, pick a record, update it.
-- wrk asks for a request as soon as a connection is free; an update goes out on the next one.

local date = os.getenv("PEERS_DATE")
local list = "GET /api/admin/appointments/board?date=" .. date .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
local next_state = { scheduled = "in_progress", in_progress = "ready", ready = "in_progress", no_show = "scheduled" }
local waiting = {} -- updates that follow on lists

function request()
  return table.remove(waiting) or list
end

function response(status, headers, body)
  if #body < 1024 or status ~= 200 then return end -- the answer to an update
  local rows = {}
  for id, state, version in body:gmatch('{"id":"(%d+)".-"status":"([a-z_]+)".-"version":(%d+)') do
    if next_state[state] then rows[#rows + 1] = { id, state, version } end
  end
  local row = rows[math.random(#rows)]
  local text = '{"new_status":"' .. next_state[row[2]] .. '","expected_version":' .. row[3] .. "}"
  waiting[#waiting + 1] = "POST /api/admin/appointments/" .. row[1] .. "/move HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " .. #text .. "\r\n\r\n" .. text
end
