package dev.roomline.bridge;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.Road;
import dev.roomline.bridge.call.Roads;
import dev.roomline.bridge.call.Switchboard;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.Version;
import dev.roomline.bridge.inbound.AccountBook;
import dev.roomline.bridge.inbound.AccountRegistrar;
import dev.roomline.bridge.inbound.InboundSettings;
import dev.roomline.bridge.inbound.LiveLoad;
import dev.roomline.bridge.inbound.Reception;
import dev.roomline.bridge.inbound.RouteHook;
import dev.roomline.bridge.lifecycle.RunState;
import dev.roomline.bridge.lifecycle.StartFault;
import dev.roomline.bridge.outbound.Dialer;
import dev.roomline.bridge.outbound.OutboundSettings;
import dev.roomline.bridge.outbound.RegisteredPhones;
import dev.roomline.bridge.outbound.TransferTargets;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.WebhookRow;
import dev.roomline.bridge.trace.HepFeed;
import dev.roomline.bridge.webhook.AskingRoutes;
import dev.roomline.bridge.webhook.GuardedHttp;
import dev.roomline.sip.auth.DigestAlgorithm;
import dev.roomline.sip.auth.DigestGuard;
import dev.roomline.sip.auth.DigestSettings;
import dev.roomline.sip.auth.SecretKeyFile;
import dev.roomline.sip.capture.Hep3;
import dev.roomline.sip.endpoint.EndpointSettings;
import dev.roomline.sip.transport.DatagramOutlet;
import dev.roomline.sip.transport.LocalAddresses;
import dev.roomline.sip.transport.SipApplication;
import dev.roomline.sip.transport.SipSignalling;
import dev.roomline.sip.transport.TlsSettings;
import dev.roomline.sip.transport.TransportSettings;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The SIP sockets and what is decided over them: who may call, which phones are registered, by
 * which ways calls are placed. Built by who starts the server; afterwards on the signalling loop.
 */
final class SipSide {
    private static final List<String> SERVED =
            Stream.concat(
                            EndpointSettings.SERVED.stream(),
                            Stream.of("REGISTER", "REFER", "NOTIFY"))
                    .toList();

    /** RFC 3891, and RFC 4488. */
    private static final Set<String> SUPPORTED = Set.of("replaces", "norefersub");

    final SipSignalling core;
    final AccountRegistrar registrar;
    private final Ground ground;
    private final Heart heart;
    private final DigestGuard guard;
    private final Reception reception;
    private final Dialer dialer;
    private final TransferTargets transfers;

    SipSide(Ground ground, OpenParts parts, Heart heart) throws StartFault, IOException {
        RoomlineConfig config = ground.config();
        this.ground = ground;
        this.heart = heart;
        SipApplication application = watched(parts);
        this.core =
                parts.keep("sip.udp, sip.tcp and sip.tls", () -> open(config, heart, application));
        this.guard = guard(config);
        AccountBook accounts = AccountBook.of(ground.store().accounts(), ground.blocking());
        this.reception = reception(accounts, hook(parts.keep(new GuardedHttp())));
        this.registrar =
                new AccountRegistrar(
                        config.sip().domains(),
                        guard,
                        accounts,
                        core::command,
                        heart.signal(),
                        heart.metrics().counters(),
                        heart.refusals());
        this.dialer =
                new Dialer(
                        OutboundSettings.of(config),
                        heart.trunks(),
                        new RegisteredPhones(registrar::phones, accounts),
                        heart.calls()::liveCount,
                        () -> notPlacing(ground.state()));
        this.transfers = new TransferTargets(OutboundSettings.of(config), heart.trunks());
        // bindings are taken back while there still are sockets
        parts.keep(() -> heart.loop().execute(heart.trunks()::stop));
    }

    /** Calls are taken and placed from here on; on the signalling loop. */
    void connect() {
        core.know(
                (source, nonce, nowNanos) ->
                        heart.dialplan().allows(source) || guard.gave(nonce, source, nowNanos));
        heart.calls().connect(core::command, reception);
        heart.calls().connect(registrar);
        heart.calls().connect(transfers);
        heart.calls().connect(dialer, roads(), heart.trunks()::concluded);
    }

