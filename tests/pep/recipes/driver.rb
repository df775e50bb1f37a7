require "json"
require ARGV[0]
$stdout.sync = true
def ask(asked)
  sidecar = Sidecar.new(asked["where"], asked["token"], seconds: 0.7)
  sidecar.public_send(asked["call"] == "may" ? :may? : :visible, *asked["given"])
rescue ArgumentError
  "refused"
end
while (line = $stdin.gets)
  began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  said = ask(JSON.parse(line))
  puts "#{JSON.generate(said)} #{((Process.clock_gettime(Process::CLOCK_MONOTONIC) - began) * 1000).to_i}"
end
