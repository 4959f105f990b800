"""`genbo redemption`, `genbo split`, `genbo additional-issue`: what an issuer decides about units."""
