"""The contract: what a request may say and what a reply says, as pydantic models."""
