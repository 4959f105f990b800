"""Sight (閲覧窓口): the one place where an institution asks what it may see (invariant 11)."""

from genbo.bootstrap.sight.desk import InstitutionDesk, SeenRegister, SeenTrade, Side

__all__ = ["InstitutionDesk", "SeenRegister", "SeenTrade", "Side"]
