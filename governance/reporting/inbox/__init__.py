"""The reporter's way back: by the receipt code to the answers, two-way, anonymous too."""
