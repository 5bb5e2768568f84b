-- Sends the requests of a file, made ready beforehand: what is measured is the server, not the making of requests.
--
-- `wrk -s messages.lua URL -- FILE`. The file's first line is `cycle` or `once`; then come the requests, each with its
-- length in bytes on a line before it. A file with one request is sent without asking Lua again.

local messages, next_one, once = {}, 0, false

function init(args)
   local file = assert(io.open(args[1], "rb"))
   local content = file:read("*a")
   file:close()
   local _, at, how = content:find("^(%a+)\n")
   once = how == "once"
   while at < #content do
      local _, stop, length = content:find("^(%d+)\n", at + 1)
      messages[#messages + 1] = content:sub(stop + 1, stop + tonumber(length))
      at = stop + tonumber(length)
   end
   if #messages == 1 and not once then
      wrk.format = function() return messages[1] end
   else
      request = following
   end
end

-- wrk asks for one request before it starts, to look at it, and does not send it.
function following()
   next_one = next_one + 1
   if next_one > #messages then
      if once then
         ran_out = true
         wrk.thread:stop()
         return "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
      end
      next_one = 1
   end
   return messages[next_one]
end

local threads = {}

function setup(thread)
   threads[#threads + 1] = thread
end

function done(summary, latency, requests)
   local out = false
   for _, thread in ipairs(threads) do
      out = out or thread:get("ran_out") == true
   end
   local errors = summary.errors
   io.write(string.format(
      'result {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "not_ok": %d, "broken": %d, "ran_out": %s}\n',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
      errors.connect + errors.read + errors.write + errors.timeout, tostring(out)
   ))
end
