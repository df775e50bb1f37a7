# frozen_string_literal: true

# Asks the sidecar on this machine what may be shown: Ruby 3.0 or later, no gem. Copy it into your forum.
#
#   sidecar = Sidecar.new("http://127.0.0.1:8091", token)
#   page = sidecar.visible(viewer, posts.map { |post| { id: post.id, author: post.author, community: post.forum,
#     thread: post.thread, created: post.created, edited: post.edited } })
#   show(posts.select { |post| page[:visible].include?(post.id) })
#
# Ids are strings, times are RFC 3339 with their zone, who else is quoted goes into an item's `authors`; at most 1,000
# items a call. Of `emergency` show the lines of your country and language. Whatever is no plain answer to this very
# question shows nothing and permits nothing. Ruby's own HTTP knows no Unix sockets: start the sidecar with `--port`.
require "json"
require "net/http"
require "securerandom"
require "timeout"

class Sidecar
  LARGEST = 1_048_576
  TOKENS = /"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:,]|-?[0-9][0-9.eE+-]*|true|false|null|[ \t\r\n]+/m

  def initialize(where, token, seconds: 1.0)
    raise ArgumentError, "give the sidecar as http://127.0.0.1:PORT" unless
      %r{\Ahttp://(127\.0\.0\.1|\[::1\]|localhost):[0-9]{1,5}\z}.match?(where)

    @where = URI(where)
    @token = token
    @seconds = seconds
  end

  # Which items the viewer may see (or do `action` to), how many not, and whom to call where something is hidden.
  # `would_hide` counts what is still shown because a community only observes so far.
  def visible(viewer, items, action = "view")
    told = ask("/visible", { viewer: viewer, action: action, items: items }) || {}
    ids = items.map { |item| item[:id] || item["id"] }
    visible = told["visible"]
    ours = visible.is_a?(Array) && visible.uniq.size == visible.size && (visible - ids).empty?
    left = ours ? ids.size - visible.size : ids.size
    return { visible: [], hidden: ids.size, would_hide: 0, emergency: [] } unless ours && told["hidden"] == left

    would_hide = told["would_hide"].is_a?(Integer) ? told["would_hide"] : 0
    { visible: visible, hidden: left, would_hide: would_hide, emergency: Array(told["emergency"]) }
  end

  # Whether the viewer may do one thing: may?("dan", "message", { type: "user", id: "ana" }).
  def may?(viewer, action, resource)
    question = { subject: { type: "user", id: viewer }, action: { name: action }, resource: resource }
    told = ask("/access/v1/evaluation", question)
    !told.nil? && told["decision"].equal?(true)
  end

  private

  def ask(path, question)
    id = SecureRandom.uuid
    status, type, echoed, body = Timeout.timeout(@seconds) { send_to(path, id, JSON.generate(question)) }
    plain = status == "200" && type.to_s.split(";").first.to_s.strip.downcase == "application/json"
    # Somebody else's answer, handed out by what stands between, is none.
    plain && echoed == id ? read_object(body) : nil
  rescue StandardError
    nil
  end

  def send_to(path, id, body)
    headers = { "Authorization" => "Bearer #{@token}", "Content-Type" => "application/json", "X-Request-ID" => id,
                "Accept-Encoding" => "identity" }
    # Without a proxy, whatever the environment says.
    http = Net::HTTP.new(@where.hostname, @where.port, nil)
    http.max_retries = 0
    told = +""
    reply = http.start do
      http.request(Net::HTTP::Post.new(path, headers).tap { |post| post.body = body }) do |came|
        came.read_body { |part| (told << part).bytesize > LARGEST && raise("too large") }
      end
    end
    raise "cut" unless reply["Content-Length"].to_i == told.bytesize

    [reply.code, reply["Content-Type"], reply["X-Request-ID"], told]
  end

  def read_object(bytes)
    text = bytes.force_encoding(Encoding::UTF_8)
    return nil unless text.valid_encoding?

    told = JSON.parse(text)
    told.is_a?(Hash) && names_once?(text) ? told : nil
  end

  # JSON.parse takes the last of two members of one name, another program the first: who is right?
  def names_once?(text)
    tokens = text.scan(TOKENS)
    open = []
    last = ""
    tokens.each do |token|
      case token
      when "{", "[" then open.push([])
      when "}", "]" then open.pop
      when ":"
        name = JSON.parse("[#{last}]").first
        return false if open.last.include?(name)

        open.last << name
      when /\A"/ then last = token
      end
    end
    tokens.join == text
  end
end
