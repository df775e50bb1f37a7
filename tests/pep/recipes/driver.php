<?php
require $argv[1];
while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true);
    $began = microtime(true);
    try {
        $said = (new Sidecar($asked['where'], $asked['token'], 0.7))->{$asked['call']}(...$asked['given']);
    } catch (InvalidArgumentException) {
        $said = 'refused';
    }
    echo json_encode($said), ' ', (int) ((microtime(true) - $began) * 1000), "\n";
}
