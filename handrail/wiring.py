"""The composition root: the only file that knows everyone. Chooses every real part; tests call the same with theirs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fastapi import APIRouter, FastAPI

from handrail.settings import Mode, Settings
from hub.clock import SystemClock
from hub.core import Hub
from hub.errors import BadSettings
from hub.flows import Flows
from hub.ports import Assistant, Channel, Channels, Clock, Files, IdentityProvider, Transcriber
from hub.spool.doors import Doors
from hub.spool.folder import Folder
from hub.store.engine import Store
from hub.store.local_postgres import LocalPostgres
from hub.store.vault import Vault
from hub.words import ChannelKind
from inbox.api import router as api_router
from inbox.app import WebSettings, create_app
from integrations.assistant.rasa import RasaAssistant
from integrations.assistant.replicas import Replicas
from integrations.case_systems.door import CaseFiles
from integrations.channels.registry import ChannelRegistry
from integrations.channels.sms_twilio.channel import TwilioSms
from integrations.channels.sms_twilio.webhook import router as twilio_router
from integrations.channels.telegram.channel import TelegramChannel
from integrations.channels.telegram.webhook import router as telegram_router
from integrations.channels.trial import OnlyListed
from integrations.channels.webchat.channel import WebChat
from integrations.files.clamav import ScannedFirst
from integrations.files.clean import Cleaner
from integrations.identity.oidc import OpenIdProvider
from integrations.speech import moonshine


def build_hub(
    settings: Settings,
    database_url: str,
    *,
    clock: Clock | None = None,
    assistant: Assistant | None = None,
    channels: Channels | None = None,
    files: Files | None = None,
) -> Hub:
    """The hub with its real parts, or with those that are given."""
    clock = clock or SystemClock()
    return Hub(
        store=Store(database_url),
        vault=Vault.from_text(master_key(settings)),
        flows=Flows.read(settings.flows_folder),
        clock=clock,
        assistant=assistant or the_assistant(settings, clock),
        channels=channels or real_channels(settings, clock),
        files=files or the_files(settings),
        public_url=settings.public_url,
        transcriber=the_transcriber(settings),
    )


def the_transcriber(settings: Settings) -> Transcriber | None:
    """What writes down voice messages. Raises `BadSettings` for one that is not known or not installed."""
    if not settings.speech:
        return None
    if settings.speech != moonshine.NAME:
        raise BadSettings(f"HANDRAIL_SPEECH is {settings.speech!r}: only `{moonshine.NAME}` is known.")
    if not moonshine.is_installed():
        raise BadSettings("HANDRAIL_SPEECH=moonshine needs the extra: install `handrail[speech]`.")
    return moonshine.Moonshine()


def the_files(settings: Settings) -> Files:
    return ScannedFirst(Cleaner(), settings.clamav) if settings.clamav else Cleaner()


def the_assistant(settings: Settings, clock: Clock) -> Assistant:
    return Replicas([RasaAssistant(url, settings.bot_token, clock=clock) for url in settings.bot_url.split()])


def real_channels(settings: Settings, clock: Clock) -> Channels:
    by_kind: dict[ChannelKind, Channel] = {ChannelKind.WEBCHAT: WebChat()}
    if settings.twilio_account_sid:
        by_kind[ChannelKind.SMS] = twilio(settings, clock)
    if settings.telegram_token:
        by_kind[ChannelKind.TELEGRAM] = telegram(settings, clock)
    registry = ChannelRegistry(by_kind)
    return registry if settings.mode is Mode.LIVE else OnlyListed(registry, settings.trial_addresses)


def twilio(settings: Settings, clock: Clock) -> TwilioSms:
    return TwilioSms(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        status_callback_url=f"{settings.public_url}/webhooks/sms/status",
        clock=clock,
        api_base_url=settings.twilio_api_url or None,
    )


def telegram(settings: Settings, clock: Clock) -> TelegramChannel:
    return TelegramChannel(
        settings.telegram_token,
        line_address=settings.telegram_bot,
        secret_token=settings.telegram_secret,
        clock=clock,
        base_url=settings.telegram_api_url or None,
    )


def build_web(settings: Settings, hub: Hub, *, routers: Sequence[APIRouter] = ()) -> FastAPI:
    """The web with the doors of every channel that is set up."""
    doors = Doors(hub, spool(settings, hub.vault))
    mounted: list[APIRouter] = []
    if settings.twilio_account_sid:
        mounted.append(twilio_router(twilio(settings, hub.clock), doors.accept, doors.record_receipt))
    if settings.telegram_token and not settings.telegram_polling:
        mounted.append(telegram_router(telegram(settings, hub.clock), doors.accept))
    mounted += [api_router(hub, fictional=settings.mode is Mode.DEMO), *routers]
    identity = identity_provider(settings, hub.clock)
    imports = CaseFiles(hub, fictional=settings.mode is Mode.DEMO)
    shown = web_settings(settings)
    return create_app(hub, doors=doors, identity=identity, imports=imports, routers=mounted, settings=shown)


def identity_provider(settings: Settings, clock: Clock) -> IdentityProvider | None:
    """Where workers have an account too. Raises `BadSettings` when it is half set up."""
    if not settings.oidc_issuer:
        return None
    if not (settings.oidc_client_id and settings.oidc_client_secret):
        raise BadSettings("Set HANDRAIL_OIDC_CLIENT_ID and HANDRAIL_OIDC_CLIENT_SECRET, or unset HANDRAIL_OIDC_ISSUER.")
    return OpenIdProvider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        clock=clock,
        name=settings.oidc_name,
        second_factor=frozenset(settings.oidc_second_factor.split()),
    )


def spool(settings: Settings, vault: Vault) -> Folder:
    folder = settings.spool_folder or settings.data_folder / "spool"
    return Folder(folder, vault.spool, room=settings.spool_megabytes << 20)


def web_settings(settings: Settings) -> WebSettings:
    return WebSettings(
        secure_cookies=settings.secure_cookies,
        public_url=settings.public_url,
        demo=settings.mode is Mode.DEMO,
        fictional=settings.mode is Mode.DEMO,
        trial_addresses=frozenset(settings.trial_addresses) if settings.mode is Mode.TRIAL else None,
        security_contact=settings.security_contact,
    )


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database: the one that is set, else a server of our own, stopped cleanly at the end."""
    if settings.database_url:
        yield settings.database_url
        return
    with LocalPostgres(settings.data_folder / "postgres") as server:
        yield server.url()


def master_key(settings: Settings) -> str:
    """The master key that is set. The demo alone may make its own, kept in its data folder.

    Raises
    ------
    BadSettings
        when none is set outside the demo.
    """
    if settings.master_key or settings.mode is not Mode.DEMO:
        if not settings.master_key:
            raise BadSettings("HANDRAIL_MASTER_KEY is not set: make one with `handrail keys master`.")
        return settings.master_key
    kept = settings.data_folder / "demo-master-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(Vault.new_master_key())
    return kept.read_text()
