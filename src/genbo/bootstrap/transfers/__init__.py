"""Transfers (移転) as institutions order them: judged, explained, signed outside or inside, accepted many at once."""
