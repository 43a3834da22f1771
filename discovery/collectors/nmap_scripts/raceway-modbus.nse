local nmap = require "nmap"
local shortport = require "shortport"
local stdnse = require "stdnse"
local string = require "string"
local table = require "table"

description = [[
Asks one Modbus/TCP unit what it is, on one connection: Read Device Identification (function 43/14, basic) and
Report Server ID (function 17). Nothing else is sent, and nothing is asked twice.

It stands in for modbus-discover, which opens a new connection for each of 246 units as long as none answers: to a
controller that hangs up on function 17 that is a burst of hundreds of connections.
]]

author = "Raceway"
license = "GPL-3.0-or-later"
categories = {"discovery", "safe"}

portrule = shortport.portnumber(502, "tcp")

local UNIT = 1
local IDENTIFICATION = 0x2B
local SERVER_ID = 0x11
-- Basic identification has three objects; a device that serves one an answer is asked three times.
local MOST_READS = 3
local SECONDS = 3
local FIELDS = {[0] = "Vendor", [1] = "Product code", [2] = "Revision"}

-- Ask one question and return function code and data of the answer, nil when there is none.
local function ask(socket, number, pdu)
  local frame = string.pack(">I2I2I2B", number, 0, #pdu + 1, UNIT) .. pdu
  if not socket:send(frame) then return nil end
  local status, answer = socket:receive_bytes(8)
  if not status or #answer < 9 then return nil end
  local length = string.unpack(">I2", answer, 5)
  if length < 3 or length > 254 then return nil end
  while #answer < 6 + length do
    local more, part = socket:receive_bytes(6 + length - #answer)
    if not more then return nil end
    answer = answer .. part
  end
  return string.byte(answer, 8), string.sub(answer, 9, 6 + length)
end

-- Take the objects out of an answer to function 43/14; return the next object to ask for, nil at the end.
local function take_objects(data, found)
  if #data < 6 then return nil end
  local follows, next_object, count = string.byte(data, 4, 6)
  local at = 7
  for _ = 1, count do
    local id, length = string.byte(data, at, at + 1)
    if not length or at + 1 + length > #data then break end
    found[id] = string.sub(data, at + 2, at + 1 + length)
    at = at + 2 + length
  end
  if follows == 0xFF and next_object > 0 and next_object <= 2 then return next_object end
end

action = function(host, port)
  local socket = nmap.new_socket()
  socket:set_timeout(SECONDS * 1000)
  if not socket:connect(host, port) then return nil end
  local found, output, start, number = {}, stdnse.output_table(), 0, 0
  while start and number < MOST_READS do
    number = number + 1
    local code, data = ask(socket, number, string.pack("BBBB", IDENTIFICATION, 0x0E, 0x01, start))
    if not code then socket:close() return nil end
    start = code == IDENTIFICATION and take_objects(data, found) or nil
    output["Answered"] = "yes"
  end
  local code, data = ask(socket, number + 1, string.pack("B", SERVER_ID))
  socket:close()
  local words = {}
  for id = 0, 2 do
    if found[id] and #found[id] > 0 then
      output[FIELDS[id]] = found[id]
      words[#words + 1] = found[id]
    end
  end
  if #words > 0 then output["Device identification"] = table.concat(words, " ") end
  if code == SERVER_ID and data and #data > 1 then
    output["Slave ID data"] = string.sub(data, 2, 1 + string.byte(data, 1))
  end
  return output
end
