"""Every setting, from the environment only (`HANDRAIL_…`). Documented by docs/reference/settings.md, made from here."""

from enum import StrEnum
from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent


class Mode(StrEnum):
    DEMO = "demo"  # invented people; nothing leaves the machine
    TRIAL = "trial"  # only the addresses in HANDRAIL_TRIAL_ADDRESSES get anything
    LIVE = "live"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="HANDRAIL_", extra="ignore")

    mode: Mode = Field(Mode.TRIAL, description="demo, trial or live.")
    database_url: str = Field(
        "", description="PostgreSQL as postgresql+psycopg://…; empty: a server of our own in the data folder."
    )
    data_folder: Path = Field(
        Path(platformdirs.user_data_path("handrail")),
        description="Where the local database and demo keys are kept.",
    )
    spool_folder: Path | None = Field(
        None,
        description="Where texts wait while PostgreSQL is away; on a disk that outlives the process. "
        "Not set: `spool` in the data folder.",
    )
    spool_megabytes: int = Field(1024, ge=1, description="The most that texts waiting on disk may take.")
    master_key: str = Field(
        "",
        description="32 bytes in base64 that wrap every person's key. Keep it apart from the database's backups.",
    )
    public_url: str = Field(
        "http://localhost:8000", description="Where people and providers reach us; no slash at the end."
    )
    host: str = Field("127.0.0.1", description="Address to serve on.")
    port: int = Field(8000, description="Port to serve on.")
    secure_cookies: bool = Field(True, description="Send cookies over HTTPS only. Off for http://localhost.")
    flows_folder: Path = Field(ROOT / "flows", description="The texts and rules.")
    bot_url: str = Field(
        "http://127.0.0.1:5005",
        min_length=1,
        description="Where the assistant answers; several addresses, with spaces between them, are asked in turn.",
    )
    bot_token: str = Field("", description="Bearer token that the assistant asks for.")
    twilio_account_sid: str = Field("", description="Twilio account; empty: no SMS through Twilio.")
    twilio_auth_token: str = Field("", description="Twilio auth token; also verifies its webhooks.")
    twilio_api_url: str = Field("", description="Another address of Twilio's API, for tests.")
    telegram_token: str = Field("", description="Telegram bot token; empty: no Telegram.")
    telegram_bot: str = Field("", description="The bot's name: the address of its line.")
    telegram_secret: str = Field("", description="Secret that Telegram sends with each webhook call.")
    telegram_api_url: str = Field("", description="Another address of the Bot API, for tests or a local server.")
    telegram_polling: bool = Field(False, description="Ask Telegram for texts instead of a webhook: for a laptop.")
    oidc_issuer: str = Field(
        "", description="OpenID provider that workers may sign in with (its https address); empty: passwords only."
    )
    oidc_client_id: str = Field("", description="Our client id at that provider.")
    oidc_client_secret: str = Field("", description="Our client secret at that provider.")
    oidc_name: str = Field("your agency's account", description="As the button says it: Sign in with …")
    oidc_second_factor: str = Field(
        "",
        description="Words in the provider's `amr` or `acr` that count as a second factor, with spaces between them "
        "(such as `mfa`); empty: our own code always follows.",
    )
    clamav: str = Field(
        "", description="Where clamd answers, as host:port or the path of its socket; empty: files are not scanned."
    )
    speech: str = Field(
        "",
        description="What writes down voice messages, as a draft: `moonshine` (English; install the extra `speech`); "
        "empty: nothing does, and people listen to them.",
    )
    trial_addresses: list[str] = Field(default_factory=list, description="Addresses that get texts in trial mode.")
    security_contact: str = Field(
        "", description="mailto: or https: address in /.well-known/security.txt; empty: the page is not there."
    )
    log_json: bool = Field(False, description="Logs as JSON lines.")
    debug: bool = Field(False, description="Show where in the code a command failed.")


def load() -> Settings:
    return Settings()
