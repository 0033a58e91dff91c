"""The catalogue of everything that can be chosen."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.presenters.catalog import present_catalog
from app.schemas.catalog import CatalogReply
from app.services import services

router = APIRouter(tags=["catalogue"])


@router.get("/catalog")
async def get_catalog(request: Request) -> CatalogReply:
    """Every activation, loss, optimizer, initializer, data set and preset, with labels, TeX and ranges."""
    return present_catalog(services(request).settings)
