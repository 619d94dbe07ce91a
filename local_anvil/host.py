"""The web server on this machine: the page and its calls, HTTP endpoints, and the uplink.

It listens on 127.0.0.1 only, which keeps other machines out but not other pages of the same browser: so every request
must name this host (against DNS rebinding), must not come from another origin, and a call must bring the page's token.
"""

import asyncio
import contextlib
import hmac
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from aiohttp import web

from . import forms, page_call
from .bodies import Bodies
from .dispatch import Dispatcher
from .gateway import Gateway
from .keys import Keys
from .limits import Limits
from .refusal import Refusal
from .uplink import Uplinks
from .wire import MessageError

log = logging.getLogger("local_anvil")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ADDRESS = "127.0.0.1"
SWEEP_SECONDS = 5.0
SHUTDOWN_SECONDS = 3.0
ENDPOINTS = "/_/api"

HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Brython compiles Python to JavaScript in the page, hence 'unsafe-eval'; forms style their nodes.
CSP = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Host:
    """The stand-in's web server. `async with Host(...).running(port) as port:`"""

    def __init__(self, keys: Keys, app_dir: Path, limits: Limits | None = None, allow_origin: str = "") -> None:
        """`allow_origin`: whose pages may ask the HTTP endpoints, "*" for all; the workers' HTTP_ALLOW_ORIGIN."""
        self._allow_origin = allow_origin
        self._app_dir = app_dir
        self._token = secrets.token_urlsafe(24)
        self._dispatcher = Dispatcher(limits or Limits())
        self._uplinks = Uplinks(self._dispatcher, keys)
        self._bodies = Bodies(self._dispatcher.limits)
        self._gateway = Gateway(self._dispatcher, self._bodies)

    @contextlib.asynccontextmanager
    async def running(self, port: int) -> AsyncIterator[int]:
        """Listen on `port` of 127.0.0.1 (0: any that is free), and give the port.

        Raises OSError where the port cannot be had, and forms.AppError where the app cannot be shown.
        """
        forms.page(self._app_dir, self._token)
        forms.bundle(self._app_dir)
        sweeper = asyncio.create_task(self._sweep())
        try:
            async with _listening(self._application(), port) as taken:
                yield taken
        finally:
            sweeper.cancel()

    @contextlib.asynccontextmanager
    async def answering(self, port: int) -> AsyncIterator[int]:
        """Answer the HTTP endpoints, and nothing else, on one more port: /x there is what /_/api/x is here.

        Raises OSError where the port cannot be had.
        """
        app = web.Application(middlewares=[self._guard])
        app.router.add_route("*", ENDPOINTS + "/{path:(?s:.*)}", self._endpoint)
        app.router.add_route("*", "/{path:(?s:.*)}", self._endpoint)
        async with _listening(app, port) as taken:
            yield taken

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/_/bundle.js", self._bundle),
                web.get("/_/runtime/brython.js", self._runtime),
                web.post("/_/call", self._call),
                web.get("/_/uplink", self._uplinks.handle, allow_head=False),
                web.route("*", ENDPOINTS + "/{path:(?s:.*)}", self._endpoint),
            ]
        )
        assets = self._app_dir / "theme" / "assets"
        if assets.is_dir():
            app.router.add_static("/_/theme", assets)
        app.on_shutdown.append(lambda _: self._uplinks.close())
        return app

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self._dispatcher.sweep()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            self._check_source(request)
            response = await handler(request)
        except Refusal as refusal:
            response = refusal.response()
        except web.HTTPException as error:
            response = Refusal(error.status, "anvil.server.InternalError", error.reason).response()
        except forms.AppError as error:
            # Said here too: of a script that does not load a browser shows no text.
            log.warning("The app cannot be shown: %s", error)
            response = Refusal(500, "AppError", str(error)).response()
        if not response.prepared:
            response.headers.update({name: HEADERS[name] for name in HEADERS if name not in response.headers})
        return response

    def _check_source(self, request: web.Request) -> None:
        _, port = request.get_extra_info("sockname", ("", 0))
        hosts = {f"{name}:{port}" for name in (ADDRESS, "localhost")}
        if request.headers.getall("Host", []) not in [[host] for host in hosts]:
            raise Refusal(403, "anvil.server.PermissionDenied", "This host answers only to its own address")
        scheme = "ws" if request.path == "/_/uplink" else "http"
        origins = {f"{scheme}://{host}" for host in hosts}
        if request.match_info.handler == self._endpoint:
            origins.add(self._allow_origin)
        if not origins.issuperset(request.headers.getall("Origin", [])) and "*" not in origins:
            raise Refusal(403, "anvil.server.PermissionDenied", "Pages of other origins are not served")

    async def _page(self, _: web.Request) -> web.Response:
        text = forms.page(self._app_dir, self._token)
        headers = {"Content-Security-Policy": CSP, "Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def _bundle(self, _: web.Request) -> web.Response:
        text = await asyncio.to_thread(forms.bundle, self._app_dir)
        headers = {"Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/javascript", headers=headers)

    async def _runtime(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(str(files("brython").joinpath("data", "brython.js")))

    async def _call(self, request: web.Request) -> web.Response:
        token = request.headers.get("X-Page-Token", "").encode(errors="replace")
        if not hmac.compare_digest(token, self._token.encode()):
            raise Refusal(403, "anvil.server.SessionExpiredError", "The host was started again. Reload the page.")
        async with self._bodies.read(request) as body:
            try:
                call = page_call.PageRequest.read(request.headers.get("X-Sizes", ""), body)
            except MessageError as error:
                raise Refusal(400, "BadRequest", str(error)) from None
            answer = await page_call.answer(call, self._dispatcher)
        return web.json_response(answer, headers={"Cache-Control": "no-store"})

    async def _endpoint(self, request: web.Request) -> web.Response:
        return await self._gateway.handle(request, request.rel_url.raw_path.removeprefix(ENDPOINTS))


@contextlib.asynccontextmanager
async def _listening(app: web.Application, port: int) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, ADDRESS, port).start()
        taken: int = runner.addresses[0][1]
        yield taken
    finally:
        await runner.cleanup()
