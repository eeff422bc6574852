"""One feature, one word, one cog: parse, one service call, answer."""
