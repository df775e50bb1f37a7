"""Proof of who somebody is, before anything is loosened: at their forum, by a PIN or by a passkey."""
