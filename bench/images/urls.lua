-- SPDX-License-Identifier: Apache-2.0
-- For wrk: the addresses in the file URLS, one after another; with an Accept header from ACCEPT.
local paths, at = {}, 0
for line in io.lines(os.getenv("URLS")) do paths[#paths + 1] = line end
local headers = { ["Accept"] = os.getenv("ACCEPT") or "*/*" }
local bad = 0
function request()
  at = at + 1
  if at > #paths then at = #paths end -- run counts: it gives enough of them
  return wrk.format("GET", paths[at], headers)
end