    private RouteHook hook(GuardedHttp http) {
        Store store = ground.store();
        return new AskingRoutes(
                http::post,
                () -> store.webhooks().all().stream().map(WebhookRow::webhook).toList(),
                ground.blocking(),
                ground.clock(),
                heart.metrics().counters());
    }

    private Reception reception(AccountBook accounts, RouteHook hook) {
        return new Reception(
                new InboundSettings(
                        ground.config().sip().domains(),
                        ground.config().limits().maxCalls(),
                        ground.config().limits().invitesPerSecond(),
                        ground.config().media().codecs(),
                        ground.config().media().encryption()),
                heart.dialplan(),
                heart.secrets(),
                guard,
                accounts,
                heart.codes(),
                heart.directory(),
                load(heart.calls(), ground.state()),
                heart.signal(),
                hook);
    }

    private static DigestGuard guard(RoomlineConfig config) throws IOException {
        List<DigestAlgorithm> algorithms =
                config.sip().digest().stream()
                        .map(
                                name ->
                                        name.equals("sha-256")
                                                ? DigestAlgorithm.SHA_256
                                                : DigestAlgorithm.MD5)
                        .toList();
        return new DigestGuard(
                DigestSettings.of(config.sip().realm(), config.sip().challenge(), algorithms),
                SecretKeyFile.loadOrCreate(config.dataDir().resolve("nonce.key")),
                new SecureRandom().nextLong());
    }

    private static LiveLoad load(Switchboard calls, RunState state) {
        return new LiveLoad() {
            @Override
            public int calls() {
                return calls.liveCount();
            }

            @Override
            public long callsOfTrunk(String trunkId) {
                return calls.callsOfTrunk(trunkId);
            }

            @Override
            public boolean draining() {
                return state.draining();
            }
        };
    }

    private static SipSignalling open(
            RoomlineConfig config, Heart heart, SipApplication application) throws IOException {
        return SipSignalling.open(
                heart.loop(),
                TransportSettings.of(
                                config.network().bind(),
                                config.network().publicAddresses(),
                                offIfZero(config.sip().udp()),
                                offIfZero(config.sip().tcp()))
                        .with(
                                TlsSettings.of(
                                        offIfZero(config.sip().tls()),
                                        config.sip().tlsCertificates(),
                                        config.sip().tlsKeys())),
                local ->
                        EndpointSettings.of("Roomline/" + Version.current(), local)
                                .serving(SERVED)
                                .supporting(SUPPORTED)
                                .withSessionExpires(config.sip().sessionExpires().toSeconds()),
                new SecureRandom(),
                application);
    }

    /** With a Homer server, who copies its messages there stands in front of the calls. */
    private SipApplication watched(OpenParts parts) throws IOException {
        RoomlineConfig.Hep hep = ground.config().hep();
        if (hep.host().isEmpty()) {
            return heart.calls();
        }
        DatagramOutlet outlet = parts.keep(DatagramOutlet.open(hep.host(), hep.port()));
        HepFeed feed =
                parts.keep(
                        new HepFeed(
                                new Hep3.Agent(hep.captureId(), hep.password().value()),
                                heart.secrets(),
                                datagram -> outlet.send(datagram, System.nanoTime()),
                                heart.metrics().counters()));
        feed.start();
        return new Watched(heart.calls(), feed, ground.clock());
    }

    private static int offIfZero(int port) {
        return port == 0 ? TransportSettings.OFF : port;
    }

    /** Why no call is placed now. */
    private static Optional<EndReason> notPlacing(RunState state) {
        if (state.draining()) {
            return Optional.of(EndReason.DRAINING);
        }
        return state.overloadedBecause().isEmpty()
                ? Optional.empty()
                : Optional.of(EndReason.OVERLOADED);
    }

    private Roads roads() {
        LocalAddresses ours = core.localAddresses();
        return (uri, found) ->
                core.resolve(
                        uri,
                        targets -> found.accept(Road.among(targets, ours::serves, ours::toward)));
    }
}
