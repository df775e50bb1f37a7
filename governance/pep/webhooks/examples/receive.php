<?php
// A receiver of hints in PHP 8 with sodium, which comes with it. KEYS: what `POST /v1/webhooks` showed as `public_keys`.
declare(strict_types=1);

const WINDOW_SECONDS = 300;
const LARGEST = 65536;

function check_hint(array $server, string $body, array $keys, int $now): ?array
{
    $id = $server['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $server['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!preg_match('/\A[!-\-\/-~]{1,128}\z/', $id) || !preg_match('/\A[0-9]{1,11}\z/', $timestamp)) {
        return null;
    }
    if (abs($now - (int) $timestamp) > WINDOW_SECONDS || strlen($body) > LARGEST) {
        return null;
    }
    // The bytes as they came: JSON that was read and written again has another signature.
    $signed = "$id.$timestamp.$body";
    $parts = array_slice(explode(' ', $server['HTTP_WEBHOOK_SIGNATURE'] ?? ''), 0, 16);
    foreach ($parts as $part) {
        $signature = str_starts_with($part, 'v1a,') ? base64_decode(substr($part, 4), true) : false;
        if ($signature === false || strlen($signature) !== SODIUM_CRYPTO_SIGN_BYTES) {
            continue;
        }
        foreach ($keys as $key) {
            $public = base64_decode(substr($key, strlen('whpk_')), true);
            if ($public !== false && strlen($public) === SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES
                && sodium_crypto_sign_verify_detached($signature, $signed, $public)) {
                $hint = json_decode($body, true);
                return is_array($hint) && ($hint['id'] ?? null) === $id ? $hint : null;
            }
        }
    }
    return null;
}

$hint = check_hint($_SERVER, file_get_contents('php://input') ?: '', explode(' ', getenv('KEYS') ?: ''), time());
http_response_code($hint === null ? 400 : 204);
// Here: have your follower of GET /v1/changes look now, instead of at its next turn. A hint says no more than that.
