"""Every limit and switch of the server, each with its default; the environment overrides them."""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Settings read from variables such as DELTABOARD_PORT; sizes are bytes, times seconds."""

    model_config = SettingsConfigDict(
        env_prefix="DELTABOARD_",
        extra="ignore",
        frozen=True,
        # A message about a setting must not print the access code.
        hide_input_in_errors=True,
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    # Names under which a browser may reach the server; anything else is refused (DNS rebinding).
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1", "localhost", "[::1]")

    # What is logged on standard error: from info on every request, by its route.
    log_level: Literal["critical", "error", "warning", "info", "debug"] = "warning"
    log_format: Literal["text", "json"] = "text"
    # Who asks whether the server is ready waits for the compute thread no longer than this.
    ready_seconds: Annotated[float, Field(gt=0)] = 5.0
    # What others type to reach the server, such as http://192.168.0.5:8000, where it cannot know: in a
    # container, behind a proxy.
    public_address: Annotated[str | None, Field(pattern=r"^https?://[A-Za-z0-9.:\[\]-]+$")] = None
    # Who serves other machines asks for this code; where none is given, one is made at the start.
    access_token: SecretStr | None = None
    # An address that has sent so many wrong codes is refused until so many seconds after the first of them.
    max_wrong_codes: Annotated[int, Field(ge=1)] = 10
    wrong_code_seconds: Annotated[float, Field(gt=0)] = 60.0
    # For how long a browser need not give the code again, and whether its cookie is for https alone.
    access_cookie_seconds: Annotated[int, Field(ge=60)] = 30 * 24 * 3600
    access_cookie_secure: bool = False

    max_body_bytes: Annotated[int, Field(ge=1024)] = 1_100_000
    max_json_bytes: Annotated[int, Field(ge=1024)] = 64 * 1024
    # Creating a session and sending a data set may carry a table of samples.
    max_data_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    max_json_depth: Annotated[int, Field(ge=1, le=500)] = 64
    max_json_members: Annotated[int, Field(ge=1)] = 1000
    # Whoever takes longer to send a request is hung up on.
    request_seconds: Annotated[float, Field(gt=0)] = 30.0

    # Where sessions are kept; `:memory:`: nowhere, they end with the server. None: a server takes this user's
    # own directory for data, an application that is made with settings (a test's) keeps them in memory.
    data_dir: str | None = None
    # `full` waits for the disk with every change: nothing is lost when the power goes either.
    synchronous: Literal["normal", "full"] = "normal"
    max_store_bytes: Annotated[int, Field(ge=65_536)] = 4_000_000_000
    # A session that trains by itself is stored at least this often.
    checkpoint_seconds: Annotated[float, Field(gt=0)] = 0.8
    # All that are kept, and those of them that are in memory; the others are on the disk alone.
    max_sessions: Annotated[int, Field(ge=1)] = 10_000
    max_live_sessions: Annotated[int, Field(ge=1)] = 1000
    max_live_bytes: Annotated[int, Field(ge=1)] = 512_000_000
    # Unused for so long, a session is no longer in memory; for so long, it is forgotten.
    session_idle_seconds: Annotated[float, Field(gt=0)] = 3600.0
    session_kept_seconds: Annotated[float, Field(gt=0)] = 86_400.0
    # How long a caller is asked to wait when the server is full.
    retry_after_seconds: Annotated[int, Field(ge=1)] = 30
    max_queued_commands: Annotated[int, Field(ge=1)] = 2000

    max_steps_per_call: Annotated[int, Field(ge=1)] = 1000
    # One turn of a long call is about this many multiplications: no caller holds up the others.
    quantum_operations: Annotated[int, Field(ge=1)] = 3_000_000
    # One turn of a session's training; a command waits for at most one.
    quantum_seconds: Annotated[float, Field(gt=0, le=1)] = 0.0015
    # Frames take at most about this share of a training session's time: large ones come less often.
    frame_share: Annotated[float, Field(gt=0, le=1)] = 0.1
    # And those of all sessions together at most this share of the compute thread's.
    frames_share: Annotated[float, Field(gt=0, le=1)] = 0.3
    # A frame's map is coarser where it would take more multiplications than this.
    frame_operations: Annotated[int, Field(ge=1)] = 20_000_000
    max_run_epochs: Annotated[int, Field(ge=1)] = 10_000_000
    max_steps_per_second: Annotated[float, Field(gt=0)] = 100_000.0
    max_frames_per_second: Annotated[float, Field(gt=0)] = 60.0
    max_frame_resolution: Annotated[int, Field(ge=2)] = 100
    # Open streams of all sessions together.
    max_streams: Annotated[int, Field(ge=1)] = 1000
    # A run that was watched pauses when nobody has watched it for so long.
    unwatched_run_seconds: Annotated[float, Field(gt=0)] = 60.0
    # A stream says something at least this often; one that takes nothing for so long is given up.
    keep_alive_seconds: Annotated[float, Field(gt=0)] = 10.0
    unread_stream_seconds: Annotated[float, Field(gt=0)] = 30.0
    idempotency_keys_kept: Annotated[int, Field(ge=1)] = 16
    max_boundary_resolution: Annotated[int, Field(ge=2)] = 200
    # The micro-steps of a larger network are told one neuron at a time: all of them would be megabytes.
    max_parameters_told_at_once: Annotated[int, Field(ge=1)] = 1000
    # An import repeats a session's updates before it answers: this many, and this many multiplications.
    max_import_steps: Annotated[int, Field(ge=1)] = 1_000_000
    max_import_operations: Annotated[int, Field(ge=1)] = 50_000_000_000
    max_predict_rows: Annotated[int, Field(ge=1)] = 1000

    @field_validator("access_token")
    @classmethod
    def _strong(cls, value: SecretStr | None) -> SecretStr | None:
        """Refuse a code that is soon guessed, or that does not fit into a header as it is."""
        if value is not None and not re.fullmatch(r"[\x21-\x7e]{8,128}", value.get_secret_value()):
            raise ValueError("must be 8 to 128 letters, digits and signs (ASCII), without spaces")
        return value

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Let the environment give the hosts as `a.example,b.example` or as a JSON list."""
        if not isinstance(value, str):
            return value
        # A JSON list starts with a quote after its bracket, an IPv6 address such as [::1] does not.
        if value.replace(" ", "").startswith(('["', "[]")):
            value = ",".join(json.loads(value))
        return tuple(part.strip().lower() for part in value.split(",") if part.strip())
