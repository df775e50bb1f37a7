<?php
// Asks the sidecar on this machine what may be shown: PHP 8.1 or later, no extension. Copy it into your forum.
//
//   $sidecar = new Sidecar('http://127.0.0.1:8091', $token);
//   $page = $sidecar->visible($viewer, array_map(fn ($post) => ['id' => $post->id, 'author' => $post->author,
//       'community' => $post->forum, 'thread' => $post->thread, 'created' => $post->created, 'edited' => $post->edited],
//       $posts));
//   show(array_filter($posts, fn ($post) => in_array($post->id, $page['visible'], true)));
//
// Ids are strings, times are RFC 3339 with their zone, who else is quoted goes into an item's `authors`; at most 1,000
// items a call. Of `emergency` show the lines of your country and language. Whatever is no plain answer to this very
// question shows nothing and permits nothing. PHP's own HTTP knows no Unix sockets: start the sidecar with `--port`. Its
// time-out begins anew with every piece of the answer's head; only the rest is bounded as a whole.
declare(strict_types=1);

final class Sidecar
{
    private const LARGEST = 1048576;
    private const TOKENS = '/"[^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+"|[{}\[\]:,]|-?[0-9][0-9.eE+-]*|true|false|null|[ \t\r\n]+/s';

    public function __construct(
        private string $where,
        #[\SensitiveParameter] private string $token,
        private float $seconds = 1.0,
    ) {
        if (!preg_match('~\Ahttp://(127\.0\.0\.1|\[::1\]|localhost):[0-9]{1,5}\z~', $where)) {
            throw new InvalidArgumentException('give the sidecar as http://127.0.0.1:PORT');
        }
    }

    /**
     * Which items the viewer may see (or do `$action` to), how many not, and whom to call where something is hidden.
     * `would_hide` counts what is still shown because a community only observes so far.
     */
    public function visible(string $viewer, array $items, string $action = 'view'): array
    {
        $items = array_values($items);
        $told = $this->ask('/visible', ['viewer' => $viewer, 'action' => $action, 'items' => $items]);
        $left = array_column($items, 'id');
        $visible = $told['visible'] ?? null;
        $ours = is_array($visible);
        foreach ($ours ? $visible : [] as $id) {
            $place = array_search($id, $left, true);
            $ours = $ours && $place !== false;
            unset($left[$place]);
        }
        if (!$ours || ($told['hidden'] ?? null) !== count($left)) {
            return ['visible' => [], 'hidden' => count($items), 'would_hide' => 0, 'emergency' => []];
        }
        $would = is_int($told['would_hide'] ?? null) ? $told['would_hide'] : 0;
        $emergency = is_array($told['emergency'] ?? null) ? $told['emergency'] : [];
        return ['visible' => $visible, 'hidden' => count($left), 'would_hide' => $would, 'emergency' => $emergency];
    }

    /** Whether the viewer may do one thing: may('dan', 'message', ['type' => 'user', 'id' => 'ana']). */
    public function may(string $viewer, string $action, array $resource): bool
    {
        $question = ['subject' => ['type' => 'user', 'id' => $viewer], 'action' => ['name' => $action],
            'resource' => $resource];
        return ($this->ask('/access/v1/evaluation', $question)['decision'] ?? null) === true;
    }

    private function ask(string $path, array $question): ?array
    {
        try {
            $id = bin2hex(random_bytes(16));
            [$head, $body] = $this->send($path, $id, json_encode($question, JSON_THROW_ON_ERROR));
            $type = strtolower(trim(explode(';', $head['content-type'] ?? '')[0]));
            $plain = $head['status'] === '200' && $type === 'application/json';
            // Somebody else's answer, handed out by what stands between, is none.
            return $plain && ($head['x-request-id'] ?? '') === $id ? self::readObject($body) : null;
        } catch (JsonException | RuntimeException) {
            return null;
        }
    }

    private function send(string $path, string $id, string $body): array
    {
        $ends = microtime(true) + $this->seconds;
        $headers = ["Authorization: Bearer {$this->token}", 'Content-Type: application/json', "X-Request-ID: $id"];
        $http = ['method' => 'POST', 'header' => $headers, 'content' => $body, 'timeout' => $this->seconds,
            'follow_location' => 0, 'ignore_errors' => true, 'protocol_version' => 1.1];
        // What goes wrong is told by `false`: a warning would name the address in a log.
        $line = @fopen($this->where . $path, 'rb', false, stream_context_create(['http' => $http]));
        if ($line === false) {
            throw new RuntimeException('the sidecar does not answer');
        }
        $told = '';
        while (!feof($line) && strlen($told) <= self::LARGEST) {
            $part = fread($line, 65536);
            if ($part === false || microtime(true) > $ends || stream_get_meta_data($line)['timed_out']) {
                throw new RuntimeException('the sidecar takes too long');
            }
            $told .= $part;
        }
        $head = self::readHead(stream_get_meta_data($line)['wrapper_data']);
        fclose($line);
        if (strlen($told) > self::LARGEST || (int) ($head['content-length'] ?? -1) !== strlen($told)) {
            throw new RuntimeException('the answer was cut, or is too large');
        }
        return [$head, $told];
    }

    private static function readHead(array $lines): array
    {
        $head = ['status' => explode(' ', $lines[0])[1] ?? ''];
        foreach (array_slice($lines, 1) as $line) {
            [$name, $value] = explode(':', $line, 2) + ['', ''];
            $name = strtolower(trim($name));
            $head[$name] = isset($head[$name]) ? "{$head[$name]}, " . trim($value) : trim($value);
        }
        return $head;
    }

    private static function readObject(string $text): ?array
    {
        // With objects as objects: as arrays, a map could pass for a list.
        $told = json_decode($text, false, 32, JSON_THROW_ON_ERROR);
        return is_object($told) && self::namesOnce($text) ? (array) $told : null;
    }

    // json_decode takes the last of two members of one name, another program the first: who is right?
    private static function namesOnce(string $text): bool
    {
        preg_match_all(self::TOKENS, $text, $found);
        $open = [];
        $last = '';
        foreach ($found[0] as $token) {
            if ($token === '{' || $token === '[') {
                $open[] = [];
            } elseif ($token === '}' || $token === ']') {
                array_pop($open);
            } elseif ($token === ':') {
                $name = json_decode($last);
                if (in_array($name, $open[count($open) - 1], true)) {
                    return false;
                }
                $open[count($open) - 1][] = $name;
            } elseif ($token[0] === '"') {
                $last = $token;
            }
        }
        return implode('', $found[0]) === $text;
    }
}
