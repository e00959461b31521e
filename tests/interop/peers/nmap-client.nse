-- A client on nmap's own CoAP library, through the one function of it that its scripts use: a request, one answer, no more.
-- nmap -n -Pn -sn --script nmap-client.nse --script-args 'port=P[,path=/test][,method=get][,non=1][,accept=N][,count=N]' HOST
-- Without a path a round of requests.
local coap = require "coap"
local nmap = require "nmap"
local stdnse = require "stdnse"

description = "Requests of a CoAP server."
categories = {"safe"}

local function argument(name) return stdnse.get_script_args(name) end

local function ask(host, path, how)
  local options = {}
  if how.accept then
    options[1] = {name = "accept", value = tonumber(how.accept)}
  end
  local done, answer = coap.Helper:new(host, {number = tonumber(argument("port")), protocol = "udp"}):connect{
    uri = path, code = how.method, type = how.non and "non-confirmable" or nil, options = options
  }
  print(path, done and answer.code or answer)
end

local round = {
  {"/.well-known/core"}, {"/test"}, {"/test", non = true}, {"/test", method = "delete"},
  {"/test", method = "delete", non = true}, {"/read-only"}, {"/multi-format", accept = 41}, {"/seg1/seg2/seg3"},
  {"/separate"}, {"/large"}, {"/nothing"}
}

hostrule = function() return true end

action = function(host)
  local path = argument("path")
  for _, one in ipairs(path and {} or round) do ask(host, one[1], one) end
  for _ = 1, path and tonumber(argument("count") or 1) or 0 do
    ask(host, path, {method = argument("method"), non = argument("non"), accept = argument("accept")})
  end
end
